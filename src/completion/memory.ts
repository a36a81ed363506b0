import { noUsage, type Usage } from '../model/language-model.ts';
import type { Completion, CompletionRequest, Nothing } from './completion.ts';
import type { Inquiry } from './inquiry.ts';
import { resume } from './resume.ts';
import { belowClosers } from './window.ts';

/** What came of asking at a place: what can be shown there, or why nothing can. */
export interface Answer {
	readonly result: Completion | Nothing;
	readonly trigger: CompletionRequest['trigger'];
	/** Absent when no model said it. */
	readonly model: string | undefined;
	readonly prompt: string | undefined;
	readonly firstTokenAt: number | undefined;
	readonly usage: Usage;
	readonly inquiry?: Inquiry | undefined;
}

/** Of an answer that no model was asked for. */
export const unasked = {
	model: undefined,
	prompt: undefined,
	firstTokenAt: undefined,
	usage: noUsage,
} satisfies Partial<Answer>;

const mostAnswers = 100;
/** Enough to tell one place from another. */
const placeLength = 200;
const mostTypedThrough = 200;

interface Entry {
	readonly path: string;
	/** What followed the cursor then. */
	readonly suffix: string;
	/** The end of the text before the cursor when the answer was asked for. */
	readonly before: string;
	readonly below: string;
	readonly variant: number | undefined;
	readonly context: CompletionRequest['context'];
	readonly answer: Answer;
}

/**
 * Answers that were given, kept even when the cursor has moved away meanwhile. An answer is found where it was asked for and
 * anywhere along the way when the user types what it says: `re|turn a` → `retu|rn a`.
 */
export class Memory {
	/** From least to most recently used. */
	#entries: Entry[] = [];

	store(request: CompletionRequest, answer: Answer): void {
		const { path, variant, context } = request;
		const entry = { path, suffix: suffixOf(request), ...placeOf(request), variant, context, answer };
		const isOther = (other: Entry) =>
			other.before !== entry.before ||
			other.below !== entry.below ||
			other.path !== path ||
			other.variant !== variant ||
			other.context !== context;
		this.#entries = [...this.#entries.filter(isOther), entry].slice(-mostAnswers);
	}

	/**
	 * What is left of an answer after what has been typed since. It is not trimmed anew, so that what is shown does not change while
	 * it is typed. What an answer to typing says is too short for who asked on demand.
	 */
	find(request: CompletionRequest): Answer | undefined {
		const { before, below } = placeOf(request);
		let drawn: { readonly entry: Entry; readonly result: Completion | Nothing } | undefined;
		for (let i = this.#entries.length - 1; i >= 0; i--) {
			const entry = this.#entries[i];
			if (!entry || entry.path !== request.path || entry.below !== below) continue;
			if (request.context && request.context !== entry.context) continue;
			if (request.trigger === 'manual' && entry.answer.trigger !== 'manual') continue;
			const result = resumed(entry, request);
			if (!result) continue;
			if (entry.variant === request.variant) return this.#use(entry, request, result);
			// Who goes on with what was drawn has chosen that.
			if (request.variant === undefined && entry.before !== before) drawn ??= { entry, result };
		}
		return drawn && this.#use(drawn.entry, request, drawn.result);
	}

	clear(): void {
		this.#entries = [];
	}

	#use(entry: Entry, request: CompletionRequest, result: Completion | Nothing): Answer {
		this.#entries = [...this.#entries.filter((other) => other !== entry), entry];
		const answer = { ...entry.answer, result };
		// With something else behind the cursor it was fitted anew. From here on that is what is seen, and what is typed through.
		if (entry.suffix !== suffixOf(request)) this.store(request, answer);
		return answer;
	}
}

function resumed({ suffix, before, answer: { result } }: Entry, request: CompletionRequest): Completion | Nothing | undefined {
	const typed = typedThrough(before, 'reason' in result ? '' : result.text, request.prefix);
	if (typed === undefined) return undefined;
	// Something else behind the cursor is another question.
	if ('reason' in result) return suffix === suffixOf(request) ? result : undefined;
	return resume(result, suffix, typed, request);
}

function suffixOf({ suffix }: CompletionRequest): string {
	return suffix.slice(0, 4 * placeLength);
}

/** How much of a text has been typed behind a place; undefined if something else was, or nothing is left. */
function typedThrough(before: string, text: string, prefix: string): number | undefined {
	const last = prefix.at(-1);
	const longest = Math.max(0, Math.min(text.length - 1, mostTypedThrough));
	for (let typed = 0; typed <= longest; typed++) {
		// Most lengths are ruled out by a single character.
		const isPossible = typed === 0 || text[typed - 1] === last;
		if (isPossible && prefix.endsWith(text.slice(0, typed)) && isBehind(before, prefix, prefix.length - typed)) return typed;
	}
	return undefined;
}

/** Whether a place is there in a text. A shorter one is all there was before the cursor. */
function isBehind(before: string, text: string, at: number): boolean {
	return before.length < placeLength ? at === before.length && text.startsWith(before) : text.endsWith(before, at);
}

/** What tells a place from others: the end of the text before the cursor, and the beginning of what is below. */
export function placeOf(request: CompletionRequest): { readonly before: string; readonly below: string } {
	return { before: request.prefix.slice(-placeLength), below: belowClosers(suffixOf(request)).slice(0, placeLength) };
}
