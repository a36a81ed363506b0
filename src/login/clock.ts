/** What time is asked of; a test has one of its own. */
export interface Clock {
	/** The time of day, in milliseconds. It goes on while the machine sleeps, and may be set. */
	readonly wall: () => number;
	/** Milliseconds that never jump. */
	readonly steady: () => number;
	readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}
