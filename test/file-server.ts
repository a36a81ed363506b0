import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A file, and how it is served. */
export interface ServedFile {
	bytes: Buffer;
	etag?: string;
	contentType?: string;
	/** Without ranges everybody gets the whole file. */
	hasRanges?: boolean;
	/** Closes the connection when it comes to this byte of the file. */
	cutAt?: number | undefined;
	/** Of one piece after the other, in milliseconds. */
	step?: number;
	/** Whether the length is kept secret (a chunked answer). */
	isLengthHidden?: boolean;
	status?: number;
	/** Stops sending here, without closing. */
	silentAt?: number;
}

/** A request as the server saw it. */
export interface SeenGet {
	readonly path: string;
	readonly range: string | undefined;
	readonly ifRange: string | undefined;
	/** First byte that was sent. */
	from: number;
	sent: number;
	/** Whether the client left before it had everything. */
	wasLeft: boolean;
}

/** A real HTTP server for files, with faults by script. */
export class FileServer implements AsyncDisposable {
	readonly seen: SeenGet[] = [];
	readonly files = new Map<string, ServedFile>();
	url = '';
	readonly #server: Server;

	private constructor() {
		this.#server = createServer((request, response) => void this.#handle(request, response).catch(() => response.destroy()));
	}

	static async start(files: Record<string, ServedFile>): Promise<FileServer> {
		const server = new FileServer();
		for (const [path, file] of Object.entries(files)) server.files.set(path, file);
		server.#server.listen(0, '127.0.0.1');
		await once(server.#server, 'listening');
		server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
		return server;
	}

	/** Bytes of files that went out, all requests together. */
	get sent(): number {
		return this.seen.reduce((sum, { sent }) => sum + sent, 0);
	}

	async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const path = request.url ?? '';
		const ifRange = request.headers['if-range']?.toString();
		const seen: SeenGet = { path, range: request.headers.range, ifRange, from: 0, sent: 0, wasLeft: false };
		this.seen.push(seen);
		response.on('close', () => {
			seen.wasLeft = !response.writableEnded;
		});
		const file = this.files.get(path);
		if (!file || file.status) return void response.writeHead(file?.status ?? 404).end('no');
		const [from, end] = this.#range(file, seen);
		if (from >= file.bytes.length) return void response.writeHead(416).end();
		seen.from = from;
		this.#writeHead(file, seen, from, end, response);
		await this.#send(file, seen, from, end, response);
	}

	#range(file: ServedFile, { range, ifRange }: SeenGet): [number, number] {
		const size = file.bytes.length;
		const isOther = ifRange !== undefined && ifRange !== file.etag;
		const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
		if (first === undefined || file.hasRanges === false || isOther) return [0, size];
		if (first === '') return [Math.max(0, size - Number(last)), size];
		return [Number(first), last ? Math.min(size, Number(last) + 1) : size];
	}

	#writeHead(file: ServedFile, { range, ifRange }: SeenGet, from: number, end: number, response: ServerResponse): void {
		const isPart = range !== undefined && file.hasRanges !== false && (ifRange === undefined || ifRange === file.etag);
		response.writeHead(isPart ? 206 : 200, {
			'content-type': file.contentType ?? 'application/octet-stream',
			...(file.etag && { etag: file.etag }),
			...(!file.isLengthHidden && { 'content-length': end - from }),
			...(isPart && { 'content-range': `bytes ${from}-${end - 1}/${file.bytes.length}` }),
		});
	}

	async #send(file: ServedFile, seen: SeenGet, from: number, end: number, response: ServerResponse): Promise<void> {
		const stop = Math.min(...[end, file.cutAt ?? end, file.silentAt ?? end].filter((byte) => byte >= from));
		const piece = file.step ? Math.ceil(file.bytes.length / 20) : 64 * 1024;
		for (let at = from; at < stop && !response.destroyed; at += piece) {
			const chunk = file.bytes.subarray(at, Math.min(at + piece, stop));
			await new Promise((resolve) => response.write(chunk, resolve));
			seen.sent += chunk.length;
			if (file.step) await delay(file.step);
		}
		if (file.silentAt !== undefined && stop < end) return;
		if (stop < end) response.socket?.destroySoon();
		else response.end();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}
}
