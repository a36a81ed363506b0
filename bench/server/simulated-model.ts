import { fimTemplate } from '../../src/model/fim.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from '../../src/model/language-model.ts';
import { Speedometer } from '../../src/model/speed.ts';
import { Lane } from '../../src/std/lane.ts';
import { type Clock, delay } from '../clock.ts';
import type { SimulatedServer } from './server.ts';

/** Everybody's model is one with these tokens, whichever they would take it for. */
export const template = (() => {
	const found = fimTemplate({ name: 'deepseek-coder:1.3b-base', canInsert: false });
	if (!found) throw new Error('deepseek-coder has a template.');
	return found;
})();

/** As Ollama has it unless somebody says otherwise. */
const contextLength = 4096;
/** Until the socket of an aborted request is closed (`ollama-client.ts`). */
const closingMs = 1;
const never = new AbortController().signal;

/** The extension's way to a server, as `OllamaModel` has it, without the network in between. */
export class SimulatedModel implements LanguageModel {
	readonly #server: SimulatedServer;
	readonly #clock: Clock;
	readonly #canConstrain: boolean;
	readonly #answer: (prompt: string, start: string, maxTokens: number) => string;
	readonly #lane = new Lane();
	readonly #speedometer = new Speedometer();

	constructor(
		server: SimulatedServer,
		clock: Clock,
		canConstrain: boolean,
		answer: (prompt: string, start: string, maxTokens: number) => string,
	) {
		this.#server = server;
		this.#clock = clock;
		this.#canConstrain = canConstrain;
		this.#answer = answer;
	}

	async facts(): Promise<ModelFacts> {
		return { name: 'simulated', template, contextLength, canConstrain: this.#canConstrain, speed: this.#speedometer.speed };
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const leave = await this.#lane.enter(signal);
		options.onLoaded?.(0);
		const arrived = this.#speedometer.start(options.prompt, () => this.#clock.now());
		let isComplete = false;
		let tokens = 0;
		try {
			for await (const piece of this.#server.generate(
				options,
				(prompt) => this.#answer(prompt, options.start ?? '', options.maxTokens),
				signal,
			)) {
				arrived();
				tokens++;
				yield piece;
			}
			isComplete = true;
			options.onEnd?.({ promptTokens: null, completionTokens: tokens });
		} finally {
			if (!isComplete) await delay(closingMs, never);
			leave();
		}
	}
}
