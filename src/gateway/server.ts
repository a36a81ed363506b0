import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import type { Handle } from './handle.ts';

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

/** Where the gateway listens: at a port of an address, 0 for any that is free; or at a socket that has a path. */
export type Place = { readonly port: number; readonly host: string } | { readonly path: string };

/** A certificate and its key, in PEM. */
export interface Tls {
	readonly cert: string;
	readonly key: string;
}

/** How long streams have to end when the gateway stops. */
const drainMs = 5000;
/** What HTTP/2 begins with. */
const preface = 'PRI';

/** What a client has to come to an understanding about encryption. */
const handshakeMs = 10_000;

/** HTTP/1.1 and HTTP/2 in one place: who speaks first decides which. */
export class GatewayServer implements AsyncDisposable {
	readonly #handle: Handle;
	readonly #onFault: (error: unknown) => void;
	readonly #http = createHttpServer({ headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 });
	readonly #http2 = createHttp2Server({ settings: { maxConcurrentStreams: 128 }, maxSessionMemory: 64 });
	readonly #sockets = new Set<Socket>();
	/** Those that have not said anything yet. */
	readonly #silent = new Set<Socket>();
	readonly #sessions = new Set<ServerHttp2Session>();
	readonly #servers: Server[] = [];

	constructor(handle: Handle, onFault: (error: unknown) => void) {
		this.#handle = handle;
		this.#onFault = onFault;
		this.#http.on('request', (request, response) => void this.#serve(request, response));
		this.#http2.on('request', (request, response) => void this.#serve(request, response));
		this.#http2.on('sessionError', () => {});
		this.#http2.on('session', (session) => {
			this.#sessions.add(session);
			session.once('close', () => this.#sessions.delete(session));
		});
		// Its watch over slow and idle connections begins when it listens, which another server does for it.
		this.#http.emit('listening');
	}

	/** Listens in one more place. Resolves to its port, or to 0 where it has none. */
	listen(place: Place, tls?: Tls): Promise<number> {
		const sniff = (socket: Socket) => this.#sniff(socket);
		const server = tls
			? createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: handshakeMs }, sniff)
			: createServer(sniff);
		// Also those that are still agreeing on how to encrypt.
		server.on('connection', (socket: Socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
		return new Promise((resolve, reject) => {
			server.once('error', reject);
			server.listen(place, () => {
				this.#servers.push(server);
				const address = server.address();
				resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
			});
		});
	}

	/** Takes nothing new, lets streams end, and closes what is still open then. */
	async [Symbol.asyncDispose](): Promise<void> {
		const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
		this.#http.close();
		for (const session of this.#sessions) session.close();
		for (const socket of this.#silent) socket.destroy();
		const end = setTimeout(() => {
			for (const socket of this.#sockets) socket.destroy();
		}, drainMs);
		await Promise.all(closed);
		clearTimeout(end);
	}

	#sniff(socket: Socket): void {
		this.#silent.add(socket);
		socket.once('close', () => this.#silent.delete(socket));
		socket.on('error', () => {});
		const look = () => {
			const chunk: Buffer | null = socket.read();
			if (chunk === null) return void socket.once('readable', look);
			this.#silent.delete(socket);
			socket.unshift(chunk);
			const server = chunk.toString('latin1', 0, preface.length) === preface ? this.#http2 : this.#http;
			server.emit('connection', socket);
		};
		socket.once('readable', look);
	}

	async #serve(incoming: Incoming, outgoing: Outgoing): Promise<void> {
		const gone = new AbortController();
		// On HTTP/2 a response that was reset says that it is finished, so only `writableEnded` tells.
		outgoing.once('close', () => !outgoing.writableEnded && gone.abort());
		try {
			const response = await this.#handle(requestOf(incoming, gone.signal));
			// What is left of a body that nobody wanted would be taken for the next request.
			if (!incoming.complete && 'shouldKeepAlive' in outgoing) outgoing.shouldKeepAlive = false;
			await send(response, outgoing, gone.signal);
		} catch (error) {
			if (!gone.signal.aborted) this.#onFault(error);
			outgoing.destroy();
		}
	}
}

function requestOf(incoming: Incoming, signal: AbortSignal): Request {
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers)) {
		if (name.startsWith(':') || value === undefined) continue;
		for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
	}
	const method = incoming.method ?? 'GET';
	const authority = ('authority' in incoming ? incoming.authority : undefined) || incoming.headers.host || '';
	const hasBody = method !== 'GET' && method !== 'HEAD';
	return new Request(new URL(incoming.url ?? '/', `http://${authority}`), {
		method,
		headers,
		signal,
		...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' } : {}),
	});
}

/** Reads on only when what was read is written. */
async function send(response: Response, outgoing: Outgoing, signal: AbortSignal): Promise<void> {
	outgoing.statusCode = response.status;
	for (const [name, value] of response.headers) outgoing.setHeader(name, value);
	if (!response.body) return void outgoing.end();
	const reader = response.body.getReader();
	const leave = () => void reader.cancel().catch(() => {});
	if (signal.aborted) return leave();
	signal.addEventListener('abort', leave, { once: true });
	for (let next = await reader.read(); !next.done; next = await reader.read()) {
		if (!write(outgoing, next.value)) await drained(outgoing, signal);
	}
	if (!signal.aborted) outgoing.end();
}

function write(outgoing: Outgoing, chunk: Uint8Array): boolean {
	return 'stream' in outgoing ? outgoing.write(chunk) : outgoing.write(chunk);
}

function drained(outgoing: Outgoing, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const go = () => {
			outgoing.removeListener('drain', go);
			signal.removeEventListener('abort', go);
			resolve();
		};
		outgoing.once('drain', go);
		signal.addEventListener('abort', go, { once: true });
	});
}
