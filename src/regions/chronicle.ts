/** Something that happened to a region. */
export interface RegionEvent {
	/** In the form of ISO 8601. */
	readonly at: string;
	readonly region: string;
	/** What a sentence says that begins with its name. */
	readonly what: string;
}

const mostEvents = 30;
const windowMs = 60_000;
const sliceMs = 1000;

/** What happened to regions of late, and which of them answered in the last minute, for people who look after them. */
export class Chronicle {
	readonly #wall: () => number;
	readonly #events: RegionEvent[] = [];
	/** Answers by second and region: thousands a second take no more room than a few. */
	readonly #answers = new Map<number, Map<string, number>>();

	constructor(wall: () => number) {
		this.#wall = wall;
	}

	/** The newest first. */
	get events(): readonly RegionEvent[] {
		return this.#events.toReversed();
	}

	note(region: string, what: string): void {
		this.#events.push({ at: new Date(this.#wall()).toISOString(), region, what });
		if (this.#events.length > mostEvents) this.#events.shift();
	}

	answered(region: string): void {
		const slice = Math.floor(this.#wall() / sliceMs);
		const counts = this.#answers.get(slice) ?? new Map<string, number>();
		this.#answers.set(slice, counts);
		counts.set(region, (counts.get(region) ?? 0) + 1);
		this.#forget();
	}

	/** How many answers each region gave in the last minute. */
	lastMinute(): ReadonlyMap<string, number> {
		this.#forget();
		const sums = new Map<string, number>();
		for (const counts of this.#answers.values()) for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
		return sums;
	}

	#forget(): void {
		const oldest = Math.floor((this.#wall() - windowMs) / sliceMs);
		for (const slice of this.#answers.keys()) {
			if (slice > oldest) return;
			this.#answers.delete(slice);
		}
	}
}
