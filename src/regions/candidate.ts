import type { Breaker, BreakerState } from './breaker.ts';
import { PeakEwma } from './peak-ewma.ts';

/** What a failure counts as: failing fast is not being fast. */
const penaltyMs = 5000;

/** What the router knows of one region. */
export class Candidate<Region> {
	readonly region: Region;
	/** What a first token probably takes, before anybody has measured it; undefined where nobody knows how far it is. */
	readonly guessMs: number | undefined;
	readonly #latency: PeakEwma;
	readonly #breaker: Breaker;
	readonly #now: () => number;
	#pending = 0;
	#asked = 0;
	#failed = 0;

	/** `beyond` is how much longer than guessed first tokens take at least, wherever. */
	constructor(region: Region, now: () => number, guess: number | undefined, beyond: () => number, breaker: Breaker) {
		this.region = region;
		this.#now = now;
		this.guessMs = guess;
		this.#latency = new PeakEwma(now, guess, () => (guess === undefined ? 0 : guess + beyond()));
		this.#breaker = breaker;
	}

	get isOpenForRequests(): boolean {
		return this.#breaker.isClosed;
	}

	get breaker(): BreakerState {
		return this.#breaker.state;
	}

	/** How long one more request would probably wait, in milliseconds. */
	get load(): number {
		return this.#latency.value * (this.#pending + 1);
	}

	get latencyMs(): number {
		return this.#latency.value;
	}

	get beyondGuessMs(): number | undefined {
		return this.#latency.beyondGuessMs;
	}

	/** How long a first token may take before it is late. */
	get patienceMs(): number {
		return this.#latency.patienceMs;
	}

	get pending(): number {
		return this.#pending;
	}

	/** Requests since the start. */
	get asked(): number {
		return this.#asked;
	}

	/** Those of them that it failed to begin to answer. */
	get failed(): number {
		return this.#failed;
	}

	/** Somebody looked whether it is well. How slow it was while it was not says nothing more then. */
	probed(isWell: boolean): void {
		if (!isWell) {
			this.#breaker.failed();
			return;
		}
		this.#latency.forget();
		this.#breaker.succeeded();
	}

	/** Notes a request; what became of it is said to what comes back, once. */
	begin(): Attempt {
		const startedAt = this.#now();
		const elapsed = () => this.#now() - startedAt;
		this.#pending++;
		this.#asked++;
		let isOver = false;
		const over = () => {
			if (!isOver) this.#pending--;
			isOver = true;
		};
		return {
			firstToken: () => {
				this.#latency.took(elapsed());
				this.#breaker.succeeded();
			},
			failed: (retryAfterMs) => {
				this.#failed++;
				this.#latency.tookAtLeast(Math.max(elapsed(), penaltyMs));
				this.#breaker.failed(retryAfterMs);
				over();
			},
			left: () => {
				this.#latency.tookAtLeast(elapsed());
				over();
			},
			ended: over,
		};
	}
}

/** One request at one region. */
export interface Attempt {
	firstToken(): void;
	failed(retryAfterMs?: number): void;
	/** Whoever asked went away before the first token. */
	left(): void;
	/** All of the answer is there, or nobody wants the rest. */
	ended(): void;
}
