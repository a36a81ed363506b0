/** Long enough not to be noticed, and shorter than what proxies wait between two bytes. */
const pingMs = 15_000;

export const eventStreamHeaders = {
	'content-type': 'text/event-stream; charset=utf-8',
	'cache-control': 'no-cache, no-transform',
	'x-accel-buffering': 'no',
};

/**
 * A response whose body comes as it is made. Nothing is made ahead of who reads; `leave` is called when they go away.
 * The status is that of the first part: what fails before there is one is thrown here.
 */
export async function streamed(
	parts: AsyncIterable<string>,
	headers: Readonly<Record<string, string>>,
	leave: () => void,
): Promise<Response> {
	const iterator = parts[Symbol.asyncIterator]();
	const first = await iterator.next();
	const encoder = new TextEncoder();
	let isFirst = true;
	const body = new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const next = isFirst ? first : await iterator.next();
				isFirst = false;
				if (next.done) controller.close();
				else controller.enqueue(encoder.encode(next.value));
			},
			cancel() {
				leave();
				void iterator.return?.();
			},
		},
		{ highWaterMark: 0 },
	);
	return new Response(body, { headers });
}

/** One event of an event stream. */
export function event(data: unknown, name?: string): string {
	return `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** The same parts; a failure after the first of them becomes a part, too: the status has been sent, and a stream that just ends looks whole. */
export async function* withFailure(parts: AsyncIterable<string>, describe: (error: unknown) => string): AsyncGenerator<string> {
	let hasBegun = false;
	try {
		for await (const part of parts) {
			hasBegun = true;
			yield part;
		}
	} catch (error) {
		if (!hasBegun) throw error;
		yield describe(error);
	}
}

/** The same parts, with a comment wherever nothing came for a while: to know that nobody is there any more, something has to be written. */
export async function* withPings(parts: AsyncIterable<string>, everyMs = pingMs): AsyncGenerator<string> {
	const iterator = parts[Symbol.asyncIterator]();
	let ring = () => {};
	// One for all of them: there are far more parts than pings.
	const timer = setTimeout(() => ring(), everyMs).unref();
	try {
		let next = iterator.next();
		for (;;) {
			timer.refresh();
			const quiet = new Promise<undefined>((resolve) => {
				ring = () => resolve(undefined);
			});
			const came = await Promise.race([next, quiet]);
			if (came?.done) return;
			yield came?.value ?? ': ping\n\n';
			if (came) next = iterator.next();
		}
	} finally {
		clearTimeout(timer);
		await iterator.return?.();
	}
}
