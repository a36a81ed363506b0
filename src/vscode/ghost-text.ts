import {
	type CancellationToken,
	type InlineCompletionContext,
	InlineCompletionItem,
	type InlineCompletionItemProvider,
	InlineCompletionTriggerKind,
	type Position,
	Range,
	type TextDocument,
	type TextDocumentChangeEvent,
	window,
	workspace,
} from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { Completion, CompletionRequest, Outcome } from '../completion/completion.ts';
import { type Cancelable, cancelable } from '../std/cancelable.ts';
import type { Journal } from './journal.ts';
import { editorGate, requestAt } from './request-at.ts';
import { typedPosition } from './typed-position.ts';

/** The editor says that nobody wants an answer before it says what was typed; the next keystroke may want the same one. */
const graceMs = 10;
/** The editor asks at least 50 ms after a keystroke. Who has not asked by now will not. */
const longestUnasked = 600;

/** Shows completions as ghost text. The request starts with the keystroke, and the editor's question joins it. */
export class GhostTextProvider implements InlineCompletionItemProvider {
	readonly #engine: CompletionEngine;
	readonly #journal: Journal;
	#started: Cancelable<Outcome> | undefined;

	constructor(engine: CompletionEngine, journal: Journal) {
		this.#engine = engine;
		this.#journal = journal;
	}

	/** Starts a request right at the keystroke, without waiting for the editor's delay. */
	typed(event: TextDocumentChangeEvent): void {
		const { document } = event;
		const editor = window.activeTextEditor;
		if (editor?.document !== document || editor.selections.length > 1 || !isGhostTextOn(document)) return;
		const position = typedPosition(event);
		if (!position || editorGate(document, undefined, 'automatic')) {
			this.#started?.cancel();
			return;
		}
		const started = this.#ask(requestAt(document, position, 'automatic'));
		this.#started = started;
		const unasked = setTimeout(() => started.cancel(), longestUnasked);
		void started.finally(() => clearTimeout(unasked));
	}

	async provideInlineCompletionItems(
		document: TextDocument,
		position: Position,
		context: InlineCompletionContext,
		token: CancellationToken,
	): Promise<InlineCompletionItem[]> {
		const trigger = context.triggerKind === InlineCompletionTriggerKind.Invoke ? 'manual' : 'automatic';
		const selected = context.selectedCompletionInfo;
		const request = requestAt(document, position, trigger, selected);
		const closed = editorGate(document, window.activeTextEditor, trigger);
		const asked = closed ? undefined : this.#ask(request);
		const listener = token.onCancellationRequested(() => setTimeout(() => asked?.cancel(), graceMs));
		try {
			const outcome = (await asked) ?? { nothing: closed ?? { reason: 'bug' }, timings: { totalMs: 0 }, usage: noUsage };
			this.#journal.record({ uri: document.uri.toString(), position, request, outcome });
			if (!outcome.completion || token.isCancellationRequested) return [];
			const range = selected?.range ?? new Range(position, position);
			return [itemFor(outcome.completion, range, selected?.text ?? '')];
		} finally {
			listener.dispose();
		}
	}

	#ask(request: CompletionRequest): Cancelable<Outcome> {
		return cancelable((signal) => this.#engine.complete(request, signal));
	}
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
