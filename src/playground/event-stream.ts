/** One event of an event stream. */
export interface StreamEvent {
	readonly name: string;
	readonly data: string;
}

/** The events in a body, each as soon as it is whole. */
export async function* eventsIn(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamEvent> {
	let rest = '';
	for await (const text of readingOf(body.pipeThrough(new TextDecoderStream()))) {
		const blocks = (rest + text).split('\n\n');
		rest = blocks.pop() ?? '';
		for (const block of blocks) {
			const event = parse(block);
			if (event) yield event;
		}
	}
}

/** Comments keep a connection alive, and say nothing. */
function parse(block: string): StreamEvent | undefined {
	const lines = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
	const data = lines.filter((line) => line?.[1] === 'data').map((line) => line?.[2] ?? '');
	if (data.length === 0) return undefined;
	return { name: lines.find((line) => line?.[1] === 'event')?.[2] ?? 'message', data: data.join('\n') };
}

/** Not every browser can iterate over a stream. */
export async function* readingOf<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
	const reader = stream.getReader();
	try {
		for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
	} finally {
		await reader.cancel().catch(() => {});
	}
}
