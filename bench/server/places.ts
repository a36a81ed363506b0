import { isOnlyClosers } from '../../src/completion/gate.ts';
import type { Stay } from './foresight.ts';
import type { Oracle, Place } from './oracle.ts';
import { textBefore } from './simulated-model.ts';

const mostRemembered = 300;
/** A place is known by so much of the text before it. */
const tailLength = 300;
/** Prompts may end a few lines above the cursor. */
const mostAbove = 3000;

/** Where the cursor has been lately, what was said about it, and whether what is shown there has anything to do with that. */
export class Places {
	readonly #places: Place[] = [];
	readonly #said: string[] = [];
	/** Prompts about no place that there ever was. */
	unplaced = 0;

	push(text: string, offset: number, stay: Stay): void {
		this.#places.push({ text, offset, stay });
		if (this.#places.length > mostRemembered) this.#places.shift();
	}

	/** What the model says to a prompt: it knows only what the prompt says of the place. Its answer begins with `start`. */
	answer(prompt: string, start: string, oracle: Oracle): string {
		const tail = textBefore(prompt).slice(-tailLength);
		for (const { text, offset, stay } of this.#places.toReversed()) {
			const from = Math.max(0, offset - mostAbove);
			const at = text.slice(from, offset).lastIndexOf(tail);
			if (at < 0) continue;
			const end = from + at + tail.length;
			const isThere = text.startsWith(start, end);
			const place = { text, offset: isThere ? end + start.length : end, stay };
			const answer = oracle.answer(place);
			const said = isThere ? answer : continuing(start, answer);
			this.#said.push(text.slice(Math.max(0, end - tailLength), end) + start + said);
			if (this.#said.length > mostRemembered) this.#said.shift();
			return start + said;
		}
		this.unplaced++;
		return '';
	}

	/** Whether text continues what stands before the cursor as the model did or as another line does, and takes the place of nothing but closers. */
	fits(text: string, replaces: number): boolean {
		const place = this.#places.at(-1);
		if (!place) return false;
		const before = place.text.slice(Math.max(0, place.offset - 60), place.offset);
		const shown = before + (text.split('\n').find((line) => line !== '') ?? '').slice(0, 12);
		const probe = text.startsWith('\n') ? before : shown;
		const covered = place.text.slice(place.offset, place.offset + replaces);
		const isKnown = this.#said.some((said) => said.includes(probe)) || isLineElsewhere(place, text);
		return !covered.includes('\n') && isOnlyClosers(covered) && isKnown;
	}
}

/** What a model that would have answered this says when it is made to begin with something that is not in the text: all it knows of it. */
function continuing(start: string, answer: string): string {
	return answer.startsWith(start) ? answer.slice(start.length) : '';
}

/** The cursor's line with the text would be the same as another one. */
function isLineElsewhere({ text, offset }: Place, shown: string): boolean {
	const head = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
	return text.split('\n').some((line) => line.trim() === (head + shown).trim());
}
