import type { Token } from './llama.ts';

interface Entry {
	readonly token: Token;
	readonly text: string;
}

/** The texts of all tokens, in order, so that those that may stand at a place are found without looking at the rest. */
export class Vocabulary {
	readonly #entries: readonly Entry[];

	/** Tokens without a text (special ones) and parts of characters are left out. */
	constructor(tokens: Iterable<Token>, textOf: (token: Token) => string) {
		this.#entries = Array.from(tokens, (token) => ({ token, text: textOf(token) }))
			.filter(({ text }) => text !== '' && !text.includes('\uFFFD'))
			.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
	}

	/**
	 * Tokens that may come where `text` has to come: those that begin it, and those that it begins. For `retu` these are
	 * `r`, `ret`, `return`, `returned` and the like; which of them is natural is for the model to say.
	 */
	compatibleWith(text: string): Token[] {
		const whole = this.#from(text, (entry) => entry.text.startsWith(text));
		const parts = Array.from(text.slice(1), (_, index) => text.slice(0, index + 1));
		return [...parts.flatMap((part) => this.#from(part, (entry) => entry.text === part)), ...whole];
	}

	/** Entries in order from the first that is not before `text`, as long as they match. */
	#from(text: string, matches: (entry: Entry) => boolean): Token[] {
		const tokens: Token[] = [];
		for (let at = this.#firstNotBefore(text); ; at++) {
			const entry = this.#entries[at];
			if (!entry || !matches(entry)) return tokens;
			tokens.push(entry.token);
		}
	}

	#firstNotBefore(text: string): number {
		let low = 0;
		let high = this.#entries.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#entries[middle]?.text ?? '') < text) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
