import { Access } from '../src/gateway/access/access.ts';
import { Keys } from '../src/gateway/access/keys.ts';
import { Log, type LogLevel } from '../src/gateway/access/log.ts';
import type { Open } from '../src/gateway/access/one-gateway.ts';
import { Pairing } from '../src/gateway/access/pairing.ts';
import type { Route } from '../src/gateway/call.ts';
import { type Limits, usualLimits } from '../src/gateway/limits.ts';
import { accessRoutes, listen } from '../src/gateway/listen.ts';
import type { PlaygroundParts } from '../src/gateway/playground/playground.ts';
import { routes } from '../src/gateway/routes.ts';
import { scripted } from './answering.ts';
import { ScriptedModel } from './scripted-model.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/** A gateway on a port of its own, with a model that answers by script. */
export class Served implements AsyncDisposable {
	readonly model: ScriptedModel;
	readonly log: readonly string[];
	readonly key: string;
	/** Those that the user made. */
	readonly keys: Keys;
	readonly pairing: Pairing;
	readonly url: string;
	readonly #access: Access;
	readonly #listening: Open;
	readonly #folder: TemporaryFolder;

	private constructor(
		model: ScriptedModel,
		lines: readonly string[],
		access: Access,
		pairing: Pairing,
		listening: Open,
		folder: TemporaryFolder,
	) {
		this.model = model;
		this.log = lines;
		this.#access = access;
		this.key = access.localKey;
		this.pairing = pairing;
		this.keys = new Keys(folder.path);
		this.url = listening.url;
		this.#listening = listening;
		this.#folder = folder;
	}

	/** A model with an answer gives it to every question; one without is answered by the test. */
	static async start(
		answer?: string,
		{
			isOpen = false,
			now = Date.now,
			logLevel = 'error',
			limits = {},
			pages,
			address,
			port = 0,
		}: {
			port?: number;
			address?: string;
			isOpen?: boolean;
			now?: () => number;
			logLevel?: LogLevel;
			limits?: Partial<Limits>;
			pages?: PlaygroundParts | undefined;
		} = {},
	): Promise<Served> {
		const model = new ScriptedModel();
		if (answer !== undefined) model.answer = () => answer;
		const lines: string[] = [];
		const folder = await TemporaryFolder.create();
		const access = new Access(new Keys(folder.path), now, isOpen);
		const pairing = new Pairing(new Keys(folder.path), now);
		const log = new Log(logLevel, (line) => lines.push(line));
		const listening = await listen(scripted(log.traced(model)), {
			port,
			address,
			access,
			pairing,
			pages,
			limits: { ...usualLimits, ...limits },
			log,
		});
		return new Served(model, lines, access, pairing, listening, folder);
	}

	/** What nobody expected. */
	get faults(): readonly string[] {
		return this.log.filter((line) => JSON.parse(line).event === 'fault');
	}

	/** Every path that is answered. */
	get routes(): readonly Route[] {
		const counts = { requests: 0, running: 0, failed: 0 };
		return [...routes, ...accessRoutes({ access: this.#access, pairing: this.pairing }, ({ url }) => new URL(url).origin, counts)];
	}

	get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
		return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.key}`, ...headers } });
	}

	post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
		return fetch(`${this.url}${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
			body: typeof body === 'string' ? body : JSON.stringify(body),
			...(signal ? { signal } : {}),
		});
	}

	/** While it lasts, whatever is fetched brings the key: for clients that cannot be told one. */
	async withKey<T>(use: () => Promise<T>): Promise<T> {
		const { fetch } = globalThis;
		globalThis.fetch = (input, init) => {
			const headers = new Headers(init?.headers);
			headers.set('authorization', `Bearer ${this.key}`);
			return fetch(input, { ...init, headers });
		};
		try {
			return await use();
		} finally {
			globalThis.fetch = fetch;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#listening[Symbol.asyncDispose]();
		await this.#folder[Symbol.asyncDispose]();
	}
}
