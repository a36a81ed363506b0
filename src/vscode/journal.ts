import type { LogOutputChannel, Position, TextDocument } from 'vscode';
import type { CompletionRequest, Outcome } from '../completion/completion.ts';
import { reasons } from '../completion/reason.ts';

/** One question of the editor and what became of it. */
export interface Entry {
	readonly document: Pick<TextDocument, 'uri'>;
	readonly position: Position;
	readonly request: CompletionRequest;
	readonly outcome: Outcome;
	/** The number of the suggestion, if one was returned while the editor still wanted it. */
	readonly shown?: number | undefined;
	/** What was offered to choose from beside it, likewise. */
	readonly alternatives?: readonly { readonly outcome: Outcome; readonly shown?: number | undefined }[];
}

/** Keeps the latest outcome, so that “why is there no suggestion?” has an answer, and writes one line to the log for each. */
export class Journal {
	/** The latest of which something came, or a reason why nothing did. */
	last: Entry | undefined;
	/** The latest for which a model was asked. */
	lastAsked: Entry | undefined;
	#interrupted: Entry | undefined;
	readonly #log: LogOutputChannel;
	readonly #listeners: ((entry: Entry) => void)[] = [];

	constructor(log: LogOutputChannel) {
		this.#log = log;
	}

	/** Not called for what was superseded or cancelled: that says nothing about the place. */
	onOutcome(listener: (entry: Entry) => void): void {
		this.#listeners.push(listener);
	}

	/**
	 * What came of asking at a place; the latest there, if it was asked for lately. The next document without a name has the address of one that
	 * was closed, and is another one.
	 */
	at(document: TextDocument, position: Position): Entry | undefined {
		return [this.last, this.#interrupted].find((entry) => entry?.document === document && entry.position.isEqual(position));
	}

	record(entry: Entry): void {
		const { outcome, request, position, alternatives = [] } = entry;
		this.#log.debug(`${request.languageId} ${position.line + 1}:${position.character + 1} ${request.trigger}: ${describe(outcome)}`);
		for (const other of alternatives) this.#log.debug(`or: ${describe(other.outcome)}`);
		if (outcome.prompt) {
			this.#log.trace(outcome.prompt);
			this.lastAsked = entry;
		}
		const { nothing } = outcome;
		if (nothing?.reason === 'superseded' || nothing?.reason === 'cancelled') {
			this.#interrupted = entry;
			return;
		}
		if (nothing?.reason === 'bug') this.#log.error(nothing.error ?? nothing.reason);
		this.last = entry;
		for (const listener of this.#listeners) listener(entry);
	}
}

/** One line for the log: what came out, and when. */
export function describe({ completion, nothing, model, timings, usage }: Outcome): string {
	const what = completion ? `${completion.text.length} characters` : `nothing, because: ${reasons[nothing?.reason ?? 'bug']}`;
	const detail = nothing?.detail ? ` (${nothing.detail})` : '';
	const when = [
		timings.queuedMs === undefined ? '' : `asked after ${Math.round(timings.queuedMs)} ms`,
		timings.firstTokenMs === undefined ? '' : `first token after ${Math.round(timings.firstTokenMs)} ms`,
		`done after ${Math.round(timings.totalMs)} ms`,
		usage.promptTokens === null ? '' : `${usage.promptTokens} + ${usage.completionTokens} tokens`,
		model ?? '',
	];
	return `${what}${detail}; ${when.filter(Boolean).join(', ')}`;
}
