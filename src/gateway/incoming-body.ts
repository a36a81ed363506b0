import { CallError, type Failure } from './failure.ts';
import type { Limits } from './limits.ts';
import type { Incoming } from './strict.ts';

/** A client that is refused is heard out for so long: one that still sends would miss the answer. */
const hearOutMs = 500;

/** The body of a request as it comes. Nothing is taken before somebody wants it, and only so much, for so long. */
export function bodyOf(incoming: Incoming, { bodyBytes, bodyMs }: Limits): ReadableStream<Uint8Array> {
	const tooLarge: Failure = { status: 413, code: 'too-large', message: `The body is larger than ${bodyBytes} bytes.` };
	const tooSlow: Failure = { status: 408, code: 'too-slow', message: `The body took longer than ${Math.round(bodyMs / 1000)} s.` };
	let left = bodyBytes;
	let stop = () => {};
	return new ReadableStream<Uint8Array>(
		{
			start(controller) {
				const over = (end: () => void) => {
					stop();
					end();
				};
				const fail = (failure: Failure) => over(() => controller.error(new CallError(failure)));
				const onData = (chunk: Uint8Array) => {
					left -= chunk.length;
					if (left < 0) return fail(tooLarge);
					incoming.pause();
					controller.enqueue(chunk);
				};
				const onEnd = () => over(() => controller.close());
				const onClose = () => over(() => controller.error(new Error('The client went away.')));
				const late = setTimeout(() => fail(tooSlow), bodyMs);
				stop = () => {
					clearTimeout(late);
					incoming.off('data', onData).off('end', onEnd).off('close', onClose);
					// What nobody wants goes by: it would be in the way of the next request.
					incoming.resume();
				};
				if (Number(incoming.headers['content-length'] ?? 0) > bodyBytes) return fail(tooLarge);
				incoming.pause();
				incoming.on('data', onData).on('end', onEnd).on('close', onClose);
			},
			pull: () => void incoming.resume(),
			cancel: () => stop(),
		},
		{ highWaterMark: 0 },
	);
}

/** Waits until a client that is refused has sent what it wanted to send, or is too slow with it. */
export function heardOut(incoming: Incoming): Promise<void> {
	return new Promise((resolve) => {
		const late = setTimeout(resolve, hearOutMs);
		incoming.once('close', resolve).once('end', () => {
			clearTimeout(late);
			resolve();
		});
		incoming.resume();
	});
}
