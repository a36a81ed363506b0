import { asChanges } from '../traces/slice.ts';
import type { Edit, Move } from '../traces/trace.ts';
import { Document } from './document.ts';
import { afterEdit, ghostOf, type Suggestion } from './suggestion.ts';
import { host, type InlineCompletionItem, InlineCompletionTriggerKind, Selection, type TextEditor } from './vscode.ts';

/** VS Code asks so long after a change, unless another comes. (`LanguageFeatureDebounceService`, 50 ms for inline completions.) */
const askAfterMs = 50;

/** What is to be seen of the ghost text. */
export interface Spectator {
	/** Ghost text appears, or takes the place of other that was there until now. */
	shown(ghost: string, last: string | undefined, suggested: Suggested): void;
	/** It goes although the user did nothing against it. */
	withdrawn(ghost: string): void;
}

/** What is suggested from the cursor on, in place of so many characters after it. */
export interface Suggested {
	readonly text: string;
	readonly replaces: number;
}

/**
 * One window of VS Code, as far as ghost text goes (`inlineCompletionsModel.ts`, `inlineCompletionsSource.ts`): every edit takes the last
 * question back, 50 ms later the providers are asked; an answer to a question that was not taken back is shown, also when it is that
 * there is none; what is shown stays while it is typed, and goes when anything else is typed or the cursor goes elsewhere.
 */
export class Editor {
	readonly #documents = new Map<string, Document>();
	readonly #spectator: Spectator;
	readonly #pause: () => Promise<void>;
	readonly #placed: (text: string, cursor: number) => void;
	#active: { readonly document: Document; anchor: number; cursor: number } | undefined;
	#question: { isTakenBack: boolean; readonly listeners: Set<() => void> } | undefined;
	#asking: ReturnType<typeof setTimeout> | undefined;
	#suggestion: Suggestion | undefined;
	visible: string | undefined;

	/**
	 * `pause` lets listeners finish that react to a change before the cursor moves. `placed` is told of every new text and cursor before
	 * they are.
	 */
	constructor(spectator: Spectator, pause: () => Promise<void>, placed: (text: string, cursor: number) => void) {
		this.#spectator = spectator;
		this.#pause = pause;
		this.#placed = placed;
		host.activeEditor = undefined;
		host.onTrigger = () => this.#ask();
	}

	/** Whoever is started next finds nothing open. */
	close(): void {
		this.#takeBack();
		this.#hide();
		host.activeEditor = undefined;
	}

	isActive(path: string): boolean {
		return this.#active?.document.uri.path === path;
	}

	/** Whether the cursor is there already, or in no position to go there. */
	isAt({ path, anchor, active }: Move): boolean {
		return !this.isActive(path) || (this.#active?.cursor === active && this.#active.anchor === anchor);
	}

	open(path: string, text: string): void {
		const document = new Document(path, text);
		this.#documents.set(path, document);
		host.opened.fire(document);
		if (this.isActive(path)) this.show(path);
	}

	show(path: string): void {
		const document = this.#documents.get(path);
		if (!document || document === this.#active?.document) return;
		this.#takeBack();
		this.#hide();
		this.#active = { document, anchor: 0, cursor: 0 };
		this.#placed(document.text, 0);
		host.activeEditor = this.#textEditor(this.#active);
		host.activated.fire(host.activeEditor);
	}

	async edit(edit: Edit): Promise<void> {
		const { path, cursor } = edit;
		const changes = asChanges(edit.changes);
		const document = this.#documents.get(path);
		if (!document) return;
		document.change(changes);
		const isActive = document === this.#active?.document;
		if (isActive) {
			this.#takeBack();
			this.#suggestion = this.#suggestion && afterEdit(this.#suggestion, edit);
			this.visible = this.#suggestion && ghostOf(this.#suggestion, document.text, cursor);
			if (this.visible === undefined) this.#suggestion = undefined;
			this.#placed(document.text, cursor);
		}
		host.changed.fire({ document, contentChanges: changes, reason: undefined });
		if (!isActive) return;
		await this.#pause();
		this.#select(cursor, cursor);
		this.#asking = setTimeout(() => this.#ask(), askAfterMs);
	}

	move(event: Move): void {
		if (!this.#active || this.isAt(event)) return;
		this.#takeBack();
		this.#hide();
		this.#placed(this.#active.document.text, event.active);
		this.#select(event.anchor, event.active);
	}

	#select(anchor: number, cursor: number): void {
		if (!this.#active) return;
		Object.assign(this.#active, { anchor, cursor });
		host.activeEditor = this.#textEditor(this.#active);
		host.selected.fire({ textEditor: host.activeEditor });
	}

	#textEditor({ document, anchor, cursor }: { readonly document: Document; anchor: number; cursor: number }): TextEditor {
		const selection = new Selection(document.positionAt(anchor), document.positionAt(cursor));
		return { document, selection, selections: [selection] };
	}

	#takeBack(): void {
		clearTimeout(this.#asking);
		if (!this.#question) return;
		this.#question.isTakenBack = true;
		for (const listener of this.#question.listeners) listener();
		this.#question = undefined;
	}

	#ask(): void {
		if (!this.#active) return;
		this.#takeBack();
		const question = { isTakenBack: false, listeners: new Set<() => void>() };
		this.#question = question;
		const { document, cursor } = this.#active;
		const token = {
			get isCancellationRequested() {
				return question.isTakenBack;
			},
			onCancellationRequested: (listener: () => void) => {
				question.listeners.add(listener);
				return { dispose: () => question.listeners.delete(listener) };
			},
		};
		const context = { triggerKind: InlineCompletionTriggerKind.Automatic, selectedCompletionInfo: undefined };
		for (const provider of host.providers) {
			void provider.provideInlineCompletionItems(document, document.positionAt(cursor), context, token).then((items) => {
				if (!question.isTakenBack) this.#answered(items?.[0]);
			});
		}
	}

	#answered(item: InlineCompletionItem | undefined): void {
		if (!this.#active) return;
		const { document, cursor } = this.#active;
		const start = item?.range ? document.offsetAt(item.range.start) : cursor;
		const end = item?.range ? document.offsetAt(item.range.end) : cursor;
		const last = this.visible;
		this.#suggestion = item && { start, end, text: item.insertText };
		this.visible = this.#suggestion && ghostOf(this.#suggestion, document.text, cursor);
		if (last === this.visible) return;
		if (this.visible === undefined) this.#spectator.withdrawn(last ?? '');
		else this.#spectator.shown(this.visible, last, { text: item?.insertText.slice(cursor - start) ?? '', replaces: end - cursor });
	}

	#hide(): void {
		this.#suggestion = undefined;
		this.visible = undefined;
	}
}
