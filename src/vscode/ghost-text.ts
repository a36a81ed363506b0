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
	type SelectedCompletionInfo,
	type TextDocument,
	type TextDocumentChangeEvent,
	type TextEditor,
	window,
	workspace,
} from 'vscode';
import { alternatives, mostInEditor } from '../completion/candidates.ts';
import type { CompletionEngine } from '../completion/complete.ts';
import type { CompletionRequest, Outcome } from '../completion/completion.ts';
import type { Reason } from '../completion/reason.ts';
import { noUsage } from '../model/language-model.ts';
import { type Cancelable, cancelable } from '../std/cancelable.ts';
import type { Journal } from './journal.ts';
import type { OnScreen, Suggestion } from './on-screen.ts';
import { editorGate, requestAt } from './request-at.ts';
import { typedPosition } from './typed-position.ts';

/**
 * The editor also takes back a question when it only asks anew, for example because the suggest widget opened. What was typed or
 * where the cursor went is known sooner, from the events.
 */
const graceMs = 150;
/** The editor asks at least 50 ms after a keystroke. Who has not asked by now will not. */
const longestUnasked = 600;
/** How long others to choose from may take in all: while one shows, and while nothing does. What is there by then is shown. */
const choiceMs = { whileOneShows: 8000, whileNothingShows: 700 };

/** A request under way, and the place that it is for. */
interface Asked {
	readonly document: TextDocument;
	readonly position: Position;
	readonly work: Cancelable<Answers>;
}

/** The first one is what shows; the others are there to choose from. */
type Answers = readonly [Outcome, ...Outcome[]];

/** Shows completions as ghost text. The request starts with the keystroke, and the editor's question joins it. */
export class GhostTextProvider implements InlineCompletionItemProvider, Disposable {
	readonly #engine: CompletionEngine;
	readonly #journal: Journal;
	readonly #onScreen: OnScreen;
	#registration: Disposable | undefined;
	#asked: Asked | undefined;
	#isKnownToEditor = false;
	/** We let the editor ask for what was typed: that is no question on demand. */
	#isAskedByUs = false;
	#numbers = 0;

	constructor(engine: CompletionEngine, journal: Journal, onScreen: OnScreen) {
		this.#engine = engine;
		this.#journal = journal;
		this.#onScreen = onScreen;
	}

	/** The editor asks a provider once for a place, whatever has become of it since. One that is registered anew it asks again. */
	register(): void {
		this.#registration?.dispose();
		this.#registration = languages.registerInlineCompletionItemProvider({ pattern: '**' }, this);
	}

	dispose(): void {
		this.#registration?.dispose();
	}

	/** Asks on demand: for more than typing asks for, also where that is shown already, and where there was nothing a moment ago. */
	async completeHere(): Promise<void> {
		this.#onScreen.gone();
		await this.#askOnceMore();
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
		const request = requestAt(document, position, 'automatic');
		const work = this.#ask(document, position, async (signal) => [await this.#engine.complete(request, signal)]);
		const unasked = setTimeout(() => this.#unasked(work), longestUnasked);
		// Who does not know of us yet will not ask for an answer that is there already.
		void work.finally(() => this.#isKnownToEditor && clearTimeout(unasked));
	}

	/** Ends the request when the cursor has gone somewhere else, or nobody looks any more. */
	moved(editor: TextEditor | undefined): void {
		const { document, position, work } = this.#asked ?? {};
		const isThere = editor !== undefined && editor.document === document && position?.isEqual(editor.selection.active);
		if (isThere) return;
		work?.cancel();
		this.#asked = undefined;
		this.#onScreen.gone();
	}

	/**
	 * Has the editor ask where there was nothing, because it could not be answered then: before we were started, before there was a model, or before
	 * it was allowed. Given a reason, only where that was it.
	 */
	async askAnew(because?: Reason): Promise<void> {
		const editor = window.activeTextEditor;
		if (!editor || !this.#isUnanswered(editor) || !isGhostTextOn(editor.document)) return;
		const last = this.#journal.at(editor.document, editor.selection.active);
		if (because !== undefined && last?.outcome.nothing?.reason !== because) return;
		this.#isAskedByUs = last?.request.trigger !== 'manual';
		await this.#askOnceMore();
	}

	async provideInlineCompletionItems(
		document: TextDocument,
		position: Position,
		context: InlineCompletionContext,
		token: CancellationToken,
	): Promise<InlineCompletionItem[]> {
		const isAskedByUs = this.#isAskedByUs || this.#onScreen.isGrowingAt(document, position);
		this.#isKnownToEditor = true;
		this.#isAskedByUs = false;
		const isInvoked = context.triggerKind === InlineCompletionTriggerKind.Invoke;
		const trigger = isInvoked && !isAskedByUs ? 'manual' : 'automatic';
		const selected = context.selectedCompletionInfo;
		const request = requestAt(document, position, trigger, selected);
		const closed = editorGate(document, window.activeTextEditor, trigger);
		const shows = trigger === 'manual' ? this.#onScreen.suggestionAt(document, request) : undefined;
		const work = closed ? undefined : this.#ask(document, position, (signal) => this.#answers(request, shows, signal));
		const listener = token.onCancellationRequested(() => setTimeout(() => work?.cancel(), graceMs));
		try {
			const [outcome, ...others] = (await work) ?? [{ nothing: closed ?? { reason: 'bug' }, timings: { totalMs: 0 }, usage: noUsage }];
			const number = ({ completion }: Outcome) => (completion && !token.isCancellationRequested ? ++this.#numbers : undefined);
			const first = { outcome, shown: number(outcome) };
			const alternatives = others.map((other) => ({ outcome: other, shown: number(other) }));
			this.#journal.record({ document, position, request, ...first, alternatives });
			const { completion, growing } = outcome;
			if (!completion || first.shown === undefined) return [];
			if (!shows) this.#onScreen.show({ document, version: document.version, position, request, completion, outcome }, growing);
			return [first, ...alternatives].flatMap((offer) => itemsFor(offer, position, selected));
		} finally {
			listener.dispose();
		}
	}

	/**
	 * The editor asks once more when the user looks for another suggestion, and then wants all there are at once. The one that shows stays
	 * what it is, and others of its kind follow.
	 */
	async #answers(request: CompletionRequest, shows: Suggestion | undefined, signal: AbortSignal): Promise<Answers> {
		const first = shows?.outcome ?? (await this.#engine.complete(request, signal));
		if (request.trigger === 'automatic' || !first.completion) return [first];
		const { totalMs } = first.timings;
		const ms = shows ? choiceMs.whileOneShows : Math.ceil(choiceMs.whileNothingShows - totalMs);
		// Another one takes about as long.
		if (!shows && ms < totalMs) return [first];
		const inTime = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
		return [first, ...(await alternatives(this.#engine.complete, shows?.request ?? request, first.completion, mostInEditor, inTime))];
	}

	#ask(document: TextDocument, position: Position, answer: (signal: AbortSignal) => Promise<Answers>): Cancelable<Answers> {
		const work = cancelable(answer);
		this.#asked = { document, position, work };
		return work;
	}

	#isUnanswered({ document, selection }: TextEditor): boolean {
		// What was typed before we were started nobody has told us of.
		if (!this.#asked) return !this.#isKnownToEditor && document.version > 1;
		const { document: asked, position } = this.#asked;
		if (asked !== document || !position.isEqual(selection.active)) return false;
		return this.#onScreen.suggestionAt(document, requestAt(document, position, 'automatic')) === undefined;
	}

	#letEditorAsk(): void {
		this.#isAskedByUs = true;
		void commands.executeCommand('editor.action.inlineSuggest.trigger');
	}

	/** The editor keeps a suggestion that is shown unless it is taken away first. */
	async #askOnceMore(): Promise<void> {
		await commands.executeCommand('editor.action.inlineSuggest.hide');
		this.register();
		await commands.executeCommand('editor.action.inlineSuggest.trigger');
	}

	/** In the first second of a window the editor does not know of us yet, and nobody would ever ask for what was typed by then. */
	#unasked(work: Cancelable<Answers>): void {
		const isWanted = !this.#isKnownToEditor && this.#asked?.work === work;
		if (isWanted) this.#letEditorAsk();
		else work.cancel();
	}
}

/** Lets the editor ask, and tells of whatever starts or ends a request before it does. */
export function showGhostText(ghostText: GhostTextProvider): Disposable {
	ghostText.register();
	void ghostText.askAnew();
	return Disposable.from(
		ghostText,
		workspace.onDidGrantWorkspaceTrust(() => void ghostText.askAnew()),
		workspace.onDidChangeTextDocument((event) => ghostText.typed(event)),
		window.onDidChangeTextEditorSelection(({ textEditor }) => ghostText.moved(textEditor)),
		window.onDidChangeActiveTextEditor((editor) => ghostText.moved(editor)),
		window.onDidChangeWindowState(({ focused }) => {
			if (!focused) ghostText.moved(undefined);
		}),
	);
}

/** The item takes the place of what the suggest widget would replace and of the closers that it brings itself. */
function itemsFor(
	{ outcome: { completion }, shown }: { readonly outcome: Outcome; readonly shown: number | undefined },
	position: Position,
	selected: SelectedCompletionInfo | undefined,
): InlineCompletionItem[] {
	if (!completion || shown === undefined) return [];
	const { start, end } = selected?.range ?? new Range(position, position);
	const range = new Range(start, end.translate(0, completion.replaces));
	const command = { title: 'Accepted', command: 'co-clone.accepted', arguments: [shown] };
	return [new InlineCompletionItem((selected?.text ?? '') + completion.text, range, command)];
}

export function isGhostTextOn(document: TextDocument | undefined): boolean {
	// The narrow section: all of `editor` takes a hundred times as long to put together.
	return workspace.getConfiguration('editor.inlineSuggest', document).get('enabled') !== false;
}
