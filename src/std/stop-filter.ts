/**
 * Lets text through up to the first of the stops. What may be the beginning of one is held back until it is known.
 *
 * Invariant: nothing that was let through contains a stop, or ends in one's beginning.
 */
export class StopFilter {
	readonly #stops: readonly string[];
	#held = '';
	#exempt: number;
	#isStopped = false;

	/** The first `exempt` characters are let through whatever they are. */
	constructor(stops: readonly string[], exempt = 0) {
		this.#stops = stops.filter(Boolean);
		this.#exempt = exempt;
	}

	/** Whether a stop has been seen. */
	get isStopped(): boolean {
		return this.#isStopped;
	}

	/** What may be shown now that `text` has come. */
	push(text: string): string {
		if (this.#isStopped) return '';
		const exempt = text.slice(0, this.#exempt);
		this.#exempt -= exempt.length;
		const candidate = this.#held + text.slice(exempt.length);
		const end = Math.min(...this.#stops.map((stop) => candidate.indexOf(stop)).filter((at) => at >= 0));
		this.#isStopped = end !== Number.POSITIVE_INFINITY;
		const shown = this.#isStopped ? end : candidate.length - this.#beginningAtEnd(candidate);
		this.#held = candidate.slice(shown);
		return exempt + candidate.slice(0, shown);
	}

	/** What was held back, when nothing more comes. */
	flush(): string {
		return this.#isStopped ? '' : this.#held;
	}

	/** The length of the longest end of `text` that a stop begins with. */
	#beginningAtEnd(text: string): number {
		const longest = Math.max(0, ...this.#stops.map((stop) => stop.length - 1));
		for (let length = Math.min(longest, text.length); length > 0; length--) {
			if (this.#stops.some((stop) => stop.startsWith(text.slice(-length)))) return length;
		}
		return 0;
	}
}
