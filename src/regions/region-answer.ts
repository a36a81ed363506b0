import { type Beginning, Broken } from '../std/http2-session.ts';

/** Headers of a region's answer that are about its connection, not about the answer. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** What is passed on: the region's own status and headers, with those that say where it came from. */
export function responseOf(
	{ status, headers }: Beginning,
	body: ReadableStream<Uint8Array> | null,
	added: Readonly<Record<string, string>>,
): Response {
	const passed = new Headers();
	for (const [name, value] of Object.entries(headers)) {
		if (name.startsWith(':') || ofConnection.has(name) || value === undefined) continue;
		for (const one of Array.isArray(value) ? value : [value]) passed.append(name, one);
	}
	for (const [name, value] of Object.entries(added)) passed.set(name, value);
	return new Response(status === 204 ? null : body, { status, headers: passed });
}

/** Tells in an event stream that it is not whole. Other answers are cut off, which a client sees by the missing end. */
export async function* withLoss({ first, rest, headers }: Beginning, region: string): AsyncGenerator<Uint8Array> {
	try {
		if (first) yield first;
		yield* rest;
	} catch (error) {
		if (!(error instanceof Broken) || !headers['content-type']?.startsWith('text/event-stream')) throw error;
		const lost = { error: { code: 'region_lost', message: `The region ${region} went away in the middle of its answer. Ask again.` } };
		yield new TextEncoder().encode(`event: error\ndata: ${JSON.stringify(lost)}\n\n`);
	}
}

/** The stream of what is iterated, read as fast as it is wanted. Who leaves it ends the iteration. */
export function streamOf(parts: AsyncGenerator<Uint8Array>, onLeave: () => void): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const { done, value } = await parts.next();
				if (done) controller.close();
				else controller.enqueue(value);
			},
			cancel() {
				onLeave();
				void parts.return(undefined);
			},
		},
		{ highWaterMark: 0 },
	);
}
