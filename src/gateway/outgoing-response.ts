import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Writable } from 'node:stream';

export type Outgoing = ServerResponse | Http2ServerResponse;

/** Of a connection, not of an answer: the server sees to them, and HTTP/2 has none. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Nobody takes what was written. */
export class StallError extends Error {
	override readonly name = 'StallError';
}

/**
 * Sends a response. Reads on only when what was read is written; the body is cancelled when the signal aborts.
 * @throws StallError when nothing of it is taken for too long
 */
export async function send(response: Response, outgoing: Outgoing, isHead: boolean, stallMs: number, signal: AbortSignal): Promise<void> {
	writeHead(response, outgoing);
	const reader = response.body?.getReader();
	const leave = () => void reader?.cancel().catch(() => {});
	signal.addEventListener('abort', leave, { once: true });
	try {
		if (signal.aborted || isHead) leave();
		else if (reader) await pump(reader, outgoing, stallMs, signal);
		if (signal.aborted) return;
		outgoing.end();
		if (!writable(outgoing).writableFinished) await happens('finish', outgoing, stallMs, signal);
	} catch (error) {
		leave();
		throw error;
	} finally {
		signal.removeEventListener('abort', leave);
	}
}

function writeHead({ status, headers }: Response, outgoing: Outgoing): void {
	outgoing.statusCode = status;
	for (const [name, value] of headers) if (name !== 'set-cookie' && !ofConnection.has(name)) outgoing.setHeader(name, value);
	const cookies = headers.getSetCookie();
	if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function pump(reader: Reader, outgoing: Outgoing, stallMs: number, signal: AbortSignal): Promise<void> {
	for (let next = await reader.read(); !next.done; next = await reader.read()) {
		if (!write(outgoing, next.value)) await happens('drain', outgoing, stallMs, signal);
	}
}

function write(outgoing: Outgoing, chunk: Uint8Array): boolean {
	return 'stream' in outgoing ? outgoing.write(chunk) : outgoing.write(chunk);
}

/** What takes the bytes. On HTTP/2 a response is finished only when the client has said all, too. */
function writable(outgoing: Outgoing): Writable {
	return 'stream' in outgoing ? outgoing.stream : outgoing;
}

/** Waits for an event as long as the signal allows. */
function happens(event: 'drain' | 'finish', outgoing: Outgoing, stallMs: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	const target = writable(outgoing);
	return new Promise((resolve, reject) => {
		const over = (settle: () => void) => () => {
			clearTimeout(stalled);
			target.off(event, go).off('close', go);
			signal.removeEventListener('abort', go);
			settle();
		};
		const go = over(resolve);
		const stalled = setTimeout(
			over(() => reject(new StallError())),
			stallMs,
		);
		target.once(event, go).once('close', go);
		signal.addEventListener('abort', go, { once: true });
	});
}
