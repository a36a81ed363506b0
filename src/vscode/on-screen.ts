import { commands, type Disposable, type Position, type TextDocument, type TextDocumentChangeEvent, window } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { Completion, CompletionRequest, Outcome } from '../completion/completion.ts';

/** A suggestion that was returned to the editor, and where. */
export interface Suggestion {
	readonly document: TextDocument;
	readonly version: number;
	readonly position: Position;
	readonly request: CompletionRequest;
	readonly completion: Completion;
	/** That the completion is from. */
	readonly outcome: Outcome;
}

/** A suggestion that was to be seen for less was typed over before it was read. */
const readMs = 600;
/** Who has not typed on for so long is reading. */
const restMs = 250;

/**
 * Knows which suggestion is on the screen: lets it grow once when more of it comes, has the engine look ahead of it, and tells the
 * engine when it was not wanted.
 */
export class OnScreen implements Disposable {
	readonly #engine: CompletionEngine;
	#suggestion: (Suggestion & { readonly offset: number; readonly at: number }) | undefined;
	#isGrowing = false;
	#resting: NodeJS.Timeout | undefined;
	readonly #over = new AbortController();
	#isExpecting = false;

	constructor(engine: CompletionEngine) {
		this.#engine = engine;
	}

	/** `growing` says whether there is more, when all of it is there. */
	show(suggestion: Suggestion, growing: Promise<boolean> | undefined): void {
		clearTimeout(this.#resting);
		const { document, position } = suggestion;
		this.#suggestion = { ...suggestion, offset: document.offsetAt(position), at: performance.now() };
		this.#isGrowing = false;
		this.#resting = setTimeout(() => this.#lookAhead(suggestion), restMs);
		this.#expect(growing !== undefined);
		void growing?.then(async (hasGrown) => {
			if (!this.#isCurrent(suggestion)) return;
			this.#expect(false);
			if (hasGrown) await this.#grow(suggestion);
		});
	}

	/** What shows at the place of a request, if anything does. */
	suggestionAt(document: TextDocument, { prefix, suffix }: CompletionRequest): Suggestion | undefined {
		const shows = this.#suggestion;
		if (shows?.document !== document || shows.version !== document.version) return undefined;
		return shows.request.prefix === prefix && shows.request.suffix === suffix ? shows : undefined;
	}

	/** Whether the editor asks because of us, and not because of the user. */
	isGrowingAt(document: TextDocument, position: Position): boolean {
		const { document: shown, position: at } = this.#suggestion ?? {};
		return this.#isGrowing && shown === document && at?.isEqual(position) === true;
	}

	/** Typing over a suggestion that was read is an answer too. */
	typed({ document, contentChanges: [change] }: TextDocumentChangeEvent): void {
		const { document: shown, offset, completion, request, at } = this.#suggestion ?? {};
		if (shown !== document || !change || !completion || !request || at === undefined) return;
		const isInsertion = change.rangeLength === 0 && change.text !== '' && change.rangeOffset === offset;
		const agrees =
			completion.text.startsWith(change.text) || (change.text.length === 2 && completion.text.startsWith(change.text.slice(0, 1)));
		if (isInsertion && !agrees && performance.now() - at >= readMs) this.#engine.reject(request, completion);
		this.#clear();
	}

	/** The cursor went somewhere else, or nobody looks any more. */
	gone(): void {
		this.#clear();
		this.#engine.leave();
	}

	/** Escape, while a suggestion is still going to grow: it must not come back. */
	async dismiss(): Promise<void> {
		if (this.#suggestion) this.#engine.reject(this.#suggestion.request, this.#suggestion.completion);
		this.gone();
		await commands.executeCommand('editor.action.inlineSuggest.hide');
	}

	dispose(): void {
		this.#clear();
		this.#over.abort();
	}

	async #grow(suggestion: Suggestion): Promise<void> {
		const { completion } = await this.#engine.complete(suggestion.request, this.#over.signal);
		const isMore =
			completion !== undefined &&
			completion.replaces === suggestion.completion.replaces &&
			completion.text.length > suggestion.completion.text.length &&
			completion.text.startsWith(suggestion.completion.text);
		if (!isMore || !this.#isCurrent(suggestion)) return;
		this.#isGrowing = true;
		// The editor keeps a suggestion that is shown unless it is taken away first.
		await commands.executeCommand('editor.action.inlineSuggest.hide');
		await commands.executeCommand('editor.action.inlineSuggest.trigger');
	}

	#lookAhead(suggestion: Suggestion): void {
		if (this.#isCurrent(suggestion)) void this.#engine.lookAhead(suggestion.request, suggestion.completion, this.#over.signal);
	}

	#isCurrent({ document, version, position }: Suggestion): boolean {
		const editor = window.activeTextEditor;
		const isShown = this.#suggestion?.position === position && this.#suggestion.version === version;
		return isShown && editor?.document === document && document.version === version && editor.selection.active.isEqual(position);
	}

	/** The key binding of Escape asks for this context, so that Escape is only ours while more of a suggestion is coming. */
	#expect(isExpecting: boolean): void {
		if (this.#isExpecting === isExpecting) return;
		this.#isExpecting = isExpecting;
		void commands.executeCommand('setContext', 'coClone.isGrowing', isExpecting);
	}

	#clear(): void {
		if (!this.#suggestion) return;
		clearTimeout(this.#resting);
		this.#suggestion = undefined;
		this.#isGrowing = false;
		this.#expect(false);
	}
}
