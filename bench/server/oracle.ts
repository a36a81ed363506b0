import { chance } from '../chance.ts';
import type { Stay } from './foresight.ts';

/** A place that a model is asked about. */
export interface Place {
	readonly text: string;
	readonly offset: number;
	/** What is going to be typed around there. */
	readonly stay: Stay;
}

export interface Foresight {
	/** How likely a word (or a run of punctuation) of what is going to be typed is known. */
	readonly knows: number;
	/** How likely there is nothing to say where nothing more is going to be typed. */
	readonly silent: number;
	readonly seed: string;
}

/** Longer answers no policy shows. */
const longest = 600;
const leftContext = 100;

interface Word {
	readonly start: number;
	readonly text: string;
	readonly isKnown: boolean;
	/** Characters after which also an unknown word is clear. */
	readonly needs: number;
}

/**
 * Stands in for a model's knowledge: it says what the user is in fact going to type, up to the next blank line, but each word of it is known
 * only with some probability; in place of one that is not, another word of the file comes. What is known depends on the place in the
 * final text alone, so that it says the same from one keystroke to the next, and says it to everybody. Where the user is about to
 * take back what stands before the cursor, or does not go on, it makes a line up, or says nothing.
 */
export class Oracle {
	readonly #foresight: Foresight;
	readonly #words = new Map<Stay, readonly Word[]>();

	constructor(foresight: Foresight) {
		this.#foresight = foresight;
	}

	answer({ text, offset, stay }: Place): string {
		const typed = text.slice(stay.start, offset);
		if (offset > stay.start && !stay.text.startsWith(typed)) return this.#madeUp(text, offset);
		// From here on all offsets count from where the context begins.
		const words = this.#wordsOf(text, stay);
		const contextStart = Math.max(0, stay.start - leftContext);
		const end = contextStart + words.reduce((sum, word) => sum + word.text.length, 0) - this.#alreadyBelow(text, offset, stay);
		if (offset >= end || offset < contextStart) {
			const isSilent = chance(`silent ${this.#foresight.seed} ${stay.number} ${text.slice(offset - 20, offset)}`) < this.#foresight.silent;
			return isSilent ? '' : this.#madeUp(text, offset);
		}
		let said = '';
		for (const word of words) {
			const start = contextStart + word.start;
			if (start + word.text.length <= offset || start >= end) continue;
			const given = Math.max(0, offset - start);
			const isRight = word.isKnown || given >= word.needs;
			said += isRight ? word.text.slice(given, end - start) : this.#another(text, offset, word, given);
		}
		return upToBlankLine(said).slice(0, longest);
	}

	/** Closers that stand after the cursor already, and will still when the user leaves, are not for the model to say. */
	#alreadyBelow(text: string, offset: number, stay: Stay): number {
		const below = text.slice(offset, text.length - stay.below);
		return offset >= stay.start && stay.text.endsWith(below) ? below.length : 0;
	}

	#wordsOf(text: string, stay: Stay): readonly Word[] {
		const known = this.#words.get(stay);
		if (known) return known;
		const { seed, knows } = this.#foresight;
		const whole = text.slice(Math.max(0, stay.start - leftContext), stay.start) + stay.text;
		const words = [...whole.matchAll(/[ \t\r\n]+|[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s]+|\s+/gu)].map(({ index, 0: word }) => {
			const key = `${seed} ${stay.path} ${stay.number} ${index}`;
			return {
				start: index,
				text: word,
				isKnown: word.trim() === '' || chance(key) < knows,
				needs: 1 + Math.floor(chance(`needs ${key}`) * 3),
			};
		});
		this.#words.set(stay, words);
		return words;
	}

	#another(text: string, offset: number, word: Word, given: number): string {
		if (!/[\p{L}\p{N}_$]/u.test(word.text)) return given > 0 ? '' : '.';
		const candidates = wordsBefore(text, offset).filter((candidate) => candidate !== word.text);
		const key = `another ${this.#foresight.seed} ${word.start} ${word.text}`;
		return candidates[Math.floor(chance(key) * candidates.length)] ?? 'value';
	}

	#madeUp(text: string, offset: number): string {
		const key = `${this.#foresight.seed} ${text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)}`;
		const candidates = wordsBefore(text, offset);
		const count = 1 + Math.floor(chance(`length ${key}`) * 5);
		const words = Array.from({ length: count }, (_, i) => candidates[Math.floor(chance(`${i} ${key}`) * candidates.length)] ?? 'value');
		// A space that was left out of the prompt stands there all the same.
		return `${/[ \t]/.test(text[offset] ?? '') ? ' ' : ''}${words.join(' ')};`;
	}
}

function wordsBefore(text: string, offset: number): string[] {
	return [...new Set(text.slice(Math.max(0, offset - 400), offset).match(/\b[\p{L}_$][\p{L}\p{N}_$]{2,}\b/gu))];
}

function upToBlankLine(text: string): string {
	const blank = /\S[^\n]*(\n[ \t]*\n)/.exec(text);
	return blank ? text.slice(0, blank.index + blank[0].length - (blank[1]?.length ?? 0)) : text;
}
