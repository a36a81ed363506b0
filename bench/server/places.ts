import { textBefore } from '../prompt-text.ts';
import type { Stay } from './foresight.ts';
import type { Oracle, Place } from './oracle.ts';
import { template } from './simulated-model.ts';

const mostRemembered = 300;
/** A place is known by so much of the text before it. */
const tailLength = 300;
/** Prompts may end a few lines above the cursor. */
const mostAbove = 3000;

/** Where the cursor has been lately: finds the place that a prompt is about. */
export class Places {
	readonly #places: Place[] = [];
	/** Prompts about no place that there ever was. */
	unplaced = 0;

	push(text: string, offset: number, stay: Stay): void {
		this.#places.push({ text, offset, stay });
		if (this.#places.length > mostRemembered) this.#places.shift();
	}

	/** What the model says to a prompt: it knows only what the prompt says of the place. Its answer begins with `start`. */
	answer(prompt: string, start: string, oracle: Oracle): string {
		const tail = textBefore(prompt, template).slice(-tailLength);
		for (const { text, offset, stay } of this.#places.toReversed()) {
			const from = Math.max(0, offset - mostAbove);
			const at = text.slice(from, offset).lastIndexOf(tail);
			if (at < 0) continue;
			const end = from + at + tail.length;
			const isThere = text.startsWith(start, end);
			const answer = oracle.answer({ text, offset: isThere ? end + start.length : end, stay });
			return start + (isThere ? answer : continuing(start, answer));
		}
		this.unplaced++;
		return start;
	}
}

/** What a model that would have answered this says when it is made to begin with something that is not in the text: all it knows of it. */
function continuing(start: string, answer: string): string {
	return answer.startsWith(start) ? answer.slice(start.length) : '';
}
