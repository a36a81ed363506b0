import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { delay } from './abortable.ts';
import { endsAtOnceIf, isHanging } from './hanging.ts';
import { within } from './within.ts';

export interface ThreadOptions<Report> {
	/** What runs in it. */
	readonly script: string;
	/** As tools for developers show it. */
	readonly name: string;
	/** What it is started with. */
	readonly data: unknown;
	/** Megabytes of its heap. An editor without memory is worse than one without a thread. */
	readonly heap: number;
	readonly limits?: Partial<ThreadLimits> | undefined;
	/** One is there that knows nothing yet. */
	readonly onStart: () => void;
	readonly onReport: (report: Report) => void;
	/** It ended by itself: why, and when another one is started; undefined for never. */
	readonly onEnd: (why: string, nextMs: number | undefined) => void;
}

/** In milliseconds, but for `starts`. */
export interface ThreadLimits {
	/** The first wait after a crash; it doubles. */
	readonly firstWait: number;
	/** One that lived so long is not one of a row that crash. */
	readonly longLife: number;
	/** How many crash in a row until they are given up. */
	readonly starts: number;
	/** For one that is told to end, before nobody waits for it any more. */
	readonly end: number;
}

const usual: ThreadLimits = { firstWait: 1000, longLife: 600_000, starts: 4, end: 1000 };

/**
 * A worker thread that is started again when it ends by itself: after a pause, a few times. There is never a second one: whoever is told
 * to end may hang in a call of the system, and the next begins when that is over.
 */
export class Thread<Order, Report> {
	readonly #options: ThreadOptions<Report>;
	readonly #limits: ThreadLimits;
	/** The one that is told things. */
	#current: Worker | undefined;
	/** The one that is there, perhaps told to end. */
	#last: Worker | undefined;
	#restart: NodeJS.Timeout | undefined;
	#isWanted = false;
	#crashes = 0;
	#startedAt = 0;
	#fault: string | undefined;

	constructor(options: ThreadOptions<Report>) {
		this.#options = options;
		this.#limits = { ...usual, ...options.limits };
	}

	/** Whether one can be told anything. */
	get isThere(): boolean {
		return this.#current !== undefined;
	}

	/** Does nothing where there is one, or one will be. */
	start(): void {
		if (this.#isWanted) return;
		this.#isWanted = true;
		this.#begin();
	}

	/** Nothing happens where there is none. */
	tell(order: Order): void {
		this.#current?.postMessage(order);
	}

	/** Ends one that hangs; the next is started as after a crash. */
	kill(why: string): void {
		if (this.#fault !== undefined) return;
		this.#fault = why;
		void this.#current?.terminate();
	}

	/** Until it is started again. One that has something to do at its end gets an order and so many milliseconds for it. */
	async stop(last?: { readonly order: Order; readonly ms: number }): Promise<void> {
		this.#isWanted = false;
		clearTimeout(this.#restart);
		const worker = this.#current;
		this.#current = undefined;
		if (!worker) return;
		if (last) await toldToEnd(worker, last.order, last.ms);
		// One that hangs keeps nobody.
		worker.unref();
		await within(this.#limits.end, () => worker.terminate(), new AbortController().signal);
	}

	#begin(): void {
		if (!this.#isWanted || this.#last || this.#crashes >= this.#limits.starts) return;
		const { script, name, data, heap, onReport } = this.#options;
		const worker = new Worker(script, {
			workerData: data,
			resourceLimits: { maxOldGenerationSizeMb: heap },
			execArgv: [],
			env: {},
			name,
		});
		this.#current = worker;
		this.#last = worker;
		this.#fault = undefined;
		this.#startedAt = performance.now();
		worker.on('message', onReport);
		worker.once('error', (error) => {
			this.#fault ??= error instanceof Error ? error.message : String(error);
		});
		const ended = endsAtOnceIf(() => isHanging(worker));
		worker.once('exit', () => {
			ended();
			this.#ended(worker);
		});
		this.#options.onStart();
	}

	#ended(worker: Worker): void {
		this.#last = undefined;
		if (worker === this.#current) this.#crashed();
		// Somebody wants one again that had it stopped.
		else this.#begin();
	}

	#crashed(): void {
		this.#current = undefined;
		if (performance.now() - this.#startedAt > this.#limits.longLife) this.#crashes = 0;
		const wait = this.#limits.firstWait * 2 ** this.#crashes++;
		const isGivenUp = this.#crashes >= this.#limits.starts;
		this.#options.onEnd(this.#fault ?? 'its thread ended', isGivenUp ? undefined : wait);
		if (!isGivenUp) this.#restart = setTimeout(() => this.#begin(), wait).unref();
	}
}

async function toldToEnd(worker: Worker, order: unknown, ms: number): Promise<void> {
	const patience = new AbortController();
	const gone = once(worker, 'exit', { signal: patience.signal });
	worker.postMessage(order);
	await Promise.race([gone, delay(ms, patience.signal)]).catch(() => {});
	patience.abort();
}
