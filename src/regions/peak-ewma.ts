/** A measure counts half after some seconds. */
const memoryMs = 10_000;
/** What nobody has measured yet is not taken for quick, so that it is not flooded (as Tower begins). */
const unknownMs = 1000;

/**
 * How long a region takes to its first token. It rises at once to what was measured and sinks slowly (“peak EWMA”, as in Finagle and Tower), and
 * also while nobody asks: a region that was slow is tried again after a while. It sinks as far as `floor` and no further, or far ones would be
 * tried all the time.
 */
export class PeakEwma {
	readonly #now: () => number;
	readonly #guess: number;
	readonly #floor: () => number;
	#ms: number;
	#at: number;
	#isMeasured = false;

	/** `guess` is what it probably takes, before anybody has measured it. */
	constructor(now: () => number, guess = unknownMs, floor: () => number = () => 0) {
		this.#now = now;
		this.#guess = guess;
		this.#floor = floor;
		this.#ms = guess;
		this.#at = now();
	}

	/** Milliseconds. */
	get value(): number {
		const floor = Math.min(this.#ms, this.#floor());
		return floor + (this.#ms - floor) * this.#weight();
	}

	/** What is not late yet: a guess is not held against anybody. */
	get patienceMs(): number {
		return this.#isMeasured ? this.value : Math.max(unknownMs, this.value);
	}

	/** How much more than guessed it was when it was measured last. */
	get beyondGuessMs(): number | undefined {
		return this.#isMeasured ? this.#ms - this.#guess : undefined;
	}

	/** What was measured holds no more. */
	forget(): void {
		this.#ms = this.#guess;
		this.#at = this.#now();
		this.#isMeasured = false;
	}

	/** A first token came after so many milliseconds. */
	took(ms: number): void {
		const weight = this.#weight();
		this.#ms = ms > this.value ? ms : this.#ms * weight + ms * (1 - weight);
		this.#at = this.#now();
		this.#isMeasured = true;
	}

	/** Somebody went away after so many milliseconds without a token: it would have taken at least that long, and nothing is known beyond. */
	tookAtLeast(ms: number): void {
		if (ms > this.value) this.took(ms);
	}

	#weight(): number {
		return Math.exp((this.#at - this.#now()) / memoryMs);
	}
}
