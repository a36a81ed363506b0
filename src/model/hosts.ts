import { networkInterfaces } from 'node:os';
import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { ModelError } from './model-error.ts';

/** The name of another machine that an address leads to; undefined where it leads to this one, or nowhere. */
export function otherMachine(url: string): string | undefined {
	if (!URL.canParse(url)) return undefined;
	const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
	return host === '' || isLoopback(host) || isOwn(host) ? undefined : host;
}

function isLoopback(host: string): boolean {
	return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|::1?|::ffff:7f[\da-f]{2}:[\da-f]+)$/i.test(host);
}

function isOwn(host: string): boolean {
	return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host));
}

/** A model that is asked for nothing, and told nothing, as long as there is something against that. */
export class GuardedModel implements LanguageModel {
	readonly #model: LanguageModel;
	readonly #refuse: () => void;

	/** `refuse` throws where the model may not be asked. It is called before every question. */
	constructor(model: LanguageModel, refuse: () => void) {
		this.#model = model;
		this.#refuse = refuse;
	}

	async facts(signal: AbortSignal): Promise<ModelFacts> {
		this.#refuse();
		return this.#model.facts(signal);
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		this.#refuse();
		yield* this.#model.generate(options, signal);
	}
}

/** Refuses a host that nobody has said may have code. */
export function refuseHost(host: string): never {
	throw new ModelError('not-allowed', `It is on ${host}, which is not this machine.`);
}
