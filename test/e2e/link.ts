import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The way between two machines, which somebody may cut: from then on nothing arrives, and nobody is told. */
export class Link implements AsyncDisposable {
	readonly url: string;
	readonly #server: Server;
	readonly #ends = new Set<Socket>();
	#isCut = false;

	private constructor(url: string, to: URL) {
		this.url = url;
		this.#server = createServer((near) => {
			const far = connect(Number(to.port), to.hostname);
			this.#join(near, far);
			this.#join(far, near);
		});
	}

	/** `url` is where it begins, on this machine. */
	static async between(url: string, to: string): Promise<Link> {
		const link = new Link(url, new URL(to));
		await once(link.#server.listen(Number(new URL(url).port), '127.0.0.1'), 'listening');
		return link;
	}

	cut(): void {
		this.#isCut = true;
		for (const end of this.#ends) end.pause();
	}

	mend(): void {
		this.#isCut = false;
		for (const end of this.#ends) end.resume();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const end of this.#ends) end.destroy();
		this.#server.close();
		await once(this.#server, 'close');
	}

	#join(from: Socket, to: Socket): void {
		this.#ends.add(from);
		if (this.#isCut) from.pause();
		from.on('data', (chunk) => to.write(chunk));
		from.on('error', () => {});
		from.on('end', () => this.#isCut || to.end());
		from.on('close', () => {
			this.#ends.delete(from);
			// Whoever is at the other end hears of it no more than of anything else.
			if (!this.#isCut) to.destroy();
		});
		if (this.#isCut) from.pause();
	}
}
