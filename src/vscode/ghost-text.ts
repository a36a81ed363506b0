import {
	type CancellationToken,
	commands,
	Disposable,
	type InlineCompletionContext,
	InlineCompletionItem,
	type InlineCompletionItemProvider,
	InlineCompletionTriggerKind,
	languages,
	type Position,
	Range,
	type TextDocument,
	type TextDocumentChangeEvent,
	type TextEditor,
	window,
	workspace,
} from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { Completion, CompletionRequest, Outcome } from '../completion/completion.ts';
import { type Cancelable, cancelable } from '../std/cancelable.ts';
import type { Journal } from './journal.ts';
import type { OnScreen } from './on-screen.ts';
import { editorGate, requestAt } from './request-at.ts';
import { typedPosition } from './typed-position.ts';

/**
 * The editor also takes back a question when it only asks anew, for example because the suggest widget opened. What was typed or
 * where the cursor went is known sooner, from the events.
 */
const graceMs = 150;
/** The editor asks at least 50 ms after a keystroke. Who has not asked by now will not. */
const longestUnasked = 600;

/** A request under way, and the place that it is for. */
interface Asked {
	readonly document: TextDocument;
	readonly position: Position;
	readonly work: Cancelable<Outcome>;
}

/** Shows completions as ghost text. The request starts with the keystroke, and the editor's question joins it. */
export class GhostTextProvider implements InlineCompletionItemProvider {
	readonly #engine: CompletionEngine;
	readonly #journal: Journal;
	readonly #onScreen: OnScreen;
	#asked: Asked | undefined;
	#isKnownToEditor = false;
	#shown = 0;

	constructor(engine: CompletionEngine, journal: Journal, onScreen: OnScreen) {
		this.#engine = engine;
		this.#journal = journal;
		this.#onScreen = onScreen;
	}

	/** Starts a request right at the keystroke, without waiting for the editor's delay; ends the one that the keystroke made obsolete. */
	typed(event: TextDocumentChangeEvent): void {
		const { document } = event;
		const editor = window.activeTextEditor;
		if (editor?.document !== document || event.contentChanges.length === 0) return;
		this.#onScreen.typed(event);
		const position = editor.selections.length === 1 && isGhostTextOn(document) ? typedPosition(event) : undefined;
		if (!position || editorGate(document, undefined, 'automatic')) {
			this.#asked?.work.cancel();
			this.#onScreen.gone();
			return;
		}
		const { work } = this.#ask(document, position, requestAt(document, position, 'automatic'));
		const unasked = setTimeout(() => this.#giveUp(work), longestUnasked);
		void work.finally(() => clearTimeout(unasked));
	}

	/** Ends the request when the cursor has gone somewhere else, or nobody looks any more. */
	moved(editor: TextEditor | undefined): void {
		const { document, position, work } = this.#asked ?? {};
		const isThere = editor !== undefined && editor.document === document && position?.isEqual(editor.selection.active);
		if (isThere) return;
		work?.cancel();
		this.#onScreen.gone();
	}

	async provideInlineCompletionItems(
		document: TextDocument,
		position: Position,
		context: InlineCompletionContext,
		token: CancellationToken,
	): Promise<InlineCompletionItem[]> {
		this.#isKnownToEditor = true;
		const isInvoked = context.triggerKind === InlineCompletionTriggerKind.Invoke;
		const trigger = isInvoked && !this.#onScreen.isGrowingAt(document, position) ? 'manual' : 'automatic';
		const selected = context.selectedCompletionInfo;
		const request = requestAt(document, position, trigger, selected);
		const closed = editorGate(document, window.activeTextEditor, trigger);
		const work = closed ? undefined : this.#ask(document, position, request).work;
		const listener = token.onCancellationRequested(() => setTimeout(() => work?.cancel(), graceMs));
		try {
			const outcome = (await work) ?? { nothing: closed ?? { reason: 'bug' }, timings: { totalMs: 0 }, usage: noUsage };
			const shown = outcome.completion && !token.isCancellationRequested ? ++this.#shown : undefined;
			this.#journal.record({ uri: document.uri.toString(), position, request, outcome, shown });
			if (!outcome.completion || shown === undefined) return [];
			const { completion, growing } = outcome;
			this.#onScreen.show({ document, version: document.version, position, request, completion }, growing);
			const range = selected?.range ?? new Range(position, position);
			const item = itemFor(completion, range, selected?.text ?? '');
			item.command = { title: 'Accepted', command: 'co-clone.accepted', arguments: [shown] };
			return [item];
		} finally {
			listener.dispose();
		}
	}

	#ask(document: TextDocument, position: Position, request: CompletionRequest): Asked {
		const asked = { document, position, work: cancelable((signal) => this.#engine.complete(request, signal)) };
		this.#asked = asked;
		return asked;
	}

	/** In the first second of a window the editor does not know of us yet, and nobody would ever ask for what was typed by then. */
	#giveUp(work: Cancelable<Outcome>): void {
		if (this.#isKnownToEditor || this.#asked?.work !== work) work.cancel();
		else void commands.executeCommand('editor.action.inlineSuggest.trigger');
	}
}

/** Lets the editor ask, and tells of whatever starts or ends a request before it does. */
export function showGhostText(ghostText: GhostTextProvider): Disposable {
	return Disposable.from(
		languages.registerInlineCompletionItemProvider({ pattern: '**' }, ghostText),
		workspace.onDidChangeTextDocument((event) => ghostText.typed(event)),
		window.onDidChangeTextEditorSelection(({ textEditor }) => ghostText.moved(textEditor)),
		window.onDidChangeActiveTextEditor((editor) => ghostText.moved(editor)),
		window.onDidChangeWindowState(({ focused }) => {
			if (!focused) ghostText.moved(undefined);
		}),
	);
}

const noUsage = { promptTokens: null, completionTokens: null };

/** The item takes the place of what the suggest widget would replace and of the closers that it brings itself. */
function itemFor({ text, replaces }: Completion, range: Range, selectedText: string): InlineCompletionItem {
	return new InlineCompletionItem(selectedText + text, range.with(undefined, range.end.translate(0, replaces)));
}

export function isGhostTextOn(document: TextDocument | undefined): boolean {
	// The narrow section: all of `editor` takes a hundred times as long to put together.
	return workspace.getConfiguration('editor.inlineSuggest', document).get('enabled') !== false;
}
