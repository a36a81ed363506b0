import {
	type ClientHttp2Session,
	type ClientHttp2Stream,
	connect,
	constants,
	type IncomingHttpHeaders,
	type SecureClientSessionOptions,
} from 'node:http2';

/** A connection that nobody uses is asked for a sign of life that often, and given up when there is none. */
const pingEveryMs = 10_000;
const pingWithinMs = 3000;

/** One request as it goes over the wire. */
export interface Outgoing {
	readonly method: string;
	/** With the query. */
	readonly path: string;
	/** Names in small letters. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | undefined;
}

/**
 * The one HTTP/2 connection to a server: made ahead of the first request, watched, and made anew by the next request after it was lost.
 * A request is cancelled by resetting its stream; the connection stays.
 */
export class Http2Session {
	readonly #url: string;
	readonly #options: SecureClientSessionOptions;
	#session: ClientHttp2Session | undefined;
	/** Requests under way, by connection: one that is being replaced finishes its own. */
	readonly #open = new WeakMap<ClientHttp2Session, number>();

	/** `http://` speaks HTTP/2 without asking first; `https://` verifies who answers. */
	constructor(url: string, options: SecureClientSessionOptions = {}) {
		this.#url = url;
		this.#options = options;
	}

	/** Connects where there is no connection, so that the first request finds one. */
	warm(): void {
		this.#connected();
	}

	/** The stream of a request on its way. */
	open({ method, path, headers, body }: Outgoing): ClientHttp2Stream {
		const session = this.#connected();
		const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream: body === undefined });
		this.#keepWhileOpen(session, stream);
		if (body) stream.end(body);
		return stream;
	}

	close(): void {
		this.#session?.close();
		this.#session = undefined;
	}

	#connected(): ClientHttp2Session {
		if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
		const session = connect(this.#url, this.#options);
		this.#session = session;
		session.unref();
		// Streams tell what went wrong; a connection without one is made anew when it is needed.
		session.on('error', () => {});
		const pings = setInterval(() => this.#ping(session), pingEveryMs);
		pings.unref();
		const forget = () => {
			clearInterval(pings);
			if (this.#session === session) this.#session = undefined;
		};
		session.once('close', forget);
		// What it has under way is finished; nothing new goes there.
		session.once('goaway', () => {
			if (this.#session === session) this.#session = undefined;
			session.close();
		});
		return session;
	}

	/** A connection without a request is no reason for a process to go on. */
	#keepWhileOpen(session: ClientHttp2Session, stream: ClientHttp2Stream): void {
		const count = (change: number) => {
			const open = (this.#open.get(session) ?? 0) + change;
			this.#open.set(session, open);
			return open;
		};
		count(1);
		session.ref();
		stream.once('close', () => {
			if (count(-1) === 0 && !session.destroyed) session.unref();
		});
	}

	#ping(session: ClientHttp2Session): void {
		const giveUp = setTimeout(() => session.destroy(), pingWithinMs);
		giveUp.unref();
		const isSent = session.ping((error) => {
			clearTimeout(giveUp);
			if (error) session.destroy();
		});
		if (!isSent) clearTimeout(giveUp);
	}
}

/** What a server said first: its status, its headers, and the first of its body. */
export interface Beginning {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly first: Uint8Array | undefined;
	/** The rest of the body. Throws `Broken` where it ends before its end. */
	readonly rest: AsyncIterable<Uint8Array>;
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
	const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
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
	const closed = new Promise<number>((resolve) => stream.once('close', () => resolve(stream.rstCode ?? constants.NGHTTP2_NO_ERROR)));
	try {
		for await (const chunk of stream) yield chunk;
	} catch (cause) {
		throw new Broken('The server went away in the middle of its answer.', { cause });
	}
	if ((await closed) !== constants.NGHTTP2_NO_ERROR) throw new Broken('The server went away in the middle of its answer.');
}
