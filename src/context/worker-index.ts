import { abortable } from '../std/abortable.ts';
import { Thread, type ThreadLimits } from '../std/thread.ts';
import { within } from '../std/within.ts';
import type { CodeIndex, Definition, IndexQuery } from './code-index.ts';
import type { FileChange, IndexAnswer, IndexOrder, IndexQuestion, IndexReport, WorkerStart } from './index/index-wire.ts';
import type { FolderPlace } from './index/workspace-index.ts';
import type { ContextSnippet } from './snippet.ts';

/** What is to be known of an index by whoever started it. */
export type IndexEvent = Exclude<IndexReport, IndexAnswer>;

export interface WorkerIndexOptions extends WorkerStart {
	/** The bundle of `src/index-worker.ts`. */
	readonly script: string;
	readonly onEvent: (event: IndexEvent) => void;
	readonly limits?: Partial<IndexLimits>;
}

/** In milliseconds. */
export interface IndexLimits extends ThreadLimits {
	/** For an answer; later nobody needs it. */
	readonly answer: number;
	/** Without a sign of life of a worker that was asked. */
	readonly silence: number;
	/** For saving at the end. */
	readonly close: number;
	/** Megabytes of its heap, where the index itself is not. */
	readonly heap: number;
}

const usual = { answer: 500, silence: 30_000, close: 3000, heap: 384 };

/**
 * The index in a thread of its own. Whatever happens there, here it is no more than an answer with nothing in it: a thread that ends is
 * started again after a pause, a few times, and one that does not answer is ended.
 */
export class WorkerIndex implements CodeIndex {
	readonly #limits: Pick<IndexLimits, keyof typeof usual>;
	readonly #onEvent: (event: IndexEvent) => void;
	readonly #thread: Thread<IndexOrder, IndexReport>;
	readonly #waiting = new Map<number, (answer: IndexAnswer | undefined) => void>();
	readonly #untilRead: (() => void)[] = [];
	#isRead = false;
	#folders: readonly FolderPlace[] = [];
	#lastId = 0;
	/** When it was asked what it has not answered in time, without a sign of life since. */
	#unheardSince: number | undefined;
	#isHanging = false;
	#isClosed = false;

	constructor({ script, cache, mostBytes, onEvent, limits }: WorkerIndexOptions) {
		this.#limits = { ...usual, ...limits };
		this.#onEvent = onEvent;
		const data: WorkerStart = { cache, mostBytes };
		this.#thread = new Thread({
			script,
			name: 'co-clone-index',
			data,
			heap: this.#limits.heap,
			limits,
			onStart: () => this.#started(),
			onReport: (report) => this.#hear(report),
			onEnd: (why, nextMs) => this.#ended(why, nextMs),
		});
	}

	/** The first ones start it; without any it ends. */
	setFolders(folders: readonly FolderPlace[]): void {
		this.#folders = folders;
		if (folders.length === 0) void this.#stop();
		else if (this.#thread.isThere) this.#thread.tell({ kind: 'folders', folders });
		else if (!this.#isClosed) this.#thread.start();
	}

	/** Those that come while there is no worker are found by the one that is started next, unless they are not saved. */
	take(changes: readonly FileChange[]): void {
		if (changes.length > 0) this.#thread.tell({ kind: 'changes', changes });
	}

	/** Resolves when everything is read, or in so many milliseconds. */
	async untilRead(ms: number, signal: AbortSignal): Promise<void> {
		if (!this.#isRead) await within(ms, () => new Promise<void>((resolve) => this.#untilRead.push(resolve)), signal);
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
		const stopped = this.#thread.stop({ order: { kind: 'close' }, ms: this.#limits.close });
		this.#leaveWaiting();
		await stopped;
	}

	#started(): void {
		this.#unheardSince = undefined;
		this.#isHanging = false;
		this.#isRead = false;
		this.#thread.tell({ kind: 'folders', folders: this.#folders });
	}

	#hear(report: IndexReport): void {
		this.#unheardSince = undefined;
		if (report.kind === 'snippets' || report.kind === 'definitions') this.#waiting.get(report.id)?.(report);
		else this.#onEvent(report);
		if (report.kind !== 'ready') return;
		this.#isRead = true;
		for (const told of this.#untilRead.splice(0)) told();
	}

	#ended(why: string, nextMs: number | undefined): void {
		this.#leaveWaiting();
		const next =
			nextMs === undefined ? 'It is left alone until the window is reloaded.' : `It is started again in ${Math.ceil(nextMs / 1000)} s.`;
		this.#onEvent({ kind: 'fault', message: `The index of the codebase stopped: ${why}. ${next}` });
	}

	#leaveWaiting(): void {
		for (const settle of this.#waiting.values()) settle(undefined);
	}

	/** Undefined where nothing answers in time. */
	async #ask(question: IndexQuestion, signal: AbortSignal): Promise<IndexAnswer | undefined> {
		signal.throwIfAborted();
		if (!this.#thread.isThere || this.#isHanging) return undefined;
		const id = ++this.#lastId;
		const asked = performance.now();
		const late = AbortSignal.timeout(this.#limits.answer);
		const stopped = AbortSignal.any([signal, late]);
		const answer = new Promise<IndexAnswer | undefined>((resolve) => this.#waiting.set(id, resolve));
		this.#thread.tell({ kind: 'question', id, question });
		try {
			return await abortable(answer, stopped);
		} catch (reason) {
			this.#thread.tell({ kind: 'cancel', id });
			if (signal.aborted) throw reason;
			this.#suspect(asked);
			return undefined;
		} finally {
			this.#waiting.delete(id);
		}
	}

	/** A worker that has said nothing for long while it was asked hangs, itself or in a disk that does not answer. Then it may end much later. */
	#suspect(asked: number): void {
		this.#unheardSince ??= asked;
		const silence = performance.now() - this.#unheardSince;
		if (this.#isHanging || silence <= this.#limits.silence) return;
		this.#isHanging = true;
		const why = `it has said nothing for ${Math.round(silence / 1000)} s`;
		this.#onEvent({ kind: 'fault', message: `The index of the codebase hangs: ${why}. Does the disk answer?` });
		this.#thread.kill(why);
	}
}
