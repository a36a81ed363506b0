import type { Usage } from '../model/language-model.ts';
import type { CompletionRequest, Nothing } from './completion.ts';
import { belowClosers } from './window.ts';

/** What a model said at a place, cut to its shape; what of it can be shown depends on the text around it when it is shown. */
export interface Answer {
	readonly text: string;
	/** Why it cannot be used at all. */
	readonly nothing?: Nothing | undefined;
	readonly trigger: CompletionRequest['trigger'];
	/** Absent when no model said it. */
	readonly model: string | undefined;
	readonly prompt: string | undefined;
	readonly firstTokenAt: number | undefined;
	readonly usage: Usage;
}

const mostAnswers = 100;
/** Enough to tell one place from another. */
const placeLength = 200;
const mostTypedThrough = 200;

interface Entry {
	readonly path: string;
	/** The end of the text before the cursor when the answer was asked for. */
	readonly before: string;
	readonly below: string;
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
		const entry = { path: request.path, ...placeOf(request), answer };
		const isOther = (other: Entry) => other.before !== entry.before || other.below !== entry.below || other.path !== entry.path;
		this.#entries = [...this.#entries.filter(isOther), entry].slice(-mostAnswers);
	}

	/** What is left of an answer after what has been typed since. What an answer to typing says is too short for who asked on demand. */
	find(request: CompletionRequest): Answer | undefined {
		const { below } = placeOf(request);
		for (let i = this.#entries.length - 1; i >= 0; i--) {
			const entry = this.#entries[i];
			if (!entry || entry.path !== request.path || entry.below !== below) continue;
			if (request.trigger === 'manual' && entry.answer.trigger !== 'manual') continue;
			const left = typedThrough(entry, request.prefix);
			if (left === undefined) continue;
			this.#entries.push(...this.#entries.splice(i, 1));
			return { ...entry.answer, text: left };
		}
		return undefined;
	}

	clear(): void {
		this.#entries = [];
	}
}

/** What is left of an answer if its beginning is what was typed since; undefined if something else was, or nothing is left. */
function typedThrough({ before, answer: { text } }: Entry, prefix: string): string | undefined {
	// A shorter one is all there was before the cursor.
	const is = (tail: string) => (before.length < placeLength ? prefix === tail : prefix.endsWith(tail));
	if (is(before)) return text;
	const last = prefix.at(-1);
	const longest = Math.min(text.length - 1, mostTypedThrough);
	for (let typed = 1; typed <= longest; typed++) {
		// Most lengths are ruled out by a single character.
		if (text[typed - 1] === last && is(before + text.slice(0, typed))) return text.slice(typed);
	}
	return undefined;
}

/** What tells a place from others: the end of the text before the cursor, and the beginning of what is below. */
export function placeOf({ prefix, suffix }: CompletionRequest): { readonly before: string; readonly below: string } {
	return { before: prefix.slice(-placeLength), below: belowClosers(suffix.slice(0, 4 * placeLength)).slice(0, placeLength) };
}
