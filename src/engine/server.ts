import { createServer, type Server, type Socket } from 'node:net';
import { type EngineReply, type EngineRequest, frame, onLines, parseRequest } from '../model/engine-wire.ts';
import type { Work } from './work.ts';

/** How often, at most, those who wait are told that the engine is at work. */
const aliveMs = 100;

/**
 * Listens for editors. Each connection may have several requests under way; when it closes, they are aborted. Some time after
 * the last one closed, `ended` resolves.
 */
export class EngineServer {
	readonly ended: Promise<void>;
	readonly #work: Pick<Work, 'replies'>;
	readonly #lingerMs: number;
	/** What each of them waits for. */
	readonly #sockets = new Map<Socket, Map<number, AbortController>>();
	/** Tells everybody who waits that there is life; also those whose turn has not come. */
	readonly #waiting = new Set<() => void>();
	#server: Server | undefined;
	#isRetired = false;
	#lastAlive = 0;
	#linger: NodeJS.Timeout | undefined;
	#end: () => void = () => {};

	constructor(work: Pick<Work, 'replies'>, lingerMs: number) {
		this.#work = work;
		this.#lingerMs = lingerMs;
		this.ended = new Promise((resolve) => {
			this.#end = resolve;
		});
	}

	/** Also for the second time, when the first address is nowhere to be found any more. */
	async listen(address: string): Promise<void> {
		this.#server?.close();
		const server = createServer((socket) => this.#accept(socket));
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(address, resolve);
		});
		this.#server = server;
		this.#endWhenAlone();
	}

	/** Lets everybody go to the engine that has taken our place, each as soon as it waits for nothing. */
	retire(): void {
		this.#isRetired = true;
		// Closing it would take away the other's address.
		this.#server?.unref();
		for (const socket of this.#sockets.keys()) this.#dismiss(socket);
		this.#endWhenAlone();
	}

	#accept(socket: Socket): void {
		clearTimeout(this.#linger);
		const running = new Map<number, AbortController>();
		this.#sockets.set(socket, running);
		const reply = (message: EngineReply) => {
			if (!socket.destroyed) socket.write(frame(message));
		};
		socket.on('error', () => socket.destroy());
		socket.on('close', () => {
			for (const controller of running.values()) controller.abort();
			this.#sockets.delete(socket);
			this.#endWhenAlone();
		});
		onLines(socket, (line) => {
			const request = parseRequest(line);
			if (request?.kind === 'cancel') running.get(request.id)?.abort();
			else if (request && !running.has(request.id)) void this.#answer(request, running, reply).then(() => this.#dismiss(socket));
		});
		reply({ kind: 'hello', id: 0, pid: process.pid });
	}

	async #answer(
		request: Exclude<EngineRequest, { kind: 'cancel' }>,
		running: Map<number, AbortController>,
		reply: (message: EngineReply) => void,
	): Promise<void> {
		const controller = new AbortController();
		const alive = () => reply({ kind: 'alive', id: request.id });
		running.set(request.id, controller);
		this.#waiting.add(alive);
		for await (const message of this.#work.replies(request, () => this.#showLife(), controller.signal)) reply(message);
		this.#waiting.delete(alive);
		running.delete(request.id);
	}

	#dismiss(socket: Socket): void {
		if (this.#isRetired && this.#sockets.get(socket)?.size === 0) socket.end();
	}

	#showLife(): void {
		const now = performance.now();
		if (now - this.#lastAlive < aliveMs) return;
		this.#lastAlive = now;
		for (const alive of this.#waiting) alive();
	}

	#endWhenAlone(): void {
		clearTimeout(this.#linger);
		if (this.#sockets.size > 0) return;
		const end = () => {
			if (!this.#isRetired) this.#server?.close();
			this.#end();
		};
		this.#linger = setTimeout(end, this.#isRetired ? 0 : this.#lingerMs);
	}
}
