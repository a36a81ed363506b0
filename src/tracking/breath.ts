/** Work that takes longer lets others in. */
const longestMs = 12;

/** Long work in a thread that also listens: it pauses now and then, and ends when nobody wants it any more. */
export class Breath {
	readonly #signal: AbortSignal;
	#since = performance.now();

	constructor(signal: AbortSignal) {
		this.#signal = signal;
	}

	/** @throws when the work is not wanted any more */
	async take(): Promise<void> {
		if (performance.now() - this.#since < longestMs) return;
		await new Promise(setImmediate);
		this.#signal.throwIfAborted();
		this.#since = performance.now();
	}
}
