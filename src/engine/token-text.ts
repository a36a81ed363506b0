import type { LlamaModel, Token } from './llama.ts';

/** A character has at most four bytes, so four tokens that still end in half of one are not waiting for the rest. */
const mostPending = 4;

/** Turns tokens into text. A character may be spread over several tokens: it comes out when it is whole. */
export class TokenText {
	readonly #model: LlamaModel;
	#before: Token[];
	#pending: Token[] = [];

	/** `before` are the tokens that the text follows. */
	constructor(model: LlamaModel, before: readonly Token[]) {
		this.#model = model;
		this.#before = before.slice(-mostPending);
	}

	push(token: Token): string {
		this.#pending.push(token);
		// With special tokens as text, because some of them are stops.
		const text = this.#model.detokenize(this.#pending, true, this.#before);
		if (text.endsWith('\uFFFD') && this.#pending.length < mostPending) return '';
		this.#before = [...this.#before, ...this.#pending].slice(-mostPending);
		this.#pending = [];
		return text;
	}
}
