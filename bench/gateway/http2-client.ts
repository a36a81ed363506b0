import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Answered, Posted } from './jobs.ts';

/** Asks over HTTP/2, on one session at a time. What a server says it did not begin is asked again, as clients of HTTP/2 do. */
export class Http2Client {
	/** How often the server asked for a new session, and how often it ended one. */
	goaways = 0;
	killed = 0;
	sessions = 0;
	readonly #url: string;
	readonly #key: string;
	#session: ClientHttp2Session | undefined;
	#isClosed = false;

	constructor(url: string, key: string) {
		this.#url = url;
		this.#key = key;
	}

	post(body: unknown, cancelMs?: number): Posted {
		const startedAt = performance.now();
		let isCancelled = false;
		let close = () => {};
		const cancel = () => {
			isCancelled = true;
			close();
		};
		const ask = async (): Promise<Answered> => {
			for (;;) {
				const stream = this.#open().request({
					':method': 'POST',
					':path': '/v1/completions',
					authorization: `Bearer ${this.#key}`,
					'content-type': 'application/json',
				});
				close = () => stream.close(constants.NGHTTP2_CANCEL);
				stream.end(JSON.stringify(body));
				if (isCancelled) close();
				else if (cancelMs === 0) setImmediate(cancel);
				const answered = await new Promise<Answered>((resolve) => {
					let status: number | undefined;
					let text = '';
					let firstMs: number | undefined;
					stream.setEncoding('utf8').on('response', (headers) => {
						status = headers[':status'];
					});
					stream.on('data', (chunk: string) => {
						firstMs ??= performance.now() - startedAt;
						text += chunk;
					});
					stream.on('error', () => {}).on('close', () => resolve({ status, text, firstMs, isCancelled }));
				});
				if (isCancelled || stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM) return answered;
			}
		};
		const timer = cancelMs === undefined || cancelMs === 0 ? undefined : setTimeout(cancel, cancelMs);
		return { over: ask().finally(() => clearTimeout(timer)), cancel };
	}

	close(): void {
		this.#isClosed = true;
		this.#session?.close();
	}

	#open(): ClientHttp2Session {
		if (this.#session) return this.#session;
		const session = connect(this.#url);
		this.#session = session;
		this.sessions++;
		const end = () => {
			if (this.#session === session) this.#session = undefined;
		};
		session.on('error', () => {});
		session.on('goaway', (code) => {
			if (this.#isClosed) return;
			if (code === constants.NGHTTP2_NO_ERROR) this.goaways++;
			else this.killed++;
			end();
		});
		session.on('close', end);
		return session;
	}
}
