import type { Backend } from './backend.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';

/** The model that the user chose; another choice takes effect with the next request. */
export class ChosenModel implements LanguageModel {
	readonly #backend: () => Backend;
	readonly #models: Readonly<Record<Backend['kind'], LanguageModel>>;

	constructor(backend: () => Backend, models: Readonly<Record<Backend['kind'], LanguageModel>>) {
		this.#backend = backend;
		this.#models = models;
	}

	facts(signal: AbortSignal): Promise<ModelFacts> {
		return this.#models[this.#backend().kind].facts(signal);
	}

	generate(options: GenerateOptions, signal: AbortSignal): AsyncIterable<string> {
		return this.#models[this.#backend().kind].generate(options, signal);
	}
}
