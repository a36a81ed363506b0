import { Worker } from 'node:worker_threads';
import { abortable, delay } from '../std/abortable.ts';
import type { CodeIndex, Definition, IndexQuery } from './code-index.ts';
import type { FileChange, IndexAnswer, IndexOrder, IndexQuestion, IndexReport, WorkerStart } from './index/index-wire.ts';
import type { FolderPlace } from './index/workspace-index.ts';
import type { ContextSnippet } from './snippet.ts';

/** What is to be known of an index by whoever started it. */
export type IndexEvent = Exclude<IndexReport, IndexAnswer | { readonly kind: 'closed' }>;

export interface WorkerIndexOptions extends WorkerStart {
	/** The bundle of `src/index-worker.ts`. */
	readonly script: string;
	readonly onEvent: (event: IndexEvent) => void;
	readonly limits?: Partial<IndexLimits>;
}

/** In milliseconds, but for the last two. */
export interface IndexLimits {
	/** For an answer; later nobody needs it. */
	readonly answer: number;
	/** Without a sign of life of a worker that was asked. */
	readonly silence: number;
	/** For saving at the end. */
	readonly close: number;
	/** The first wait after a crash; it doubles. */
	readonly firstWait: number;
	/** A worker that lived so long is not one of a row that crash. */
	readonly longLife: number;
	/** How many crash in a row until it is given up. */
	readonly starts: number;
	/** Megabytes of its heap, where the index itself is not. An editor without memory is worse than one without an index. */
	readonly heap: number;
}

const usual: IndexLimits = { answer: 500, silence: 30_000, close: 3000, firstWait: 1000, longLife: 600_000, starts: 4, heap: 384 };

/**
 * The index in a thread of its own. Whatever happens there, here it is no more than an answer with nothing in it: a thread that ends is
 * started again after a pause, a few times, and one that does not answer is ended.
 */
export class WorkerIndex implements CodeIndex {
	readonly #options: WorkerIndexOptions;
	readonly #limits: IndexLimits;
	readonly #waiting = new Map<number, (answer: IndexAnswer | undefined) => void>();
	#worker: Worker | undefined;
	#folders: readonly FolderPlace[] = [];
	#restart: NodeJS.Timeout | undefined;
	#onClosed = () => {};
	#lastId = 0;
	#crashes = 0;
	#startedAt = 0;
	/** When it was asked what it has not answered in time, without a sign of life since. */
	#unheardSince: number | undefined;
	#isClosed = false;

	constructor(options: WorkerIndexOptions) {
		this.#options = options;
		this.#limits = { ...usual, ...options.limits };
	}

	/** The first ones start it; without any it ends. */
	setFolders(folders: readonly FolderPlace[]): void {
		this.#folders = folders;
		if (folders.length === 0) void this.#stop();
		else if (this.#worker) this.#tell({ kind: 'folders', folders });
		else if (!this.#restart && !this.#isGivenUp) this.#start();
	}

	/** Those that come while there is no worker are found by the one that is started next, unless they are not saved. */
	take(changes: readonly FileChange[]): void {
		if (changes.length > 0) this.#tell({ kind: 'changes', changes });
	}

	async search(query: IndexQuery, signal: AbortSignal): Promise<readonly ContextSnippet[]> {
		const answer = await this.#ask({ kind: 'search', query }, signal);
		return answer?.kind === 'snippets' ? answer.found : [];
	}

	async definitions(names: readonly string[], path: string, signal: AbortSignal): Promise<readonly Definition[]> {
		const answer = await this.#ask({ kind: 'definitions', names, path }, signal);
		return answer?.kind === 'definitions' ? answer.found : [];
	}

	/** For good. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#stop();
	}

	/** Saves what is known, if that takes no time, and ends. */
	async #stop(): Promise<void> {
		clearTimeout(this.#restart);
		this.#restart = undefined;
		const worker = this.#worker;
		if (!worker) return;
		const closed = new Promise<void>((resolve) => {
			this.#onClosed = resolve;
		});
		this.#tell({ kind: 'close' });
		this.#worker = undefined;
		this.#leaveWaiting();
		const patience = new AbortController();
		await Promise.race([closed, delay(this.#limits.close, patience.signal).catch(() => {})]);
		patience.abort();
		await worker.terminate();
	}

	get #isGivenUp(): boolean {
		return this.#isClosed || this.#crashes >= this.#limits.starts;
	}

	#start(): void {
		this.#restart = undefined;
		const { script, cache, mostBytes } = this.#options;
		const workerData: WorkerStart = { cache, mostBytes };
		const resourceLimits = { maxOldGenerationSizeMb: this.#limits.heap };
		const worker = new Worker(script, { workerData, resourceLimits, execArgv: [], env: {}, name: 'co-clone-index' });
		let failure: unknown;
		worker.on('message', (report: IndexReport) => this.#hear(report));
		worker.once('error', (error) => {
			failure = error;
		});
		worker.once('exit', () => this.#ended(worker, failure));
		this.#worker = worker;
		this.#startedAt = performance.now();
		this.#unheardSince = undefined;
		this.#tell({ kind: 'folders', folders: this.#folders });
	}

	#hear(report: IndexReport): void {
		this.#unheardSince = undefined;
		if (report.kind === 'closed') this.#onClosed();
		else if (report.kind === 'snippets' || report.kind === 'definitions') this.#waiting.get(report.id)?.(report);
		else this.#options.onEvent(report);
	}

	#ended(worker: Worker, failure: unknown): void {
		if (worker !== this.#worker) {
			// One that was told to.
			this.#onClosed();
			return;
		}
		this.#worker = undefined;
		this.#leaveWaiting();
		if (performance.now() - this.#startedAt > this.#limits.longLife) this.#crashes = 0;
		const wait = this.#limits.firstWait * 2 ** this.#crashes++;
		const next = this.#isGivenUp ? 'It is left alone until the window is reloaded.' : `It is started again in ${Math.ceil(wait / 1000)} s.`;
		const why = failure instanceof Error ? failure.message : 'its thread ended';
		this.#options.onEvent({ kind: 'fault', message: `The index of the codebase stopped: ${why}. ${next}` });
		if (!this.#isGivenUp) this.#restart = setTimeout(() => this.#start(), wait).unref();
	}

	#leaveWaiting(): void {
		for (const settle of this.#waiting.values()) settle(undefined);
	}

	/** Undefined where nothing answers in time. */
	async #ask(question: IndexQuestion, signal: AbortSignal): Promise<IndexAnswer | undefined> {
		signal.throwIfAborted();
		if (!this.#worker) return undefined;
		const id = ++this.#lastId;
		const asked = performance.now();
		const late = AbortSignal.timeout(this.#limits.answer);
		const stopped = AbortSignal.any([signal, late]);
		const answer = new Promise<IndexAnswer | undefined>((resolve) => this.#waiting.set(id, resolve));
		this.#tell({ kind: 'question', id, question });
		try {
			return await abortable(answer, stopped);
		} catch (reason) {
			this.#tell({ kind: 'cancel', id });
			if (signal.aborted) throw reason;
			this.#suspect(asked);
			return undefined;
		} finally {
			this.#waiting.delete(id);
		}
	}

	/** A worker that has said nothing for long while it was asked hangs. */
	#suspect(asked: number): void {
		this.#unheardSince ??= asked;
		if (performance.now() - this.#unheardSince > this.#limits.silence) void this.#worker?.terminate();
	}

	#tell(order: IndexOrder): void {
		this.#worker?.postMessage(order);
	}
}
