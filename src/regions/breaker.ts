/** In a row. */
const mostFailures = 5;
const pauseMs = 5000;
const longestPauseMs = 60_000;

/** `open`: nothing goes there; `half-open`: one request does, to see. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Keeps requests from a region that fails: after some failures in a row it opens for a while, then lets a single request through, and closes when
 * that one succeeds. Our own because the clock is one that tests move, and a region is left alone for longer when it says so.
 */
export class Breaker {
	readonly #now: () => number;
	#failures = 0;
	#openUntil = 0;
	#isProbing = false;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** Whether a request may go there now. */
	get isClosed(): boolean {
		if (this.#now() < this.#openUntil) return false;
		return this.#failures < mostFailures || !this.#isProbing;
	}

	get state(): BreakerState {
		if (this.#now() < this.#openUntil) return 'open';
		return this.#failures < mostFailures ? 'closed' : 'half-open';
	}

	/** A request is on its way: when the breaker was open before, it is the one that tells. */
	asked(): void {
		this.#isProbing = this.#failures >= mostFailures;
	}

	succeeded(): void {
		this.#failures = 0;
		this.#isProbing = false;
		this.#openUntil = 0;
	}

	/** The region may have said when to come back. */
	failed(retryAfterMs?: number): void {
		this.#failures++;
		this.#isProbing = false;
		const own = this.#failures >= mostFailures ? pauseMs : 0;
		this.#openUntil = this.#now() + Math.min(longestPauseMs, Math.max(own, retryAfterMs ?? 0));
	}

	/** Nobody waited for how it ended. */
	left(): void {
		this.#isProbing = false;
	}
}
