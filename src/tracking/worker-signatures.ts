import { Thread } from '../std/thread.ts';
import type { TrackingOrder, TrackingReport, TrackingStart } from './wire.ts';

export interface WorkerSignaturesOptions extends TrackingStart {
	/** The bundle of `src/signature-worker.ts`. */
	readonly script: string;
	readonly onReport: (report: TrackingReport) => void;
	/** A thread is there that knows nothing yet. */
	readonly onStart: () => void;
}

/** Megabytes of a thread's heap. */
const heap = 1024;

/** The tracking of signatures in a thread of its own. */
export class WorkerSignatures {
	readonly #thread: Thread<TrackingOrder, TrackingReport>;

	constructor({ script, grammars, storage, onReport, onStart }: WorkerSignaturesOptions) {
		const data: TrackingStart = { grammars, storage };
		this.#thread = new Thread({
			script,
			name: 'co-clone-signatures',
			data,
			heap,
			onStart,
			onReport,
			onEnd: (why, nextMs) => onReport({ kind: 'fault', message: `Signatures are not tracked: ${why}. ${nextOf(nextMs)}` }),
		});
	}

	start(): void {
		this.#thread.start();
	}

	/** Where there is no thread nothing is tracked. */
	tell(order: TrackingOrder): void {
		this.#thread.tell(order);
	}

	async close(): Promise<void> {
		await this.#thread.stop();
	}
}

function nextOf(ms: number | undefined): string {
	return ms === undefined ? 'That stays so until the window is reloaded.' : `That begins again in ${Math.ceil(ms / 1000)} s.`;
}
