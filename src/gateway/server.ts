import { createServer as createHttpServer } from 'node:http';
import { constants, createServer as createHttp2Server } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { unwanted } from '../std/abortable.ts';
import { type Failure, internal } from './failure.ts';
import { type Handle, refused } from './handle.ts';
import { bodyOf, heardOut } from './incoming-body.ts';
import { type Limits, usualLimits } from './limits.ts';
import { type Outgoing, StallError, send } from './outgoing-response.ts';
import { Sessions } from './sessions.ts';
import { authorityOf, type Incoming, refusalOf } from './strict.ts';

/** Where the gateway listens: at a port of an address, 0 for any that is free; or at a socket that has a path. */
export type Place = { readonly port: number; readonly host: string } | { readonly path: string };

/** A certificate and its key, in PEM. */
export interface Tls {
	readonly cert: string;
	readonly key: string;
}

/** What HTTP/2 begins with. */
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const stopping: Failure = { status: 503, code: 'stopping', message: 'The gateway is stopping.', retryAfter: 5 };
const full: Failure = { status: 503, code: 'full', message: 'The gateway has too much to do. Try again in a moment.', retryAfter: 1 };

/** HTTP/1.1 and HTTP/2 in one place: who speaks first decides which. */
export class GatewayServer implements AsyncDisposable {
	readonly #handle: Handle;
	readonly #onFault: (error: unknown) => void;
	readonly #limits: Limits;
	readonly #http;
	readonly #http2;
	readonly #sessions: Sessions;
	readonly #sockets = new Set<Socket>();
	/** Those that have not said anything yet. */
	readonly #silent = new Set<Socket>();
	/** What is being answered. A request that nobody holds forgets that its client went away. */
	readonly #open = new Set<Request>();
	readonly #servers: Server[] = [];
	#isStopping = false;

	constructor(handle: Handle, onFault: (error: unknown) => void, limits = usualLimits) {
		this.#handle = handle;
		this.#onFault = onFault;
		this.#limits = limits;
		this.#sessions = new Sessions(limits);
		const { headersMs, bodyMs: requestTimeout, idleMs: keepAliveTimeout, headerBytes: maxHeaderSize } = limits;
		const headersTimeout = Math.min(headersMs, requestTimeout);
		const connectionsCheckingInterval = Math.min(1000, headersTimeout);
		this.#http = createHttpServer({ headersTimeout, requestTimeout, keepAliveTimeout, maxHeaderSize, connectionsCheckingInterval });
		this.#http2 = createHttp2Server({
			settings: { maxConcurrentStreams: limits.streamsPerSession, maxHeaderListSize: limits.headerBytes, enablePush: false },
			maxSessionMemory: 64,
		});
		this.#http.on('request', (incoming, outgoing) => void this.#serve(incoming, outgoing));
		this.#http.on('connect', (_, socket) =>
			socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
		);
		this.#http2.on('request', (incoming, outgoing) => void this.#serve(incoming, outgoing));
		this.#http2.on('connect', (incoming, outgoing) => void this.#serve(incoming, outgoing));
		this.#http2.on('session', (session) => this.#sessions.add(session));
		this.#http2.on('sessionError', () => {});
		// Its watch over slow and idle connections begins when it listens, which another server does for it.
		this.#http.emit('listening');
	}

	/**
	 * Listens in one more place. Resolves to its port, or to 0 where it has none.
	 * @throws where it would be open to other machines without TLS, and what Node throws where the place cannot be had
	 */
	async listen(place: Place, tls?: Tls): Promise<number> {
		if ('port' in place && !tls && !loopback.test(place.host)) {
			throw new Error(`${place.host} is open to other machines. That takes TLS: name a certificate and its key, or listen on 127.0.0.1.`);
		}
		const server = this.#server(tls);
		await new Promise<void>((resolve, reject) => server.once('error', reject).listen(place, resolve));
		this.#servers.push(server);
		const address = server.address();
		return typeof address === 'object' ? (address?.port ?? 0) : 0;
	}

	#server(tls: Tls | undefined): Server {
		const { firstByteMs: handshakeTimeout, connections } = this.#limits;
		const greet = (socket: Socket) => this.#greet(socket);
		const encrypted = { ...tls, ALPNProtocols: ['h2', 'http/1.1'], minVersion: 'TLSv1.2', handshakeTimeout } as const;
		const server = tls ? createTlsServer(encrypted, greet) : createServer(greet);
		server.maxConnections = connections;
		// Also those that are still agreeing on how to encrypt.
		server.on('connection', (socket: Socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		});
		return server;
	}

	/** Takes nothing new, lets streams end, and closes what is still open then. */
	async [Symbol.asyncDispose](): Promise<void> {
		this.#isStopping = true;
		const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
		this.#http.close();
		this.#sessions.close();
		for (const socket of this.#silent) socket.destroy();
		const end = setTimeout(() => {
			for (const socket of this.#sockets) socket.destroy();
		}, this.#limits.drainMs);
		await Promise.all(closed);
		clearTimeout(end);
	}

	/** Reads until it is sure which protocol this is, which may take several reads, and puts all of it back. */
	#greet(socket: Socket): void {
		this.#silent.add(socket);
		const late = setTimeout(() => socket.destroy(), this.#limits.firstByteMs);
		let said = Buffer.alloc(0);
		const look = () => {
			for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) said = Buffer.concat([said, chunk]);
			const start = said.toString('latin1', 0, preface.length);
			if (start.length < preface.length && preface.startsWith(start)) return;
			known();
			socket.unshift(said);
			(start === preface ? this.#http2 : this.#http).emit('connection', socket);
		};
		const known = () => {
			clearTimeout(late);
			this.#silent.delete(socket);
			socket.off('readable', look);
		};
		socket.on('readable', look);
		socket.on('error', () => {});
		socket.once('close', known);
	}

	async #serve(incoming: Incoming, outgoing: Outgoing): Promise<void> {
		const gone = new AbortController();
		// On HTTP/2 a response that was reset says that it is finished, so only `writableEnded` tells.
		outgoing.once('close', () => !outgoing.writableEnded && gone.abort(unwanted));
		outgoing.on('error', () => {});
		try {
			const response = await this.#answer(incoming, outgoing, gone.signal).catch((error: unknown) => this.#fault(error));
			const isUnread = !isWhole(incoming);
			if ('shouldKeepAlive' in outgoing) {
				if (isUnread || this.#isStopping) outgoing.shouldKeepAlive = false;
				// What is left of a body that nobody wanted would be taken for the next request.
				if (isUnread) await heardOut(incoming);
			}
			await send(response, outgoing, incoming.method === 'HEAD', this.#limits.stallMs, gone.signal);
			// What nobody wanted would keep a stream open.
			incoming.resume();
			if (isUnread && 'stream' in outgoing) outgoing.stream.close(constants.NGHTTP2_NO_ERROR);
		} catch (error) {
			if (!gone.signal.aborted && !(error instanceof StallError)) this.#onFault(error);
			breakOff(outgoing);
		}
	}

	#fault(error: unknown): Response {
		this.#onFault(error);
		return refused(internal);
	}

	async #answer(incoming: Incoming, outgoing: Outgoing, signal: AbortSignal): Promise<Response> {
		if (this.#isStopping) return refused(stopping);
		if (this.#open.size >= this.#limits.exchanges) return refused(full);
		const refusal = refusalOf(incoming, this.#limits);
		// What comes after it could be part of it for somebody else.
		if (refusal && 'shouldKeepAlive' in outgoing) outgoing.shouldKeepAlive = false;
		if (refusal) return refused(refusal);
		const request = this.#requestOf(incoming, signal);
		this.#open.add(request);
		outgoing.once('close', () => this.#open.delete(request));
		return await this.#handle(request);
	}

	#requestOf(incoming: Incoming, signal: AbortSignal): Request {
		const headers = new Headers();
		for (const [name, value] of Object.entries(incoming.headers)) {
			if (name.startsWith(':') || value === undefined) continue;
			for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
		}
		const { method = 'GET', url = '/' } = incoming;
		const hasBody = method !== 'GET' && method !== 'HEAD';
		const address = `http://${authorityOf(incoming)}${url === '*' ? '/' : url}`;
		return new Request(address, {
			method,
			headers,
			signal,
			...(hasBody ? { body: bodyOf(incoming, this.#limits), duplex: 'half' } : {}),
		});
	}
}

/** Nobody may take what there is for all of it: a stream of HTTP/2 that is only destroyed ends as one that is whole. */
function breakOff(outgoing: Outgoing): void {
	if ('stream' in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
	outgoing.destroy();
}

function isWhole(incoming: Incoming): boolean {
	return incoming.complete || ('stream' in incoming && incoming.stream.endAfterHeaders);
}
