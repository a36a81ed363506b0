/** In a row. */
const mostFailures = 5;
const pauseMs = 5000;
const longestPauseMs = 60_000;

/** `open`: nothing goes there; `half-open`: only what finds out whether it is well again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Keeps requests from a region that fails: after some failures in a row it opens, and closes when the region has been seen to be well. That is found
 * out by a probe, not by the request of somebody who waits. Our own because the clock is one that tests move, and a region is left alone for longer when it says so.
 */
export class Breaker {
	readonly #now: () => number;
	#failures = 0;
	#openUntil = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** Whether a request may go there now. */
	get isClosed(): boolean {
		return this.state === 'closed';
	}

	get state(): BreakerState {
		if (this.#now() < this.#openUntil) return 'open';
		return this.#failures < mostFailures ? 'closed' : 'half-open';
	}

	succeeded(): void {
		this.#failures = 0;
		this.#openUntil = 0;
	}

	/** The region may have said when to come back. */
	failed(retryAfterMs?: number): void {
		this.#failures++;
		const own = this.#failures >= mostFailures ? pauseMs : 0;
		this.#openUntil = this.#now() + Math.min(longestPauseMs, Math.max(own, retryAfterMs ?? 0));
	}
}
