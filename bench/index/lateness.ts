/** How late timers are: how long whatever else the thread did kept the editor waiting. */
export class Lateness {
	readonly #late: number[] = [];
	readonly #interval = 4;
	#timer: NodeJS.Timeout;

	constructor() {
		this.#timer = this.#next();
	}

	/** In milliseconds. */
	end(share: number): number {
		clearTimeout(this.#timer);
		const sorted = this.#late.toSorted((a, b) => a - b);
		return sorted[Math.floor(share * sorted.length)] ?? 0;
	}

	#next(): NodeJS.Timeout {
		const due = performance.now() + this.#interval;
		return setTimeout(() => {
			this.#late.push(Math.max(0, performance.now() - due));
			this.#timer = this.#next();
		}, this.#interval);
	}
}
