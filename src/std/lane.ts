import { abortable } from './abortable.ts';

/**
 * Lets one caller in at a time, in order of arrival. Waiting ends when the signal aborts, and leaves no gap behind.
 *
 * Invariant: `#last` settles when everybody who asked before has left.
 */
export class Lane {
	#last: Promise<void> = Promise.resolve();

	/** Resolves to the function that leaves the lane again. */
	async enter(signal: AbortSignal): Promise<() => void> {
		const before = this.#last;
		let leave = () => {};
		const left = new Promise<void>((resolve) => {
			leave = resolve;
		});
		this.#last = before.then(() => left);
		try {
			await abortable(before, signal);
		} catch (reason) {
			leave();
			throw reason;
		}
		return leave;
	}
}
