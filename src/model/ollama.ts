import type { GenerateRequest, Ollama } from 'ollama/browser';
import { abortable, delay } from '../std/abortable.ts';
import { Lane } from '../std/lane.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { ModelError } from './model-error.ts';
import { ask, exchange, type OllamaServer } from './ollama-client.ts';
import { chooseModel, expire, type InstalledModel, isSameModel, type LoadedModel, loadedModels, showModel } from './ollama-models.ts';
import { Speedometer } from './speed.ts';

export interface OllamaSettings {
	/** For example `http://127.0.0.1:11434`. */
	readonly url: string;
	/** A name as Ollama lists it; undefined lets us choose among the installed ones. */
	readonly model: string | undefined;
}

/** In milliseconds. */
export interface OllamaLimits {
	/** For questions about models, which need no model to run. */
	readonly answer: number;
	/** Without any sign of life while loading, evaluating or generating; slow machines are not broken machines. */
	readonly stall: number;
	/** The same where requests were aborted, over all of them, before the server is taken to be stuck. */
	readonly stuck: number;
	/** How long the server's word on what it has in memory is believed. */
	readonly memo: number;
}

const patient: OllamaLimits = { answer: 10_000, stall: 120_000, stuck: 30_000, memo: 2000 };

/** What Ollama loads a model with when nobody says otherwise. */
const defaultContext = 4096;

/**
 * A model served by Ollama (https://github.com/ollama/ollama/blob/main/docs/api.md).
 *
 * Invariants: never two generate requests at once (`#lane`); every request carries exactly the context length the model
 * was loaded with, because any other reloads it for everybody.
 */
export class OllamaModel implements LanguageModel {
	readonly #settings: () => OllamaSettings;
	readonly #limits: OllamaLimits;
	readonly #fetch: typeof globalThis.fetch | undefined;
	readonly #lane = new Lane();
	readonly #installed = new Memo<InstalledModel>();
	readonly #loaded = new Memo<LoadedModel>();
	readonly #speedometers = new Map<string, Speedometer>();
	/** How long, in ms, requests waited for a first piece since the last sign of life; undefined where the last one came to its end. */
	#silence: number | undefined = 0;
	/** Until the connection of a request that was left is closed. */
	#closed = Promise.resolve();

	/** Settings are read at every request, so that a change takes effect at once. */
	constructor(settings: () => OllamaSettings, limits: Partial<OllamaLimits> = {}, fetch?: typeof globalThis.fetch) {
		this.#settings = settings;
		this.#fetch = fetch;
		this.#limits = { ...patient, ...limits };
	}

	async facts(signal: AbortSignal): Promise<ModelFacts> {
		const { url } = this.#settings();
		const { name, template, trainedContext } = await this.#model(signal);
		if (!template) throw new ModelError('no-infill', `The model ${name} cannot fill a hole in code (no fill-in-the-middle).`);
		const loadedContext = this.#loaded.peek(`${url} ${name}`)?.contextLength;
		const contextLength = loadedContext ?? Math.min(defaultContext, trainedContext ?? defaultContext);
		return { name, template, contextLength, canConstrain: false, speed: this.#speedometer(url, name).speed };
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const { url } = this.#settings();
		const { name } = await this.#model(signal);
		const leave = await this.#lane.enter(signal);
		try {
			yield* this.#generateUnstuck(url, name, options, signal);
		} catch (error) {
			this.#forget(error);
			throw error;
		} finally {
			void this.#closed.then(leave);
		}
	}

	/**
	 * An Ollama that is left at the very moment when it sends the last piece keeps the model's only slot for ever (decision 5). Loading
	 * the model anew is all that helps.
	 */
	async *#generateUnstuck(url: string, name: string, options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const { stall, stuck } = this.#limits;
		const evaluation = this.#speedometer(url, name).evaluationMs(options.prompt) ?? 0;
		const left = Math.max(stuck, 5 * evaluation) - (this.#silence ?? Number.NEGATIVE_INFINITY);
		const patience = Math.min(stall, Math.max(0, left));
		let hasBegun = false;
		try {
			for await (const piece of this.#stream(url, name, options, patience, signal)) {
				hasBegun = true;
				yield piece;
			}
		} catch (error) {
			const isStuck = error instanceof ModelError && error.code === 'stalled' && !hasBegun && patience < stall;
			if (!isStuck) throw error;
			await this.#unload(url, name, signal);
			yield* this.#stream(url, name, options, stall, signal);
		}
	}

	/** A model stays in memory while anybody waits for it, be it in vain: so this waits outside of the line until it is gone. */
	async #unload(url: string, name: string, signal: AbortSignal): Promise<void> {
		const { answer, stall } = this.#limits;
		const server = this.#server(url);
		const isLeaving = await ask(server, answer, signal, (client) => expire(client, name));
		for (const toldAt = performance.now(); performance.now() - toldAt < stall; await delay(100, signal)) {
			const loaded = await ask(server, answer, signal, loadedModels);
			if (!loaded.some((model) => isSameModel(model.name, name) && isLeaving(model))) break;
		}
		this.#loaded.clear();
		this.#silence = 0;
	}

	async *#stream(url: string, name: string, options: GenerateOptions, firstMs: number, signal: AbortSignal): AsyncGenerator<string> {
		const contextLength = await this.#loadedContext(url, name, options, signal);
		const speedometer = this.#speedometer(url, name);
		const isSpeedKnown = speedometer.evaluationMs(options.prompt) !== undefined;
		const arrived = speedometer.start(options.prompt, () => performance.now());
		const request = generateRequest(name, contextLength, options);
		const limits = { firstMs, stallMs: this.#limits.stall };
		const onLeaving = (closed: Promise<void>) => {
			this.#closed = closed;
		};
		const startedAt = performance.now();
		let hasBegun = false;
		let isComplete = false;
		try {
			const talk = (client: Ollama, alive: () => void) => pieces(client, request, options, alive, arrived);
			const answer = exchange(this.#server(url), limits, signal, talk, onLeaving);
			for await (const piece of answer) {
				hasBegun = true;
				yield piece;
			}
			isComplete = true;
		} finally {
			const silence = isSpeedKnown ? performance.now() - startedAt : 0;
			if (isComplete) this.#silence = undefined;
			else this.#silence = hasBegun ? 0 : (this.#silence ?? 0) + silence;
		}
	}

	async #loadedContext(url: string, name: string, { onLoaded }: GenerateOptions, signal: AbortSignal): Promise<number | undefined> {
		const startedAt = performance.now();
		try {
			return (await this.#load(url, name, signal)).contextLength;
		} finally {
			onLoaded?.(performance.now() - startedAt);
		}
	}

	#model(signal: AbortSignal): Promise<InstalledModel> {
		const { url, model } = this.#settings();
		const find = (client: Ollama) => (model === undefined ? chooseModel(client) : showModel(client, model));
		// Not bound to the caller's signal: whoever comes next needs the answer too.
		const fetchFacts = () => ask(this.#server(url), this.#limits.answer, AbortSignal.timeout(this.#limits.answer * 3), find);
		return abortable(this.#installed.get(`${url} ${model}`, fetchFacts), signal);
	}

	/** Waits until the model is in memory. A load goes on when the caller gives up: cancelled loads would start over for ever. */
	#load(url: string, name: string, signal: AbortSignal): Promise<LoadedModel> {
		const { answer, stall, memo } = this.#limits;
		const look = async () => {
			const loaded = await ask(this.#server(url), answer, never, loadedModels);
			return loaded.find((model) => isSameModel(model.name, name));
		};
		const load = async () => {
			const before = await look();
			if (before) return before;
			await ask(this.#server(url), stall, never, (client) => client.generate({ model: name, prompt: '' }));
			return (await look()) ?? { name, contextLength: undefined, expiresAt: Number.NaN };
		};
		return abortable(this.#loaded.get(`${url} ${name}`, load, memo), signal);
	}

	#server(url: string): OllamaServer {
		return { url, fetch: this.#fetch };
	}

	#speedometer(url: string, name: string): Speedometer {
		const key = `${url} ${name}`;
		const known = this.#speedometers.get(key) ?? new Speedometer();
		this.#speedometers.set(key, known);
		return known;
	}

	/** After a failure nothing that was known of the server is certain any more. */
	#forget(error: unknown): void {
		if (!(error instanceof ModelError)) return;
		this.#installed.clear();
		this.#loaded.clear();
	}
}

/** A signal for work that several wait for and nobody may cancel. */
const never = new AbortController().signal;

async function* pieces(
	client: Ollama,
	request: GenerateRequest & { stream: true },
	options: GenerateOptions,
	alive: () => void,
	arrived: () => void,
): AsyncGenerator<string> {
	const chunks = (await client.generate(request))[Symbol.asyncIterator]();
	let received = 0;
	const next = async () => {
		const { value: chunk } = await chunks.next();
		alive();
		if (chunk?.done) options.onEnd?.({ promptTokens: chunk.prompt_eval_count ?? null, completionTokens: chunk.eval_count ?? null });
		return chunk;
	};
	try {
		for (let chunk = await next(); chunk && !chunk.done; chunk = await next()) {
			if (!chunk.response) continue;
			received++;
			arrived();
			yield chunk.response;
		}
	} finally {
		// The end is on its way; leaving now is what Ollama can get stuck on.
		if (received >= options.maxTokens) await next().catch(() => {});
	}
}

function generateRequest(model: string, contextLength: number | undefined, options: GenerateOptions) {
	const { prompt, suffix, maxTokens, stop, sampling } = options;
	const raw = suffix === undefined ? { raw: true } : { suffix };
	return {
		model,
		prompt,
		...raw,
		stream: true as const,
		// Cutting the prompt to size is ours to do; a server that cuts it loses the hole.
		truncate: false,
		think: false,
		options: {
			// 0 would mean "without end".
			num_predict: Math.max(1, maxTokens),
			...(sampling ?? { temperature: 0 }),
			stop: stop.slice(0, 4),
			...(contextLength === undefined ? {} : { num_ctx: contextLength }),
		},
	};
}

/** Remembers promises by key; failures are forgotten at once, values after `maxAge` ms. One at a time is made per key. */
class Memo<T> {
	readonly #entries = new Map<string, { promise: Promise<T>; settledAt: number; value: T | undefined }>();

	get(key: string, make: () => Promise<T>, maxAge = Number.POSITIVE_INFINITY): Promise<T> {
		const known = this.#entries.get(key);
		if (known && performance.now() - known.settledAt <= maxAge) return known.promise;
		const entry = { promise: make(), settledAt: Number.POSITIVE_INFINITY, value: known?.value };
		this.#entries.set(key, entry);
		entry.promise.then(
			(value) => {
				entry.value = value;
				entry.settledAt = performance.now();
			},
			() => {
				if (this.#entries.get(key) === entry) this.#entries.delete(key);
			},
		);
		return entry.promise;
	}

	/** The latest value, of any age. */
	peek(key: string): T | undefined {
		return this.#entries.get(key)?.value;
	}

	clear(): void {
		this.#entries.clear();
	}
}
