/** Time as a session knows it, in milliseconds since its beginning. */
export interface Clock {
	now(): number;
	/** Lets time pass until then; whatever is due by then has happened when this resolves. */
	advanceTo(ms: number): Promise<void>;
}

interface Timer {
	readonly at: number;
	readonly number: number;
	readonly call: () => void;
}

/**
 * Time that passes only when it is told to. While it is open, `setTimeout` and `clearTimeout` of the whole process obey it, so that code
 * that knows nothing of it runs in it: a session of an hour takes seconds, and the same one gives the same figures every time.
 */
export class VirtualClock implements Clock {
	#now = 0;
	#count = 0;
	/** The next one last. */
	#timers: Timer[] = [];
	readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

	constructor() {
		const schedule = (call: () => void, ms = 0) => this.#schedule(call, ms);
		const cancel = (number: unknown) => {
			this.#timers = this.#timers.filter((timer) => timer.number !== number);
		};
		Object.assign(globalThis, { setTimeout: schedule, clearTimeout: cancel });
	}

	now(): number {
		return this.#now;
	}

	async advanceTo(ms: number): Promise<void> {
		await settled();
		for (let timer = this.#timers.at(-1); timer && timer.at <= ms; timer = this.#timers.at(-1)) {
			this.#timers.pop();
			this.#now = Math.max(this.#now, timer.at);
			timer.call();
			await settled();
		}
		this.#now = Math.max(this.#now, ms);
	}

	/** What is still to come never does, and time is the world's again. */
	close(): void {
		this.#timers = [];
		Object.assign(globalThis, this.#real);
	}

	/** Returns the timer's number, which is all that anybody may do with it. */
	#schedule(call: () => void, ms: number): number {
		const timer = { at: this.#now + Math.max(0, ms), number: ++this.#count, call };
		let place = this.#timers.length;
		// Of two that are due at the same time the older one comes first.
		while (place > 0 && (this.#timers[place - 1]?.at ?? 0) <= timer.at) place--;
		this.#timers.splice(place, 0, timer);
		return timer.number;
	}
}

/** The time on the wall, for real servers. */
export class WallClock implements Clock {
	readonly #startedAt = performance.now();

	now(): number {
		return performance.now() - this.#startedAt;
	}

	async advanceTo(ms: number): Promise<void> {
		const left = ms - this.now();
		await (left > 0 ? new Promise((resolve) => setTimeout(resolve, left)) : settled());
	}
}

/** Waits by whatever clock is open; rejects as soon as the signal aborts. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) return reject(signal.reason);
		const end = () => {
			clearTimeout(timer);
			reject(signal.reason);
		};
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', end);
			resolve();
		}, ms);
		signal.addEventListener('abort', end, { once: true });
	});
}

/** When all promises have run on as far as they can. */
function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
