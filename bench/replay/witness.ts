import { isOnlyClosers } from '../../src/completion/gate.ts';
import type { FimTemplate } from '../../src/model/fim.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';
import type { Suggested } from '../editor/editor.ts';
import { textBefore } from '../prompt-text.ts';

const mostRemembered = 300;
/** Before the place that was asked about, and before the cursor where something is shown. */
const heardBefore = 300;
const shownBefore = 60;
/** Characters of what is shown; further on it may have been trimmed. */
const shownLength = 12;
/** Characters at the beginning of an answer. */
const mostLeftOut = 40;

interface Answer {
	/** What stands before the place that was asked about, and what the answer had to begin with. */
	readonly before: string;
	/** What came after that, as far as it has come. */
	text: string;
}

/** Hears what a model says and knows where the cursor is, and so whether what is shown there has anything to do with that. */
export class Witness {
	readonly #said: Answer[] = [];
	#text = '';
	#cursor = 0;

	placed(text: string, cursor: number): void {
		this.#text = text;
		this.#cursor = cursor;
	}

	/** The same model, overheard. */
	listenTo(model: LanguageModel, template: FimTemplate): LanguageModel {
		const said = this.#said;
		return {
			facts: (signal) => model.facts(signal),
			async *generate(options, signal) {
				const { prompt, start = '' } = options;
				const answer = { before: (textBefore(prompt, template) + start).slice(-heardBefore), text: '' };
				said.push(answer);
				if (said.length > mostRemembered) said.shift();
				let text = '';
				for await (const piece of model.generate(options, signal)) {
					text += piece;
					answer.text = text.slice(start.length);
					yield piece;
				}
			},
		};
	}

	/**
	 * Whether text is what the model said about what stands before the cursor, or what follows on the same line elsewhere, and takes the place
	 * of nothing but closers. How it is laid out and ended does not matter, nor that a word was left out that the model said twice.
	 */
	fits({ text, replaces }: Suggested): boolean {
		const covered = this.#text.slice(this.#cursor, this.#cursor + replaces);
		if (covered.includes('\n') || !isOnlyClosers(covered)) return false;
		const shown = beginningOf(text);
		const before = squeezed(this.#text.slice(Math.max(0, this.#cursor - shownBefore), this.#cursor));
		const line = squeezed(this.#text.slice(this.#text.lastIndexOf('\n', this.#cursor - 1) + 1, this.#cursor));
		// The latest is the likeliest.
		const isSaid = this.#said.findLast((answer) => readings(answer).some((said) => goesOn(squeezed(said), before, shown))) !== undefined;
		return isSaid || (line !== '' && squeezed(this.#text).includes(line + shown));
	}
}

/** A word that stands there already, and that the model says again, may be meant once. */
function readings({ before, text }: Answer): string[] {
	const word = /[\p{L}\p{N}_$]+$/u.exec(before)?.[0] ?? '';
	return word !== '' && text.startsWith(word) ? [before + text, before + text.slice(word.length)] : [before + text];
}

/** What stands before the cursor may come once more in what was said. */
function goesOn(said: string, before: string, shown: string): boolean {
	for (let at = said.indexOf(before); at >= 0; at = said.indexOf(before, at + 1)) {
		const from = at + before.length;
		if (said.slice(from, from + mostLeftOut + shown.length).includes(shown)) return true;
		if (before === '') return false;
	}
	return false;
}

/** The first characters of the first line with text in it, without what only ends something. */
function beginningOf(text: string): string {
	const line = squeezed(text.split('\n').find((part) => part.trim() !== '') ?? '');
	return line.slice(0, shownLength).replace(/[)\]}>'"`;,*/]+$/, '');
}

function squeezed(text: string): string {
	return text.replaceAll(/\s+/g, '');
}
