import { abortable } from './abortable.ts';

/** What work comes to in so many milliseconds; undefined when it takes longer, and its signal then aborts. */
export async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
	const controller = new AbortController();
	const abort = () => controller.abort(signal.reason);
	if (signal.aborted) abort();
	signal.addEventListener('abort', abort, { once: true });
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		controller.abort();
	}, ms);
	try {
		return await abortable(work(controller.signal), controller.signal);
	} catch (error) {
		if (isLate) return undefined;
		throw error;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}
}
