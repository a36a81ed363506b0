import { Lane } from '../../src/std/lane.ts';
import { delay } from '../clock.ts';
import type { Profile } from './profile.ts';
import { longestCommonPrefix, reusable } from './reuse.ts';
import type { Tokenizer } from './tokenizer.ts';

/** One request as the server saw it. */
export interface Served {
	readonly isWarmUp: boolean;
	readonly promptTokens: number;
	/** Prompt tokens that were not there from the request before. */
	evaluated: number;
	decoded: number;
	/** Until it is over: undefined. */
	end: 'finished' | 'enough' | 'left' | 'left in queue' | 'failed' | undefined;
}

export interface ServerRequest {
	readonly prompt: string;
	readonly maxTokens: number;
	readonly stop: readonly string[];
}

/** In what servers differ. */
export interface ServerTraits {
	/** Tokens that are evaluated at a time: between two such batches it notices that a client has left. Without: only after the prompt. */
	readonly batch?: (profile: Profile) => number;
	/** Until it notices that a client has left while the answer comes. */
	readonly tokensAfterLeaving: number;
	/** Stretches of so many evaluated tokens are kept also when they have moved. */
	readonly cacheReuse?: number;
	/** Whether an answer can be made to begin with given text. */
	readonly canConstrain: boolean;
}

/** Before 0.30, with `OLLAMA_NUM_PARALLEL=1`. */
export const ollama: ServerTraits = { tokensAfterLeaving: 1, canConstrain: false };
/** As llama.vscode starts it. */
export const llamaServer: ServerTraits = { batch: () => 1024, tokensAfterLeaving: 1, cacheReuse: 256, canConstrain: false };
/** The extension's own (`src/engine/`). */
export const embedded: ServerTraits = { batch: ({ isGraphics }) => (isGraphics ? 512 : 64), tokensAfterLeaving: 0, canConstrain: true };

const never = new AbortController().signal;

/** The reason to abort with for who has enough; any other says that the answer is not wanted any more. */
export const enough = Symbol('enough');

/**
 * What a server does with requests for one model, in time:
 *
 * - One request at a time, the others wait in line; who leaves the line costs nothing.
 * - The longest beginning that a prompt shares with what was evaluated last is not evaluated again, but for the last token.
 * - Who leaves during the evaluation of the prompt ends it after the batch, if the server looks; who leaves while the answer comes ends
 *   that after a token or two.
 *
 * What it says is not its business: `answer` gives the text, whose tokens come one by one.
 */
export class SimulatedServer {
	readonly served: Served[] = [];
	readonly #profile: Profile;
	readonly #tokenizer: Tokenizer;
	readonly #slot = new Lane();
	readonly #traits: ServerTraits;
	#cache: readonly number[] = [];

	constructor(profile: Profile, tokenizer: Tokenizer, traits: ServerTraits) {
		this.#profile = profile;
		this.#tokenizer = tokenizer;
		this.#traits = traits;
	}

	/** Ending the iteration early, or aborting the signal, closes the connection. */
	async *generate(request: ServerRequest, answer: (prompt: string) => string, signal: AbortSignal): AsyncGenerator<string> {
		const prompt = this.#tokenizer.encode(request.prompt);
		const served: Served = { isWarmUp: request.maxTokens === 1, promptTokens: prompt.length, evaluated: 0, decoded: 0, end: undefined };
		this.served.push(served);
		const connection = new Connection(signal);
		const tokens = this.#tokenizer.encode(answer(request.prompt)).slice(0, request.maxTokens);
		try {
			const leave = await this.#slot.enter(connection.left).catch((reason) => {
				served.end = 'left in queue';
				throw reason;
			});
			// Whoever asked may go; what was begun goes on.
			void this.#work(request.stop, prompt, tokens, connection, served).finally(leave);
			yield* connection.received();
		} finally {
			connection.close();
		}
	}

	async #work(stop: readonly string[], prompt: number[], tokens: number[], connection: Connection, served: Served): Promise<void> {
		await this.#read(prompt, connection, served);
		if (this.#traits.batch !== undefined && connection.left.aborted) {
			served.end = connection.ending;
			return;
		}
		const stopped = new StopStrings(stop, this.#tokenizer);
		let unheard = 0;
		for (const [index, token] of tokens.entries()) {
			if (index > 0) await delay(this.#profile.stepMs, never);
			served.decoded++;
			// The last token is known, but not evaluated yet.
			this.#cache = [...prompt, ...tokens.slice(0, index)];
			connection.send(stopped.take(token));
			if (stopped.isOver) break;
			if (connection.left.aborted && unheard++ >= this.#traits.tokensAfterLeaving) break;
		}
		served.end = connection.ending;
		connection.send(stopped.rest());
		connection.end();
	}

	/** Evaluates what is new of a prompt; the first token of the answer takes no time of its own. */
	async #read(prompt: readonly number[], connection: Connection, served: Served): Promise<void> {
		const { overheadMs, stepMs, prefillTokensPerSecond } = this.#profile;
		const batch = this.#traits.batch?.(this.#profile) ?? prompt.length;
		await delay(overheadMs, never);
		for (let at = this.#kept(prompt); at < prompt.length && !(this.#traits.batch && connection.left.aborted); at += batch) {
			const tokens = Math.min(batch, prompt.length - at);
			await delay(Math.max(stepMs, (tokens / prefillTokensPerSecond) * 1000), never);
			served.evaluated += tokens;
			this.#cache = prompt.slice(0, at + tokens);
		}
	}

	/** At least the last token is evaluated: the answer follows from it. */
	#kept(prompt: readonly number[]): number {
		const { cacheReuse } = this.#traits;
		const kept = longestCommonPrefix(this.#cache, prompt);
		const moved = cacheReuse === undefined ? 0 : reusable(this.#cache, prompt, kept, cacheReuse);
		return Math.max(0, Math.min(kept + moved, prompt.length - 1));
	}
}

/** A client's end of a request: gets pieces until it leaves. */
class Connection {
	readonly #pieces: string[] = [];
	readonly #leaving = new AbortController();
	readonly #signal: AbortSignal;
	#isOver = false;
	#wake = () => {};

	constructor(signal: AbortSignal) {
		this.#signal = signal;
		if (signal.aborted) this.#leave();
		signal.addEventListener('abort', this.#leave, { once: true });
	}

	/** How it ended, or is going to if nobody leaves. */
	get ending(): 'finished' | 'enough' | 'left' {
		if (!this.left.aborted) return 'finished';
		return this.#signal.aborted && this.#signal.reason !== enough ? 'left' : 'enough';
	}

	get left(): AbortSignal {
		return this.#leaving.signal;
	}

	send(piece: string): void {
		if (piece !== '') this.#pieces.push(piece);
		this.#wake();
	}

	end(): void {
		this.#isOver = true;
		this.#wake();
	}

	async *received(): AsyncGenerator<string> {
		for (;;) {
			this.#signal.throwIfAborted();
			const piece = this.#pieces.shift();
			if (piece !== undefined) yield piece;
			else if (this.#isOver) return;
			else await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}

	close(): void {
		this.#signal.removeEventListener('abort', this.#leave);
		if (!this.#isOver) this.#leaving.abort();
	}

	readonly #leave = () => {
		this.#leaving.abort(this.#signal.reason);
		this.#wake();
	};
}

/** Holds back what may be the beginning of a stop string, as the server does. */
class StopStrings {
	isOver = false;
	readonly #stop: readonly string[];
	readonly #tokenizer: Tokenizer;
	#held = '';

	constructor(stop: readonly string[], tokenizer: Tokenizer) {
		this.#stop = stop;
		this.#tokenizer = tokenizer;
	}

	take(token: number): string {
		const text = this.#held + this.#tokenizer.decode([token]);
		const at = this.#stop.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
		this.isOver = at.length > 0;
		const end = this.isOver ? Math.min(...at) : text.length - this.#beginning(text);
		this.#held = this.isOver ? '' : text.slice(end);
		return text.slice(0, end);
	}

	rest(): string {
		return this.isOver ? '' : this.#held;
	}

	/** How many characters at the end may become a stop string. */
	#beginning(text: string): number {
		let longest = 0;
		for (const stop of this.#stop)
			for (let length = Math.min(stop.length - 1, text.length); length > longest; length--)
				if (stop.startsWith(text.slice(-length))) longest = length;
		return longest;
	}
}
