import PCancelable from 'p-cancelable';
import { unwanted } from './abortable.ts';

/** A promise its owner can cancel. Whoever does the work sees only an `AbortSignal`. */
export type Cancelable<T> = PCancelable<T>;

/**
 * Runs a task that its owner can cancel: `cancel()` aborts the task's signal, and the promise still settles
 * with what the task itself makes of that (so nothing it says about the cancellation is lost).
 */
export function cancelable<T>(task: (signal: AbortSignal) => Promise<T>): Cancelable<T> {
	return new PCancelable<T>((resolve, reject, onCancel) => {
		const controller = new AbortController();
		onCancel.shouldReject = false;
		onCancel(() => controller.abort(unwanted));
		task(controller.signal).then(resolve, reject);
	});
}
