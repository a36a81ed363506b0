import { textBefore } from '../prompt-text.ts';
import type { Stay } from './foresight.ts';
import type { Oracle, Place } from './oracle.ts';
import { template } from './simulated-model.ts';

const mostRemembered = 300;
/** A place is known by so much of the text before it. */
const tailLength = 300;
/** Prompts may end a few lines above the cursor. */
const mostAbove = 3000;
/** More than any token of code has on average. */
const charactersPerToken = 6;
/** And so many characters further on, when they look ahead. */
const mostAhead = 1000;

/** Where the cursor has been lately: finds the place that a prompt is about. */
export class Places {
	readonly #places: Place[] = [];
	/** Prompts about no place that there ever was. */
	unplaced = 0;

	push(text: string, offset: number, stay: Stay): void {
		this.#places.push({ text, offset, cursor: offset, stay });
		if (this.#places.length > mostRemembered) this.#places.shift();
	}

	/** What the model says to a prompt: it knows only what the prompt says of the place. Its answer begins with `start`. */
	answer(prompt: string, start: string, maxTokens: number, oracle: Oracle): string {
		const before = textBefore(prompt, template);
		for (const known of this.#places.toReversed()) {
			const found = placeIn(known, before) ?? placeAhead(known, before);
			if (!found) continue;
			const { text, offset, cursor, stay } = found;
			const isThere = text.startsWith(start, offset);
			const place = { text, offset: isThere ? offset + start.length : offset, cursor, stay };
			const answer = oracle.answer(place, maxTokens * charactersPerToken);
			return start + (isThere ? answer : continuing(start, answer));
		}
		this.unplaced++;
		return start;
	}
}

/** Where a prompt ends in the text, at the cursor or above it. */
function placeIn({ text, offset, stay }: Place, before: string): Place | undefined {
	const tail = before.slice(-tailLength);
	const from = Math.max(0, offset - mostAbove);
	const at = text.slice(from, offset).lastIndexOf(tail);
	return at < 0 ? undefined : { text, offset: from + at + tail.length, cursor: offset, stay };
}

/** The same where a prompt goes on beyond the cursor, with what would be there if a suggestion were accepted. */
function placeAhead({ text, offset, stay }: Place, before: string): Place | undefined {
	const tail = text.slice(Math.max(0, offset - tailLength), offset);
	const at = before.lastIndexOf(tail);
	const ahead = before.slice(at + tail.length);
	if (at < 0 || tail === '' || ahead.length > mostAhead) return undefined;
	const cursor = offset + ahead.length;
	return { text: text.slice(0, offset) + ahead + text.slice(offset), offset: cursor, cursor, stay };
}

/** What a model that would have answered this says when it is made to begin with something that is not in the text: all it knows of it. */
function continuing(start: string, answer: string): string {
	return answer.startsWith(start) ? answer.slice(start.length) : '';
}
