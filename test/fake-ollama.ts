import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/** What a fake server does with a request for text. Times are in milliseconds. */
export interface Script {
	/** The answer, piece by piece. */
	tokens: (prompt: string, body: Record<string, unknown>) => readonly string[];
	/** Before the status line goes out. */
	headersAfter: number;
	/** More of the same, by what is asked. */
	delayFor: ((body: Record<string, unknown>) => number) | undefined;
	/** Between the status line and the first token: the prompt is being evaluated. */
	prefill: number;
	step: number;
	/** Between the last token and the end, where that is another time. */
	endAfter: number | undefined;
	/** Installed models; the first is in memory. */
	models: readonly { name: string; size?: number; capabilities?: string[]; basename?: string }[];
	isLoaded: boolean;
	/** What loading it takes. */
	loading: number;
	contextLength: number | undefined;
	/**
	 * After a client left, keeps silent until the model is unloaded, which it isn't while anybody waits for it: as Ollama 0.11.4 does
	 * (server/sched.go).
	 */
	getsStuck: boolean;
	/** What a download reports, line by line. */
	pull: readonly unknown[];
	/** Takes the place of everything else. */
	fault: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/** A request as the server saw it. */
export interface Seen {
	readonly path: string;
	readonly body: Record<string, unknown>;
	/** Byte for byte. */
	readonly raw: string;
	readonly startedAt: number;
	tokensSent: number;
	/** When the client closed the connection before the answer was complete. */
	closedAt: number | undefined;
	isFinished: boolean;
}

/** Does not keep a test run waiting for an answer that nobody wants any more. */
const delay = (ms: number) => setTimeout(ms, undefined, { ref: false });

/** A real HTTP server that speaks Ollama's protocol by script, and remembers what it saw. */
export class FakeOllama implements AsyncDisposable {
	readonly seen: Seen[] = [];
	mostAtOnce = 0;
	connections = 0;
	readonly script: Script;
	readonly #server: Server;
	#generating = 0;
	#isStuck = false;
	/** When the model was told to go, in milliseconds since 1970. */
	#expiredAt: number | undefined;

	private constructor(script: Partial<Script>) {
		this.script = {
			tokens: () => ['answer'],
			headersAfter: 0,
			delayFor: undefined,
			prefill: 0,
			step: 0,
			endAfter: undefined,
			models: [{ name: 'qwen2.5-coder:0.5b' }],
			isLoaded: true,
			loading: 0,
			contextLength: 4096,
			getsStuck: false,
			pull: [],
			fault: undefined,
			...script,
		};
		this.#server = createServer((request, response) => void this.#handle(request, response));
		this.#server.on('connection', (socket) => {
			this.connections++;
			socket.on('close', () => this.connections--);
		});
	}

	static async start(script: Partial<Script> = {}, port = 0, host = '127.0.0.1'): Promise<FakeOllama> {
		const fake = new FakeOllama(script);
		fake.#server.listen(port, host);
		await once(fake.#server, 'listening');
		return fake;
	}

	get url(): string {
		const { address, port } = this.#server.address() as AddressInfo;
		return `http://${address}:${port}`;
	}

	/** The requests for text, without those that only load a model. */
	get generated(): Seen[] {
		return this.seen.filter(({ path, body }) => path === '/api/generate' && body['prompt'] !== '');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}

	async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const raw = await text(request);
		const seen: Seen = {
			path: request.url ?? '',
			body: raw === '' ? {} : JSON.parse(raw),
			raw,
			startedAt: performance.now(),
			tokensSent: 0,
			closedAt: undefined,
			isFinished: false,
		};
		this.seen.push(seen);
		response.on('close', () => {
			if (!seen.isFinished) seen.closedAt = performance.now();
		});
		if (this.script.fault) return this.script.fault(request, response);
		if (seen.path === '/api/pull') await this.#pull(seen, response);
		else if (seen.path === '/api/generate' && seen.body['prompt'] !== '') await this.#generate(seen, response);
		else {
			if (seen.path === '/api/generate' && !this.script.isLoaded) await delay(this.script.loading);
			this.#answer(seen, response);
		}
	}

	#answer(seen: Seen, response: ServerResponse): void {
		const { models, contextLength } = this.script;
		const send = (status: number, value: unknown) => {
			seen.isFinished = true;
			response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
		};
		const model = models.find(({ name }) => name === seen.body['model']);
		const expires_at = new Date(this.#expiredAt ?? Date.now() + 300_000).toISOString();
		const loaded = { name: models[0]?.name, expires_at, ...(contextLength === undefined ? {} : { context_length: contextLength }) };
		if (seen.path === '/api/tags') send(200, { models: models.map(({ name, size }) => ({ name, model: name, size })) });
		else if (seen.path === '/api/ps') send(200, { models: this.script.isLoaded ? [loaded] : [] });
		else if (!model) send(404, { error: `model '${seen.body['model']}' not found` });
		else if (seen.path === '/api/show')
			send(200, { capabilities: model.capabilities ?? ['completion'], model_info: { 'general.basename': model.basename ?? '' } });
		else {
			if (seen.body['keep_alive'] === 0) {
				this.#expiredAt = Date.now();
				this.#unloadUnused();
			} else this.script.isLoaded = true;
			send(200, { model: model.name, created_at: new Date().toISOString(), response: '', done: true, done_reason: 'load' });
		}
	}

	#unloadUnused(): void {
		if (this.#expiredAt === undefined || this.#generating > 0) return;
		this.#expiredAt = undefined;
		this.script.isLoaded = false;
		this.#isStuck = false;
	}

	async #pull(seen: Seen, response: ServerResponse): Promise<void> {
		response.writeHead(200, { 'content-type': 'application/x-ndjson' });
		for (const progress of this.script.pull) {
			if (response.closed) return;
			response.write(`${JSON.stringify(progress)}\n`);
			await delay(this.script.step);
		}
		seen.isFinished = true;
		response.end();
	}

	async #generate(seen: Seen, response: ServerResponse): Promise<void> {
		const { headersAfter, delayFor, prefill, step, endAfter = step, tokens } = this.script;
		this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#generating);
		// The client has gone as soon as its end of the connection is closed, whatever our end still has to do.
		const gone = () => {
			response.off('close', gone);
			response.req.socket.off('end', gone);
			this.#generating--;
			this.#unloadUnused();
		};
		response.on('close', gone);
		response.req.socket.on('end', gone);
		const line = (value: unknown) => response.write(`${JSON.stringify(value)}\n`);
		if (this.#isStuck) return;
		response.on('close', () => {
			this.#isStuck ||= this.script.getsStuck && !seen.isFinished;
		});
		await delay(headersAfter + (delayFor?.(seen.body) ?? 0));
		if (response.closed) return;
		response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
		await delay(prefill);
		const most = Number((seen.body['options'] as Record<string, unknown> | undefined)?.['num_predict'] ?? 1000);
		const answer = tokens(String(seen.body['prompt']), seen.body).slice(0, most);
		for (const token of answer) {
			if (response.closed) return;
			line({ response: token, done: false });
			seen.tokensSent++;
			await delay(seen.tokensSent === answer.length ? endAfter : step);
		}
		if (response.closed) return;
		line({ response: '', done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: seen.tokensSent });
		seen.isFinished = true;
		response.end();
	}
}
