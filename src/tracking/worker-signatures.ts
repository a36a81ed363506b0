import { Worker } from 'node:worker_threads';
import type { TrackingOrder, TrackingReport, TrackingStart } from './wire.ts';

export interface WorkerSignaturesOptions extends TrackingStart {
	/** The bundle of `src/signature-worker.ts`. */
	readonly script: string;
	readonly onReport: (report: TrackingReport) => void;
	/** A thread is there that knows nothing yet. */
	readonly onStart: () => void;
}

/** Threads that crash in a row until it is given up, and megabytes of a thread's heap. */
const limits = { starts: 3, heap: 1024 };

/** The tracking of signatures in a thread of its own. One that crashes is started again, a few times. */
export class WorkerSignatures {
	readonly #options: WorkerSignaturesOptions;
	#worker: Worker | undefined;
	#starts = 0;

	constructor(options: WorkerSignaturesOptions) {
		this.#options = options;
	}

	start(): void {
		if (this.#worker || this.#starts >= limits.starts) return;
		this.#starts += 1;
		const { script, grammars, storage, onReport, onStart } = this.#options;
		const worker = new Worker(script, { workerData: { grammars, storage }, resourceLimits: { maxOldGenerationSizeMb: limits.heap } });
		this.#worker = worker;
		worker.on('message', onReport);
		worker.on('error', (error) => onReport({ kind: 'fault', message: error.stack ?? error.message }));
		worker.on('exit', () => {
			if (this.#worker !== worker) return;
			this.#worker = undefined;
			this.start();
		});
		onStart();
	}

	/** Where there is no thread nothing is tracked. */
	tell(order: TrackingOrder): void {
		this.#worker?.postMessage(order);
	}

	async close(): Promise<void> {
		const worker = this.#worker;
		this.#worker = undefined;
		await worker?.terminate();
	}
}
