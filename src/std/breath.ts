/** Work that takes longer lets others in. */
const longestMs = 12;

/** Long work in a thread that also listens: it pauses now and then, and ends when nobody wants it any more. */
export class Breath {
	readonly #signal: AbortSignal;
	readonly #report: ((done: number, total: number) => void) | undefined;
	#since = performance.now();

	constructor(signal: AbortSignal, report?: (done: number, total: number) => void) {
		this.#signal = signal;
		this.#report = report;
	}

	/**
	 * Also says how far the work is, if that is known.
	 *
	 * @throws when the work is not wanted any more
	 */
	async take(done?: number, total?: number): Promise<void> {
		if (performance.now() - this.#since < longestMs) return;
		if (done !== undefined && total !== undefined) this.#report?.(done, total);
		await new Promise(setImmediate);
		this.#signal.throwIfAborted();
		this.#since = performance.now();
	}
}
