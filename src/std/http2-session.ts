import type { ClientHttp2Stream, IncomingHttpHeaders, SecureClientSessionOptions } from 'node:http2';
import { http2 } from './http2.ts';
import { Connection, type Outgoing } from './http2-connection.ts';

/**
 * The way to a server: one HTTP/2 connection, made ahead of the first request. Another one takes over when it was lost, or has as many requests as
 * it can take. A request is cancelled by resetting its stream; the connection stays.
 */
export class Http2Session {
	readonly #url: string;
	readonly #options: SecureClientSessionOptions;
	readonly #connections = new Set<Connection>();

	/** `http://` speaks HTTP/2 without asking first; `https://` verifies who answers. */
	constructor(url: string, options: SecureClientSessionOptions = {}) {
		this.#url = url;
		this.#options = options;
	}

	/** Connects where there is no connection, so that the first request finds one. */
	warm(): void {
		this.#connected();
	}

	/** The stream of a request on its way. @throws Broken */
	open(outgoing: Outgoing): ClientHttp2Stream {
		try {
			return this.#connected().open(outgoing);
		} catch (cause) {
			throw new Broken('The server cannot be reached.', { cause });
		}
	}

	/** Nothing new goes there. What is under way comes to its end, however long it takes. */
	retire(): void {
		for (const connection of this.#connections) connection.retire();
	}

	close(): void {
		for (const connection of this.#connections) connection.close();
	}

	#connected(): Connection {
		for (const connection of this.#connections) if (connection.hasRoom) return connection;
		const connection = new Connection(this.#url, this.#options, () => this.#connections.delete(connection));
		this.#connections.add(connection);
		return connection;
	}
}

/** What a server said first: its status, its headers, and the first of its body. */
export interface Beginning {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly first: Uint8Array | undefined;
	/** The rest of the body. Throws `Broken` where it ends before its end. */
	readonly rest: AsyncGenerator<Uint8Array>;
}

/** An answer that broke off. That its data ends does not say that it is whole. */
export class Broken extends Error {
	override readonly name = 'Broken';
}

/**
 * Waits for the first of a body.
 * @throws Broken where there is none to come; the signal's reason when it aborts
 */
export async function beginning(stream: ClientHttp2Stream, signal: AbortSignal): Promise<Beginning> {
	const cancel = () => stream.close(http2().constants.NGHTTP2_CANCEL);
	signal.addEventListener('abort', cancel, { once: true });
	stream.once('close', () => signal.removeEventListener('abort', cancel));
	if (signal.aborted) cancel();
	const chunks = chunksOf(stream);
	try {
		const headers = await headersOf(stream);
		const { value: first } = await chunks.next();
		return { status: Number(headers[':status']), headers, first, rest: chunks };
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof Broken ? error : new Broken('The server cannot be reached.', { cause: error });
	}
}

function headersOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
	return new Promise((resolve, reject) => {
		stream.once('response', resolve);
		stream.once('error', reject);
		stream.once('close', () => reject(new Broken('The server closed the connection.')));
	});
}

/** When a connection dies in the middle of a stream, Node says “end” first and the error code after it. */
async function* chunksOf(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array> {
	const closed = new Promise<number>((resolve) =>
		stream.once('close', () => resolve(stream.rstCode ?? http2().constants.NGHTTP2_NO_ERROR)),
	);
	try {
		for await (const chunk of stream) yield chunk;
	} catch (cause) {
		throw new Broken('The server went away in the middle of its answer.', { cause });
	}
	if ((await closed) !== http2().constants.NGHTTP2_NO_ERROR) throw new Broken('The server went away in the middle of its answer.');
}
