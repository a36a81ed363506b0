import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { Fill } from '../../src/completion/fill.ts';

const request = {
	path: '',
	languageId: 'plaintext',
	prefix: 'def add(a, b):\n    return ',
	suffix: '\n',
	end: { maxTokens: 64, stop: [] },
};

/** What a gateway is compared with: the least that gets what a backend says to a client, over the same protocols and in the same process. */
export class BareServer implements AsyncDisposable {
	readonly #servers: readonly Server[];

	private constructor(servers: readonly Server[]) {
		this.#servers = servers;
	}

	static async open(fill: Fill): Promise<BareServer> {
		const answer = (incoming: IncomingMessage | Http2ServerRequest, outgoing: ServerResponse | Http2ServerResponse) =>
			void stream(fill, incoming, outgoing);
		const servers = [createServer(answer), createHttp2Server({}, answer)];
		await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve))));
		return new BareServer(servers);
	}

	/** The first speaks HTTP/1.1, the second HTTP/2. */
	get urls(): readonly string[] {
		return this.#servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
	}
}

async function stream(fill: Fill, incoming: IncomingMessage | Http2ServerRequest, outgoing: ServerResponse | Http2ServerResponse) {
	const gone = new AbortController();
	outgoing.once('close', () => !outgoing.writableEnded && gone.abort()).on('error', () => {});
	incoming.resume();
	try {
		for await (const piece of fill(request, gone.signal)) write(outgoing, `data: ${JSON.stringify(piece)}\n\n`);
		write(outgoing, 'data: [DONE]\n\n');
		outgoing.end();
	} catch {
		outgoing.destroy();
	}
}

function write(outgoing: ServerResponse | Http2ServerResponse, text: string): void {
	if ('stream' in outgoing) outgoing.write(text);
	else outgoing.write(text);
}
