/** One event of an event stream, as servers send them. */
export interface ServerEvent {
	/** `message` where it has no name. */
	readonly name: string;
	readonly data: string;
}

/** Reads events as their bytes come, however these are cut. Comments keep a connection alive and say nothing; what is not whole at the end is none. */
export async function* eventsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
	const decoder = new TextDecoder();
	let text = '';
	for await (const chunk of chunks) {
		text += decoder.decode(chunk, { stream: true });
		const blocks = text.split(/\r?\n\r?\n/);
		text = blocks.pop() ?? '';
		for (const block of blocks) {
			const event = eventIn(block);
			if (event) yield event;
		}
	}
}

function eventIn(block: string): ServerEvent | undefined {
	const lines = block.split(/\r?\n/);
	const values = (field: string) =>
		lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''));
	const data = values('data');
	return data.length === 0 ? undefined : { name: values('event').at(-1) ?? 'message', data: data.join('\n') };
}
