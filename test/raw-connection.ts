import { connect, type Socket } from 'node:net';

/** A connection that says byte for byte what a test wants, and hears what comes back. */
export class RawConnection implements AsyncDisposable {
	readonly #socket: Socket;
	readonly #closed: Promise<void>;
	#heard = Buffer.alloc(0);
	#isOver = false;
	#wake = () => {};

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			this.#heard = Buffer.concat([this.#heard, chunk]);
			this.#wake();
		});
		this.#closed = new Promise((resolve) => {
			socket.once('close', () => {
				this.#isOver = true;
				this.#wake();
				resolve();
			});
		});
	}

	static async open(url: string): Promise<RawConnection> {
		const { hostname, port } = new URL(url);
		const socket = connect(Number(port), hostname);
		const connection = new RawConnection(socket);
		await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
		return connection;
	}

	say(bytes: string | Uint8Array): this {
		this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
		return this;
	}

	/** Has nothing more to say. */
	end(): void {
		this.#socket.end();
	}

	/** Stops taking what comes. */
	pause(): void {
		this.#socket.pause();
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	get bytes(): Buffer {
		return this.#heard;
	}

	get text(): string {
		return this.#heard.toString('latin1');
	}

	/** Resolves when what was heard is as it should be, or nothing more comes. */
	async hears(isEnough: (text: string) => boolean): Promise<string> {
		while (!isEnough(this.text) && !this.#isOver) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		return this.text;
	}

	/** All that comes until the other side closes. */
	async whole(): Promise<string> {
		await this.#closed;
		return this.text;
	}

	/** The status of the first answer; undefined where the connection was closed without one. */
	async status(): Promise<number | undefined> {
		const text = await this.hears((heard) => heard.includes('\r\n\r\n'));
		const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
		return status === undefined ? undefined : Number(status);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#socket.destroy();
		await this.#closed;
	}
}
