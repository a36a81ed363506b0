import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

type Json = Readonly<Record<string, unknown>>;

/** The other end of a language server on standard input and output. */
export class LanguageClient implements AsyncDisposable {
	readonly #server: ChildProcessWithoutNullStreams;
	readonly #waiting = new Map<number, (message: Json) => void>();
	#received = Buffer.alloc(0);
	#next = 1;

	constructor(command: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
		this.#server = spawn(command, args, { env });
		this.#server.stdout.on('data', (chunk: Buffer) => {
			this.#received = Buffer.concat([this.#received, chunk]);
			for (let message = this.#message(); message; message = this.#message()) this.#take(message);
		});
	}

	/** Resolves to the whole answer, which has a `result` or an `error`. */
	request(method: string, params: unknown): Promise<Json> {
		const id = this.#next++;
		this.#send({ id, method, params });
		return new Promise((resolve) => this.#waiting.set(id, resolve));
	}

	notify(method: string, params: unknown): void {
		this.#send({ method, params });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const exit = once(this.#server, 'exit');
		this.#server.kill();
		await exit;
	}

	#send(message: Json): void {
		const body = JSON.stringify({ jsonrpc: '2.0', ...message });
		this.#server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
	}

	/** The next one that is there whole. */
	#message(): Json | undefined {
		const headEnd = this.#received.indexOf('\r\n\r\n');
		const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('utf8', 0, Math.max(0, headEnd)))?.[1]);
		const end = headEnd + 4 + length;
		if (headEnd < 0 || this.#received.length < end) return undefined;
		const message: Json = JSON.parse(this.#received.toString('utf8', headEnd + 4, end));
		this.#received = this.#received.subarray(end);
		return message;
	}

	#take(message: Json): void {
		const { id, method } = message;
		if (typeof id !== 'number') return;
		// What a server asks of its client, nobody here has an answer to.
		if (method !== undefined) this.#send({ id, result: null });
		else this.#waiting.get(id)?.(message);
		if (method === undefined) this.#waiting.delete(id);
	}
}
