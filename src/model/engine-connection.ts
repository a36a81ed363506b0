import { connect, type Socket } from 'node:net';
import { type EngineReply, type EngineRequest, frame, onLines, parseReply } from './engine-wire.ts';
import { ModelError } from './model-error.ts';

/** What is asked, before it has a number. */
export type EngineQuestion = EngineRequest extends infer Request ? (Request extends { id: number } ? Omit<Request, 'id'> : never) : never;

/** The engine closed the connection, most likely by its end. */
export class LostConnection extends ModelError {}

/** Replies to one request, in order, until the connection ends. */
class Inbox {
	readonly #replies: EngineReply[] = [];
	#failure: ModelError | undefined;
	#wake: () => void = () => {};

	put(reply: EngineReply): void {
		this.#replies.push(reply);
		this.#wake();
	}

	fail(failure: ModelError): void {
		this.#failure = failure;
		this.#wake();
	}

	/** The next reply; undefined when none comes for `ms` milliseconds. */
	async next(ms: number): Promise<EngineReply | undefined> {
		if (this.#replies.length === 0 && !this.#failure) await this.#change(ms);
		const reply = this.#replies.shift();
		if (!reply && this.#failure) throw this.#failure;
		return reply;
	}

	#change(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const late = setTimeout(resolve, ms);
			this.#wake = () => {
				clearTimeout(late);
				resolve();
			};
		});
	}
}

/**
 * A conversation with an engine. It keeps our process alive only while something is asked.
 *
 * Invariant: every inbox hears of the end of the connection, so nobody waits for ever.
 */
export class EngineConnection {
	readonly #socket: Socket;
	readonly #inboxes = new Map<number, Inbox>();
	/** Hears the greeting, which answers no question. */
	readonly #greeting = new Inbox();
	#lastId = 0;
	#pid: number | undefined;
	#isLeaving = false;

	private constructor(socket: Socket) {
		this.#socket = socket;
		onLines(socket, (line) => {
			const reply = parseReply(line);
			if (reply?.kind === 'hello') this.#greeting.put(reply);
			else if (reply) this.#inboxes.get(reply.id)?.put(reply);
		});
		socket.on('error', () => socket.destroy());
		socket.on('close', () => this.#lose());
	}

	/** Undefined when no engine answers at the address. */
	static async open(address: string, helloMs: number): Promise<EngineConnection | undefined> {
		const socket = await new Promise<Socket | undefined>((resolve) => {
			const opening = connect(address);
			opening.once('connect', () => resolve(opening));
			opening.once('error', () => resolve(undefined));
		});
		if (!socket) return undefined;
		const connection = new EngineConnection(socket);
		return (await connection.#isGreeted(helloMs)) ? connection : undefined;
	}

	get isOpen(): boolean {
		return !this.#socket.destroyed;
	}

	/**
	 * Asks, and yields what is replied up to the end of the request. An abort is sent on, and the end waited for: after that the engine
	 * does nothing more for us.
	 *
	 * @param stallMs how long it may show no sign of life; an engine that shows none is ended, or nobody could ever use it again
	 */
	async *ask(question: EngineQuestion, stallMs: number, signal: AbortSignal): AsyncGenerator<EngineReply> {
		signal.throwIfAborted();
		const id = ++this.#lastId;
		const inbox = new Inbox();
		const cancel = () => this.#send({ kind: 'cancel', id });
		this.#inboxes.set(id, inbox);
		this.#socket.ref();
		if (!this.isOpen) inbox.fail(lost());
		this.#send({ ...question, id });
		signal.addEventListener('abort', cancel, { once: true });
		let isOver = false;
		const next = async () => {
			const reply = await inbox.next(stallMs);
			if (!reply) throw this.#giveUp(stallMs);
			isOver = endings.has(reply.kind);
			return reply;
		};
		try {
			while (!isOver) {
				const reply = await next();
				signal.throwIfAborted();
				if (reply.kind === 'failed') throw new ModelError(reply.code, reply.message);
				if (reply.kind !== 'alive') yield reply;
			}
		} finally {
			signal.removeEventListener('abort', cancel);
			if (!isOver) cancel();
			while (!isOver && this.isOpen) await next().catch(() => {});
			this.#inboxes.delete(id);
			if (this.#inboxes.size === 0) this.#rest();
		}
	}

	close(): void {
		this.#socket.destroy();
	}

	/** What is under way comes to its end. */
	closeWhenDone(): void {
		this.#isLeaving = true;
		if (this.#inboxes.size === 0) this.close();
	}

	#rest(): void {
		this.#socket.unref();
		if (this.#isLeaving) this.close();
	}

	async #isGreeted(ms: number): Promise<boolean> {
		const hello = await this.#greeting.next(ms).catch(() => undefined);
		if (hello?.kind === 'hello') {
			this.#pid = hello.pid;
			this.#socket.unref();
			return true;
		}
		this.close();
		return false;
	}

	#send(request: EngineRequest): void {
		if (this.isOpen) this.#socket.write(frame(request));
	}

	#giveUp(stallMs: number): ModelError {
		if (this.#pid !== undefined && this.isOpen) kill(this.#pid);
		this.close();
		return new ModelError('stalled', `The embedded engine showed no sign of life for ${Math.round(stallMs / 1000)} s and was ended.`);
	}

	#lose(): void {
		for (const inbox of [this.#greeting, ...this.#inboxes.values()]) inbox.fail(lost());
	}
}

const endings: ReadonlySet<EngineReply['kind']> = new Set(['end', 'loaded', 'memory', 'hardware', 'failed']);

export function lost(): LostConnection {
	return new LostConnection('unreachable', 'The embedded engine ended unexpectedly.');
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It is gone already.
	}
}
