import { setTimeout as sleep } from 'node:timers/promises';

/** The reason to abort with for what happens at every key: an error of its own each time costs more than the rest of it. */
export const unwanted = new DOMException('Nobody wants it any more.', 'AbortError');

/** Waits `ms` milliseconds; rejects as soon as the signal aborts. */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
	await sleep(ms, undefined, { signal });
}

/**
 * Waits for a promise, but only as long as the signal allows; rejects with the signal's reason when it aborts.
 * What is waited for goes on: this is for work that belongs to somebody else (a model that loads for everybody).
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	let stopListening = () => {};
	const aborted = new Promise<never>((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		const onAbort = () => reject(signal.reason);
		signal.addEventListener('abort', onAbort, { once: true });
		stopListening = () => signal.removeEventListener('abort', onAbort);
	});
	try {
		return await Promise.race([aborted, promise]);
	} finally {
		stopListening();
	}
}
