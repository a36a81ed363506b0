import { isOnlyClosers } from '../../src/completion/gate.ts';
import type { FimTemplate } from '../../src/model/fim.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';
import type { Suggested } from '../editor/editor.ts';
import { textBefore } from '../prompt-text.ts';

const mostRemembered = 20_000;
/** Before the place that was asked about, and before the cursor where something is shown. */
const heardBefore = 300;
const shownBefore = 60;
/** Characters of what is shown; further on it may have been trimmed. */
const shownLength = 12;
const longestEcho = 20;

/** Hears what a model says and knows where the cursor is, and so whether what is shown there has anything to do with that. */
export class Witness {
	readonly #said: string[] = [];
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
				const before = textBefore(options.prompt, template).slice(-heardBefore);
				let text = '';
				for await (const piece of model.generate(options, signal)) {
					if (text !== '') said.splice(said.lastIndexOf(before + text), 1);
					text += piece;
					said.push(before + text);
					if (said.length > mostRemembered) said.shift();
					yield piece;
				}
			},
		};
	}

	/**
	 * Whether text continues what stands before the cursor as the model did, or as another line does (recall), and takes the place of nothing
	 * but closers. Brackets and white space may have been fitted to the place, and an echo of the word before the cursor left out.
	 */
	fits({ text, replaces }: Suggested): boolean {
		const before = this.#text.slice(Math.max(0, this.#cursor - shownBefore), this.#cursor);
		const shown = lettersOf(text.split('\n', 1)[0]?.slice(0, shownLength) ?? '');
		const covered = this.#text.slice(this.#cursor, this.#cursor + replaces);
		const isKnown = this.#said.some((said) => continues(lettersOf(said), lettersOf(before), shown)) || this.#standsElsewhere(text);
		return !covered.includes('\n') && isOnlyClosers(covered) && isKnown;
	}

	#standsElsewhere(text: string): boolean {
		const line = this.#text.slice(this.#text.lastIndexOf('\n', this.#cursor - 1) + 1, this.#cursor) + text;
		return this.#text.split('\n').some((other) => lettersOf(other) === lettersOf(line));
	}
}

function continues(said: string, before: string, shown: string): boolean {
	const start = said.lastIndexOf(before);
	return (
		said.includes(before + shown) ||
		(start >= 0 && said.slice(start + before.length, start + before.length + longestEcho + shown.length).includes(shown))
	);
}

function lettersOf(text: string): string {
	return text.replaceAll(/[^\p{L}\p{N}_$]+/gu, '');
}
