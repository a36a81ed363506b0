import { abortable } from '../std/abortable.ts';
import { Lane } from '../std/lane.ts';
import type { EngineClient } from './engine-client.ts';
import type { LoadedFile, ModelFile } from './engine-wire.ts';
import { fileTemplate } from './file-template.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { ModelError } from './model-error.ts';
import { Speedometer } from './speed.ts';

export interface EmbeddedSettings {
	/** As the user knows it, for example `qwen2.5-coder:0.5b`. */
	readonly name: string;
	/** A file in GGUF format. */
	readonly modelPath: string;
	/** Tokens, prompt and answer together. Costs memory. */
	readonly contextLength: number;
}

const never = new AbortController().signal;

/**
 * A model that llama.cpp runs for us, in a process of its own.
 *
 * Invariant: never two requests at once from this window (`#lane`); the engine sees to it that there are never two from all windows.
 */
export class EmbeddedModel implements LanguageModel {
	readonly #settings: () => EmbeddedSettings;
	readonly #engine: EngineClient;
	readonly #onLoaded: (file: LoadedFile) => void;
	readonly #lane = new Lane();
	readonly #speedometers = new Map<string, Speedometer>();
	#known: { readonly key: string; readonly file: Promise<LoadedFile> } | undefined;

	/**
	 * Settings are read at every request, so that a change takes effect at once.
	 * @param onLoaded is called when the engine has said what it loaded, and where it runs
	 */
	constructor(settings: () => EmbeddedSettings, engine: EngineClient, onLoaded: (file: LoadedFile) => void = () => {}) {
		this.#settings = settings;
		this.#engine = engine;
		this.#onLoaded = onLoaded;
	}

	/** Loads the model the first time. */
	async facts(signal: AbortSignal): Promise<ModelFacts> {
		const model = this.#model();
		const { basename: said, canFill, contextLength } = await abortable(this.#load(model), signal);
		const template = fileTemplate(model, said);
		if (!template || !canFill) {
			throw new ModelError('no-infill', `The model ${model.name} cannot fill a hole in code (no fill-in-the-middle).`);
		}
		return { name: model.name, template, contextLength, canConstrain: true, speed: this.#speedometer(model).speed };
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const { prompt, maxTokens, stop, start, grammar, sampling, onLoaded, onRead, onEnd } = options;
		const model = this.#model();
		const leave = await this.#lane.enter(signal);
		onLoaded?.(0);
		const arrived = this.#speedometer(model).start(prompt, () => performance.now());
		const question = { kind: 'generate', model, prompt, maxTokens: Math.max(1, maxTokens), stop, start, grammar, sampling } as const;
		try {
			for await (const reply of this.#engine.ask(question, signal)) {
				if (reply.kind === 'text') {
					arrived();
					yield reply.text;
				} else if (reply.kind === 'read') {
					onRead?.({ tokens: reply.tokens, cached: reply.cached });
				} else if (reply.kind === 'end') {
					onEnd?.({ promptTokens: reply.promptTokens, completionTokens: reply.completionTokens });
				}
			}
		} catch (error) {
			if (error instanceof ModelError) this.#known = undefined;
			throw error;
		} finally {
			leave();
		}
	}

	/** Bytes of memory that the engine takes, the model included. */
	async memory(signal: AbortSignal): Promise<number> {
		for await (const reply of this.#engine.ask({ kind: 'memory' }, signal)) {
			if (reply.kind === 'memory') return reply.bytes;
		}
		throw new ModelError('bad-response', 'The embedded engine did not say how much memory it takes.');
	}

	#model(): ModelFile {
		const { name, modelPath, contextLength } = this.#settings();
		return { name, path: modelPath, contextLength };
	}

	/** Not bound to a caller's signal: whoever comes next needs the answer too. */
	#load(model: ModelFile): Promise<LoadedFile> {
		const key = JSON.stringify(model);
		if (this.#known?.key === key) return this.#known.file;
		const known = { key, file: this.#askForFile(model) };
		this.#known = known;
		known.file.catch(() => {
			if (this.#known === known) this.#known = undefined;
		});
		return known.file;
	}

	async #askForFile(model: ModelFile): Promise<LoadedFile> {
		for await (const reply of this.#engine.ask({ kind: 'load', model }, never)) {
			if (reply.kind !== 'loaded') continue;
			this.#onLoaded(reply.file);
			return reply.file;
		}
		throw new ModelError('bad-response', 'The embedded engine did not say what it loaded.');
	}

	#speedometer(model: ModelFile): Speedometer {
		const known = this.#speedometers.get(model.path) ?? new Speedometer();
		this.#speedometers.set(model.path, known);
		return known;
	}
}
