import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { ModelError, type ModelErrorCode } from './model-error.ts';

/** What a gateway fails with when it is none. */
const notAGateway: ReadonlySet<ModelErrorCode> = new Set(['unreachable', 'bad-response']);

/** Whatever answers at the address that the user chose: a Co-Clone gateway, or else an Ollama. What it is stays so until another is chosen. */
export class ServerModel implements LanguageModel {
	readonly #gateway: LanguageModel;
	readonly #ollama: LanguageModel;
	readonly #url: () => string | undefined;
	#known: { readonly url: string; readonly model: LanguageModel } | undefined;

	/** `url` is undefined where the user named none: then it is Ollama, where that is expected. */
	constructor(gateway: LanguageModel, ollama: LanguageModel, url: () => string | undefined) {
		this.#gateway = gateway;
		this.#ollama = ollama;
		this.#url = url;
	}

	async facts(signal: AbortSignal): Promise<ModelFacts> {
		const url = this.#url();
		if (url === undefined) return this.#ollama.facts(signal);
		if (this.#known?.url === url) return this.#known.model.facts(signal);
		try {
			const facts = await this.#gateway.facts(signal);
			this.#known = { url, model: this.#gateway };
			return facts;
		} catch (error) {
			if (!(error instanceof ModelError) || !notAGateway.has(error.code)) throw error;
			const facts = await this.#ollama.facts(signal).catch((other) => {
				// With nobody there, it is the gateway that was looked for.
				throw other instanceof ModelError && other.code === 'unreachable' ? error : other;
			});
			this.#known = { url, model: this.#ollama };
			return facts;
		}
	}

	generate(options: GenerateOptions, signal: AbortSignal): AsyncIterable<string> {
		const url = this.#url();
		const model = url !== undefined && this.#known?.url === url ? this.#known.model : this.#ollama;
		return model.generate(options, signal);
	}
}
