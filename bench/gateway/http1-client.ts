import { Agent, type IncomingMessage, request } from 'node:http';
import type { Answered, Posted } from './jobs.ts';

/** Asks over HTTP/1.1, on connections that are kept. */
export class Http1Client {
	readonly goaways = 0;
	readonly #url: string;
	readonly #key: string;
	readonly #agent = new Agent({ keepAlive: true });

	constructor(url: string, key: string) {
		this.#url = url;
		this.#key = key;
	}

	post(body: unknown, cancelMs?: number): Posted {
		const text = JSON.stringify(body);
		const startedAt = performance.now();
		const answered = { status: undefined as number | undefined, text: '', firstMs: undefined as number | undefined, isCancelled: false };
		const headers = { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
		const asked = request(`${this.#url}/v1/completions`, { method: 'POST', agent: this.#agent, headers });
		const cancel = () => {
			answered.isCancelled = true;
			asked.destroy();
		};
		const over = new Promise<Answered>((resolve) => {
			const timer = cancelMs === undefined ? undefined : setTimeout(cancel, cancelMs);
			const end = () => {
				clearTimeout(timer);
				resolve(answered);
			};
			asked.on('error', end).on('close', end);
			asked.on('response', (response: IncomingMessage) => {
				answered.status = response.statusCode;
				response.setEncoding('utf8').on('error', end).on('end', end);
				response.on('data', (chunk: string) => {
					answered.firstMs ??= performance.now() - startedAt;
					answered.text += chunk;
				});
			});
		});
		asked.end(text);
		return { over, cancel };
	}

	close(): void {
		this.#agent.destroy();
	}
}
