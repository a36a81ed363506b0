import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { http2 } from './http2.ts';

/** How often a server is asked for a sign of life: while somebody waits for it, and while nobody does. */
const lookEveryMs = { waited: 1000, idle: 10_000 };
/** A connection without one for so long is given up: a slow model answers pings, a server that hangs does not. */
const signWithinMs = 2000;
/** From the first packet to the server's settings, which takes some ways there and back. */
const greetingWithinMs = 3000;
/** For streams to end when nobody needs the connection any more. */
const closeWithinMs = 5000;
/** So many streams at once, before a server has said how many it takes. */
const usualStreams = 100;
/**
 * Streams of one connection that may be cancelled. Servers take many of them for an attack, and end the connection with all that is under way
 * on it: Node's after 1,000. So another one takes over before that.
 */
const mostCancelled = 400;

/** One request as it goes over the wire. */
export interface Outgoing {
	readonly method: string;
	/** With the query. */
	readonly path: string;
	/** Names in small letters. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | undefined;
}

/** One HTTP/2 connection, and whether anybody is at its other end. */
export class Connection {
	readonly #session: ClientHttp2Session;
	readonly #looking: NodeJS.Timeout;
	#socket: Socket | TLSSocket | undefined;
	#streams = 0;
	#cancelled = 0;
	#isLooking = false;
	#isRetired = false;
	#lookedAt = performance.now();

	constructor(url: string, options: SecureClientSessionOptions, onClose: () => void) {
		const session = http2().connect(url, options);
		this.#session = session;
		// Without a request it is no reason for a process to go on.
		session.unref();
		// Streams tell what went wrong; a connection without one is made anew when it is needed.
		session.on('error', () => {});
		session.once('connect', (_, socket) => {
			this.#socket = socket;
		});
		const late = this.#deadline(greetingWithinMs);
		session.once('remoteSettings', late);
		this.#looking = setInterval(() => this.#lookWhenDue(), lookEveryMs.waited);
		this.#looking.unref();
		// What it has under way is finished; nothing new goes there.
		session.once('goaway', () => session.close());
		session.once('close', () => {
			late();
			clearInterval(this.#looking);
			onClose();
		});
	}

	/** Whether it takes one more request, now. */
	get hasRoom(): boolean {
		const { closed, destroyed } = this.#session;
		return !closed && !destroyed && !this.#isRetired && this.#cancelled < mostCancelled && this.#streams < this.#most;
	}

	/** The stream of a request on its way. @throws what Node throws where the connection has just ended */
	open({ method, path, headers, body }: Outgoing): ClientHttp2Stream {
		const stream = this.#session.request({ ':method': method, ':path': path, ...headers }, { endStream: body === undefined });
		if (this.#streams++ === 0) this.#session.ref();
		stream.once('close', () => {
			if (--this.#streams === 0 && !this.#session.destroyed) this.#session.unref();
			if (!stream.readableEnded) this.#cancelled++;
			// Not before: that it ends would overtake requests that were just made.
			if (this.#streams === 0 && (this.#isRetired || this.#cancelled >= mostCancelled)) this.#session.close();
		});
		if (body) stream.end(body);
		return stream;
	}

	/** Takes nothing new, and ends with the last of its streams. */
	retire(): void {
		this.#isRetired = true;
		if (this.#streams === 0) this.#session.close();
	}

	/** The same, or soon. */
	close(): void {
		this.#session.close();
		this.#deadline(closeWithinMs);
	}

	get #most(): number {
		return this.#session.connecting ? usualStreams : (this.#session.remoteSettings.maxConcurrentStreams ?? usualStreams);
	}

	#lookWhenDue(): void {
		const every = this.#streams > 0 ? lookEveryMs.waited : lookEveryMs.idle;
		// One that is being closed has no pings any more: Node cancels them, whoever is at the other end.
		if (this.#isLooking || this.#session.connecting || this.#session.closed) return;
		// The clock of a timer is not exact.
		if (performance.now() - this.#lookedAt < every * 0.9) return;
		this.#isLooking = true;
		this.#lookedAt = performance.now();
		const late = this.#deadline(signWithinMs);
		this.#session.ping((error) => {
			late();
			this.#isLooking = false;
			if (error && !this.#session.closed) this.#giveUp();
		});
	}

	/** With an error: without one, what was under way would look as if it had come to its end. */
	#giveUp(): void {
		this.#session.destroy(new Error('There was no sign of life.'));
		// Which alone would wait until the other end closes it, too.
		this.#socket?.destroy();
	}

	/** Gives the connection up in a while, unless what comes back is called. What has arrived by then is read first: we may have been the slow ones. */
	#deadline(ms: number): () => void {
		let isMet = false;
		const timer = setTimeout(() => setImmediate(() => isMet || this.#giveUp()), ms);
		timer.unref();
		return () => {
			isMet = true;
			clearTimeout(timer);
		};
	}
}
