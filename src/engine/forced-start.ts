import type { LlamaModel, LlamaModule, Token, TokenBias } from './llama.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Far above any difference between two tokens that a model sees, and small enough to keep such differences exact. */
const preference = 1000;

/**
 * Makes an answer begin with given text, token by token: at each step only tokens that are compatible with what is still to come are
 * let win, and among these the model's favourite does. So `retu` becomes `return` in one token, as the model would have written
 * it, and not `ret` and `u`, which it never saw ("token healing").
 */
export class ForcedStart {
	readonly #llama: LlamaModule;
	readonly #model: LlamaModel;
	readonly #vocabulary: Vocabulary;
	#rest: string;
	/** Exactly these, where a character is made of several tokens that are no text by themselves. */
	#spelled: Token[] = [];

	constructor(llama: LlamaModule, model: LlamaModel, vocabulary: Vocabulary, start: string) {
		this.#llama = llama;
		this.#model = model;
		this.#vocabulary = vocabulary;
		this.#rest = start;
	}

	/** For the next token. */
	bias(): TokenBias {
		const bias = this.#llama.TokenBias.for(this.#model);
		for (const token of this.#allowed()) bias.set(token, { logit: preference });
		return bias;
	}

	/** Call for every token that was chosen. */
	take(token: Token): void {
		if (this.#spelled.length > 0) {
			this.#spelled.shift();
			return;
		}
		const { length } = this.#model.detokenize([token], false);
		this.#rest = this.#rest.slice(length);
	}

	#allowed(): readonly Token[] {
		if (this.#spelled.length === 0 && this.#rest !== '') {
			const compatible = this.#vocabulary.compatibleWith(this.#rest);
			if (compatible.length > 0) return compatible;
			this.#spelled = this.#model.tokenize(this.#rest, false);
			this.#rest = '';
		}
		return this.#spelled.slice(0, 1);
	}
}
