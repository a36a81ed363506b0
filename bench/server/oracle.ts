import { isOnlyClosers, lineRest } from '../../src/completion/gate.ts';
import { chance } from '../chance.ts';
import type { Stay } from './foresight.ts';

/** A place that a model is asked about. */
export interface Place {
	readonly text: string;
	readonly offset: number;
	/** At the place, or further on where somebody has typed what the prompt leaves out. */
	readonly cursor: number;
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

/** It then says a third to a half of the lines as they are going to be. */
export const foresight = { knows: 0.75, silent: 0.02 } as const;

/** In characters: some 450 tokens. */
const longest = 1500;
/**
 * How models go on when nothing ends them: of 174 answers of qwen2.5-coder-0.5b to holes in real code 165 still went on after 110 tokens; half
 * of them left the block within 12 lines, and half had a blank line within 5.
 */
const ends = 0.005;
const leaves = 0.06;
const blankLines = 0.13;
/**
 * In the middle of a line a model that is right goes on with what stands there, as qwen2.5-coder-0.5b did in 34 of 43 places in real code; of 64
 * other answers 21 came to it as well.
 */
const comesToText = { right: 0.79, wrong: 0.33 };
const leftContext = 100;

interface Word {
	readonly start: number;
	readonly text: string;
	readonly isKnown: boolean;
	/** Characters after which also an unknown word is clear. */
	readonly needs: number;
}

/**
 * Stands in for a model's knowledge: it says what the user is in fact going to type, but each word of it is known only with some probability;
 * in place of one that is not, another word of the file comes. What is known depends on the place in the final text alone, so that it
 * says the same from one keystroke to the next, and says it to everybody. Where the user is about to take back what stands before the
 * cursor, or does not go on, it makes a line up, or says nothing. After that it makes up line after line, as models do.
 */
export class Oracle {
	readonly #foresight: Foresight;
	readonly #words = new Map<Stay, readonly Word[]>();

	constructor(foresight: Foresight) {
		this.#foresight = foresight;
	}

	/** No more than about so many characters of it. */
	answer({ text, offset, cursor, stay }: Place, most: number): string {
		const typed = text.slice(stay.start, offset);
		if (offset > stay.start && !stay.text.startsWith(typed)) return this.#goOn(this.#madeUp(text, offset), text, stay, most);
		const said = this.#foreseen({ text, offset, cursor, stay });
		if (said) return this.#goOn(said.text + this.#rest(lineRest(text.slice(cursor)), stay, said.isRight), text, stay, most);
		const key = `silent ${this.#foresight.seed} ${stay.number} ${text.slice(offset - 20, offset)}`;
		return chance(key) < this.#foresight.silent ? '' : this.#goOn(this.#madeUp(text, offset), text, stay, most);
	}

	/** What is going to be typed from a place on, as far as it is known; undefined when nothing is. */
	#foreseen({ text, offset, cursor, stay }: Place): { readonly text: string; readonly isRight: boolean } | undefined {
		// From here on all offsets count from where the context begins.
		const words = this.#wordsOf(text, stay);
		const contextStart = Math.max(0, stay.start - leftContext);
		const end = contextStart + words.reduce((sum, word) => sum + word.text.length, 0) - this.#alreadyBelow(text, cursor, stay);
		if (offset >= end || offset < contextStart) return undefined;
		let said = '';
		let isRight = true;
		for (const word of words) {
			const start = contextStart + word.start;
			if (start + word.text.length <= offset || start >= end) continue;
			const given = Math.max(0, offset - start);
			const isClear = word.isKnown || given >= word.needs;
			isRight &&= isClear;
			said += isClear ? word.text.slice(given, end - start) : this.#another(text, offset, word, given);
		}
		return { text: said, isRight };
	}

	/** What stands behind the cursor on its line, where an answer goes on with it. */
	#rest(rest: string, { number }: Stay, isRight: boolean): string {
		const isLedUpTo = chance(`rest ${this.#foresight.seed} ${number} ${rest}`) < comesToText[isRight ? 'right' : 'wrong'];
		return !isOnlyClosers(rest) && isLedUpTo ? rest : '';
	}

	/** Lines that nobody is going to type, as many as there is room for; the same ones for as long as somebody stays. */
	#goOn(said: string, text: string, { start, number }: Stay, most: number): string {
		const candidates = wordsBefore(text, start);
		const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1))?.[0] ?? '';
		let answer = said;
		for (let line = 0; answer.length < Math.min(most, longest); line++) {
			const key = `${line} ${this.#foresight.seed} ${number}`;
			if (chance(`end ${key}`) < ends) break;
			const depth = chance(`leave ${key}`) < leaves ? indent.slice(0, indent.length / 2) : indent;
			answer += `${chance(`blank ${key}`) < blankLines ? '\n' : ''}\n${depth}${madeUpLine(candidates, key)}`;
		}
		return answer;
	}

	/** Closers that stand after the cursor already, and will still when the user leaves, are not for the model to say. */
	#alreadyBelow(text: string, cursor: number, stay: Stay): number {
		const below = text.slice(cursor, text.length - stay.below);
		return cursor >= stay.start && stay.text.endsWith(below) ? below.length : 0;
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

	/** A space that was left out of the prompt stands there all the same. */
	#madeUp(text: string, offset: number): string {
		const key = `${this.#foresight.seed} ${text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)}`;
		return `${/[ \t]/.test(text[offset] ?? '') ? ' ' : ''}${madeUpLine(wordsBefore(text, offset), key)}`;
	}
}

function madeUpLine(candidates: readonly string[], key: string): string {
	const count = 1 + Math.floor(chance(`length ${key}`) * 5);
	const words = Array.from({ length: count }, (_, i) => candidates[Math.floor(chance(`${i} ${key}`) * candidates.length)] ?? 'value');
	return `${words.join(' ')};`;
}

function wordsBefore(text: string, offset: number): string[] {
	return [...new Set(text.slice(Math.max(0, offset - 400), offset).match(/\b[\p{L}_$][\p{L}\p{N}_$]{2,}\b/gu))];
}
