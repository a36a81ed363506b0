import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { ModelError } from './model-error.ts';

/** How long a choice stands before the first model is tried again, in milliseconds. */
const standsFor = 30_000;

/**
 * Asks the first of two models, and the second as long as there is no asking the first: no server, or no model that could fill holes.
 * Other failures are the first one's own: a server that is merely busy is not left for another.
 */
export class FallbackModel implements LanguageModel {
	readonly #first: LanguageModel;
	readonly #second: LanguageModel;
	readonly #now: () => number;
	readonly #onFallBack: (why: ModelError, facts: ModelFacts) => void;
	#isSecond = false;
	#chosenAt = Number.NEGATIVE_INFINITY;

	/** `onFallBack` is called when the second takes over, with the reason; again only after the first was back. */
	constructor(first: LanguageModel, second: LanguageModel, now: () => number, onFallBack: (why: ModelError, facts: ModelFacts) => void) {
		this.#first = first;
		this.#second = second;
		this.#now = now;
		this.#onFallBack = onFallBack;
	}

	async facts(signal: AbortSignal): Promise<ModelFacts> {
		if (this.#isSecond && this.#now() - this.#chosenAt < standsFor) return this.#second.facts(signal);
		try {
			const facts = await this.#first.facts(signal);
			this.#isSecond = false;
			return facts;
		} catch (why) {
			if (!(why instanceof ModelError) || !isAbsence(why)) throw why;
			return this.#fallBack(why, signal);
		}
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		yield* (this.#isSecond ? this.#second : this.#first).generate(options, signal);
	}

	async #fallBack(why: ModelError, signal: AbortSignal): Promise<ModelFacts> {
		// With neither, what is wrong with the second is what the user hears.
		const facts = await this.#second.facts(signal);
		if (!this.#isSecond) this.#onFallBack(why, facts);
		this.#isSecond = true;
		this.#chosenAt = this.#now();
		return facts;
	}
}

function isAbsence({ code }: ModelError): boolean {
	return code === 'unreachable' || code === 'model-missing' || code === 'no-infill' || code === 'not-allowed' || code === 'bad-response';
}
