import { RegionError, type Started } from '../../src/regions/dispatch.ts';
import { delay } from '../clock.ts';
import type { Random } from '../random.ts';

export interface RegionModel {
	readonly name: string;
	/** From the router to the region and back, in milliseconds. */
	readonly roundTripMs: number;
	/** Answers that it generates at once. */
	readonly slots: number;
	/** Of an answer, on the average. */
	readonly serviceMs: number;
	/** How long that takes at a time, compared with usual. */
	readonly slowness: (at: number) => number;
	/** Whether nobody can reach it at a time. */
	readonly refuses: (at: number) => boolean;
}

/** Requests that wait beyond these are refused, as a gateway does. */
const longestQueue = 300;
/** The share of an answer's time that passes before its first token. */
const shareBeforeFirst = 0.6;

/** A place with a few slots and a queue before them, which somebody makes slow or unreachable for a while. */
export class SimulatedRegion {
	readonly model: RegionModel;
	readonly #now: () => number;
	readonly #random: Random;
	#busy = 0;
	readonly #queue: (() => void)[] = [];

	constructor(model: RegionModel, now: () => number, random: Random) {
		this.model = model;
		this.#now = now;
		this.#random = random;
	}

	get name(): string {
		return this.model.name;
	}

	/** Resolves at the first token. */
	async answer(signal: AbortSignal): Promise<Started<string>> {
		const { roundTripMs, serviceMs, slowness, refuses } = this.model;
		if (refuses(this.#now())) {
			await delay(1, signal);
			throw new RegionError(`${this.name} refuses.`);
		}
		await delay(roundTripMs / 2, signal);
		const leave = await this.#enter(signal);
		try {
			// Most answers are short, a few take long.
			const ms = serviceMs * slowness(this.#now()) * -Math.log(1 - this.#random() * 0.999);
			await delay(ms * shareBeforeFirst + roundTripMs / 2, signal);
			const over = delay(ms * (1 - shareBeforeFirst), signal).finally(leave);
			over.catch(() => {});
			return { answer: this.name, over };
		} catch (error) {
			leave();
			throw error;
		}
	}

	async #enter(signal: AbortSignal): Promise<() => void> {
		if (this.#busy >= this.model.slots) {
			if (this.#queue.length >= longestQueue) throw new RegionError(`${this.name} is full.`);
			await new Promise<void>((resolve, reject) => {
				const abort = () => {
					this.#queue.splice(this.#queue.indexOf(enter), 1);
					reject(signal.reason);
				};
				const enter = () => {
					signal.removeEventListener('abort', abort);
					resolve();
				};
				this.#queue.push(enter);
				signal.addEventListener('abort', abort, { once: true });
			});
		} else this.#busy++;
		// The slot goes to who waits next.
		return () => {
			const next = this.#queue.shift();
			if (next) next();
			else this.#busy--;
		};
	}
}
