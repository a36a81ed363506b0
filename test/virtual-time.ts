import type { Clock } from '../src/login/clock.ts';

/** Time that passes when it is told to. */
export class VirtualTime implements Clock {
	#steady = 0;
	/** How much of the day passed while the machine slept, or somebody set its clock. */
	#slept = Date.UTC(2026, 0, 31);
	#waiting: { readonly at: number; readonly wake: () => void }[] = [];

	readonly wall = () => this.#slept + this.#steady;
	readonly steady = () => this.#steady;

	readonly delay = (ms: number, signal: AbortSignal) =>
		new Promise<void>((resolve, reject) => {
			signal.throwIfAborted();
			const entry = { at: this.#steady + ms, wake: resolve };
			this.#waiting.push(entry);
			signal.addEventListener('abort', () => {
				this.#waiting = this.#waiting.filter((one) => one !== entry);
				reject(signal.reason);
			});
		});

	/** Each that is due wakes at its time, and does what it does before the next. */
	async pass(ms: number): Promise<void> {
		const until = this.#steady + ms;
		for (;;) {
			await settled();
			const next = this.#waiting.toSorted((a, b) => a.at - b.at)[0];
			if (!next || next.at > until) break;
			this.#waiting = this.#waiting.filter((one) => one !== next);
			this.#steady = next.at;
			next.wake();
		}
		this.#steady = until;
		await settled();
	}

	/** The machine sleeps: no timer runs, and the time of day goes on. */
	sleep(ms: number): void {
		this.#slept += ms;
	}
}

async function settled(): Promise<void> {
	for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}
