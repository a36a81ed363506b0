import { AskAgain, type ModelError } from '../model/model-error.ts';
import type { Nothing } from './completion.ts';

const firstPauseMs = 1000;
const longestPauseMs = 30_000;

/** Leaves a server alone that failed: 1 s after the first failure, twice as long after each further one, at most 30 s. */
export class BackOff {
	#failures = 0;
	#until = Number.NEGATIVE_INFINITY;
	#error: Error | undefined;

	gate(now: number): Nothing | undefined {
		return now < this.#until ? { reason: 'backing-off', detail: this.#error?.message, error: this.#error } : undefined;
	}

	failed(error: ModelError, now: number): void {
		// It was not asked, or another one answers.
		if (error.code === 'not-allowed' || error instanceof AskAgain) return;
		this.#until = now + Math.min(firstPauseMs * 2 ** this.#failures, longestPauseMs);
		this.#failures++;
		this.#error = error;
	}

	reset(): void {
		this.#failures = 0;
		this.#until = Number.NEGATIVE_INFINITY;
		this.#error = undefined;
	}
}
