import process from 'node:process';
import type { Worker } from 'node:worker_threads';

/** In milliseconds: what has not ended by then hangs; and a call to a disk that works is over much sooner. */
const patience = { all: 300, step: 10, call: 500 };

/**
 * Whoever ends waits for each of its threads, so that one in a call that never returns, to a disk that is gone, keeps a process for ever, and with it
 * the window that is being closed. One that has such a thread is ended at once instead; everything that is kept can be cut off at any moment.
 * Returns what takes that back.
 */
export function endsAtOnceIf(isHanging: () => boolean): () => void {
	const end = () => {
		if (isHanging()) process.kill(process.pid, 'SIGKILL');
	};
	process.once('exit', end);
	return () => process.off('exit', end);
}

/** Calls of the system that are under way. Each of them holds one of the process's few threads for such calls. */
export class Calls {
	readonly #underWay = new Set<{ readonly since: number }>();

	get isHanging(): boolean {
		return [...this.#underWay].some(({ since }) => performance.now() - since > patience.call);
	}

	async watch<T>(answer: Promise<T>): Promise<T> {
		const call = { since: performance.now() };
		this.#underWay.add(call);
		try {
			return await answer;
		} finally {
			this.#underWay.delete(call);
		}
	}
}

/** Ends a thread, and says whether it does not. Nobody else has a turn meanwhile, so this is for the very end. */
export function isHanging(worker: Worker): boolean {
	const use = () => worker.performance.eventLoopUtilization();
	const before = use();
	// It has not begun, or was seen to end.
	if (before.active === 0) return false;
	void worker.terminate();
	const sleeper = new Int32Array(new SharedArrayBuffer(4));
	for (let waited = 0; waited < patience.all; waited += patience.step) {
		// One that ends has no such time any more.
		if (use().idle !== before.idle) return false;
		Atomics.wait(sleeper, 0, 0, patience.step);
	}
	return true;
}
