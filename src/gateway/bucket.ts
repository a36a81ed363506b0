/** So many at once, and so many more each second. */
export interface BucketSize {
	readonly most: number;
	readonly perSecond: number;
}

/** Lets something happen often, but not all the time: a token bucket. */
export class Bucket {
	readonly #size: BucketSize;
	readonly #now: () => number;
	#tokens: number;
	#filledAt: number;

	constructor(size: BucketSize, now = () => performance.now()) {
		this.#size = size;
		this.#now = now;
		this.#tokens = size.most;
		this.#filledAt = now();
	}

	/** Whether it may happen now. */
	take(): boolean {
		this.#fill();
		if (this.#tokens < 1) return false;
		this.#tokens--;
		return true;
	}

	/** Nothing was taken lately. */
	get isFull(): boolean {
		this.#fill();
		return this.#tokens >= this.#size.most;
	}

	/** Whole seconds until it may happen again. */
	get seconds(): number {
		this.#fill();
		return Math.max(1, Math.ceil((1 - this.#tokens) / this.#size.perSecond));
	}

	#fill(): void {
		const now = this.#now();
		this.#tokens = Math.min(this.#size.most, this.#tokens + ((now - this.#filledAt) / 1000) * this.#size.perSecond);
		this.#filledAt = now;
	}
}
