import process from 'node:process';

/** How often the heap is looked at in a session: collecting it takes longer than what is typed in between. */
const looks = 40;
/** More than that, and more than this share, is growth: in megabytes, and of what there was. */
const tolerance = { megabytes: 2, share: 0.05 };

/** The heap in megabytes, after everything has been thrown away that nobody needs. */
export interface HeapUse {
	readonly start: number;
	/** The median of each quarter of the session. */
	readonly quarters: readonly number[];
	readonly end: number;
}

/** Looks at the heap while a session goes on. */
export class HeapWatch {
	readonly #sizes: number[] = [];
	readonly #every: number;

	constructor(events: number) {
		this.#every = Math.max(1, Math.floor(events / looks));
	}

	passed(index: number): void {
		if (index % this.#every === 0) this.look();
	}

	look(): void {
		global.gc?.();
		this.#sizes.push(process.memoryUsage().heapUsed / 1e6);
	}

	get use(): HeapUse {
		const length = this.#sizes.length / 4;
		const quarter = (number: number) => this.#sizes.slice(Math.floor(number * length), Math.ceil((number + 1) * length));
		return { start: this.#sizes[0] ?? 0, quarters: [0, 1, 2, 3].map((number) => median(quarter(number))), end: this.#sizes.at(-1) ?? 0 };
	}
}

/** The first quarter fills what is remembered; from the second to the last nothing is to be added. */
export function isFlat({ quarters: [, second = 0, , last = 0] }: HeapUse): boolean {
	return last - second <= Math.max(tolerance.megabytes, second * tolerance.share);
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
