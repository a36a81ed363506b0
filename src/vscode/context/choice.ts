import { randomUUID } from 'node:crypto';
import {
	commands,
	Disposable,
	EventEmitter,
	type QuickPickItem,
	TabInputTextDiff,
	type TextDocument,
	ThemeIcon,
	Uri,
	window,
	workspace,
} from 'vscode';
import type { Completion } from '../../completion/completion.ts';

const scheme = 'co-clone-preview';

interface Item extends QuickPickItem {
	readonly completion: Completion;
}

/** Several completions to choose from, each shown in the text as a comparison. The file itself stays as it is. */
export class Choice {
	/** What the user took; undefined for none. */
	readonly chosen: Promise<Completion | undefined>;
	readonly #pick = window.createQuickPick<Item>();
	readonly #preview: Preview;
	readonly #used = { iconPath: new ThemeIcon('references'), tooltip: 'Show What Was Used' };

	/** `apply` says what the text would be. */
	constructor(document: TextDocument, apply: (completion: Completion) => string, pieces: number, showUsed: () => Promise<void>) {
		const pick = this.#pick;
		this.#preview = new Preview(document);
		pick.title = 'Co-Clone: Complete with Codebase Context';
		pick.placeholder = `${piecesOf(pieces)} from elsewhere used. Enter inserts, Escape does not.`;
		pick.buttons = [this.#used];
		pick.busy = true;
		pick.ignoreFocusOut = true;
		pick.onDidChangeActive(([item]) => item && void this.#preview.show(apply(item.completion)));
		pick.onDidTriggerButton(() => {
			void showUsed();
		});
		this.chosen = new Promise((resolve) => {
			let taken: Completion | undefined;
			pick.onDidAccept(() => {
				taken = pick.activeItems[0]?.completion;
				pick.hide();
			});
			pick.onDidHide(() => {
				pick.dispose();
				void this.#preview.close().then(() => resolve(taken));
			});
		});
		pick.show();
	}

	/** What is there already is not offered again. */
	add(completion: Completion): void {
		if (this.#pick.items.some((item) => item.completion.text.trim() === completion.text.trim())) return;
		const active = this.#pick.activeItems;
		this.#pick.items = [...this.#pick.items, itemFor(completion, this.#pick.items.length + 1)];
		if (active.length > 0) this.#pick.activeItems = active;
	}

	/** No more come. */
	complete(): void {
		this.#pick.busy = false;
	}
}

function itemFor(completion: Completion, number: number): Item {
	const lines = completion.text.trim().split('\n');
	const description = lines.length === 1 ? undefined : `${lines.length} lines`;
	return { label: `${number}  ${lines[0]?.trim() ?? ''}`, ...(description && { description }), completion };
}

function piecesOf(count: number): string {
	return count === 0 ? 'No code' : count === 1 ? 'One piece of code' : `${count} pieces of code`;
}

/** The text as it would be, beside the text as it is. */
class Preview {
	readonly #document: TextDocument;
	readonly #uri: Uri;
	readonly #changed = new EventEmitter<Uri>();
	readonly #registration: Disposable;
	#text = '';
	#isOpen = false;
	#opening: Promise<unknown> = Promise.resolve();

	constructor(document: TextDocument) {
		this.#document = document;
		this.#uri = Uri.from({ scheme, path: document.uri.path, query: randomUUID() });
		const provider = { onDidChange: this.#changed.event, provideTextDocumentContent: () => this.#text };
		this.#registration = Disposable.from(this.#changed, workspace.registerTextDocumentContentProvider(scheme, provider));
	}

	async show(text: string): Promise<void> {
		this.#text = text;
		this.#changed.fire(this.#uri);
		if (this.#isOpen) return;
		this.#isOpen = true;
		const name = this.#document.uri.path.split('/').at(-1) ?? '';
		// One that is a preview would take the place of the file's own tab, and close the file with it.
		const options = { preview: false, preserveFocus: true };
		this.#opening = Promise.resolve(
			commands.executeCommand('vscode.diff', this.#document.uri, this.#uri, `${name}: as it is ↔ as it would be`, options),
		);
		await this.#opening;
	}

	async close(): Promise<void> {
		await this.#opening.catch(() => {});
		const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
		const own = tabs.filter(({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === this.#uri.toString());
		if (own.length > 0) await window.tabGroups.close(own);
		this.#registration.dispose();
	}
}
