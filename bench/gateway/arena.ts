import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { everything } from '../../src/completion/gate.ts';
import { Access } from '../../src/gateway/access/access.ts';
import { Keys } from '../../src/gateway/access/keys.ts';
import { Log } from '../../src/gateway/access/log.ts';
import type { Open } from '../../src/gateway/access/one-gateway.ts';
import { backendOf } from '../../src/gateway/backend.ts';
import { type Limits, usualLimits } from '../../src/gateway/limits.ts';
import { listen } from '../../src/gateway/listen.ts';
import { delay } from '../../src/std/abortable.ts';
import { BareServer } from './bare-server.ts';
import type { Counted, Job, Target } from './jobs.ts';
import { TimedModel } from './timed-model.ts';

const clientsFile = join(__dirname, 'clients.cjs');

/** A gateway, and its clients in a thread of their own. */
export class Arena implements AsyncDisposable {
	readonly model = new TimedModel();
	/** What nobody expected. */
	faults = 0;
	readonly #backend = backendOf({ model: this.model, policy: () => everything, now: () => performance.now(), delay });
	readonly #folder = mkdtempSync(join(tmpdir(), 'co-clone-bench-'));
	#open: { readonly gateway: Open; readonly bare: BareServer; readonly clients: Worker; readonly target: Target } | undefined;

	static async open(limits: Partial<Limits>): Promise<Arena> {
		const arena = new Arena();
		const access = new Access(new Keys(arena.#folder), Date.now, false);
		const log = new Log('error', (line) => {
			process.stderr.write(line);
			if (JSON.parse(line).event === 'fault') arena.faults++;
		});
		const gateway = await listen(arena.#backend, { port: 0, access, log, limits: { ...usualLimits, ...limits } });
		const bare = await BareServer.open(arena.#backend.fill);
		const target = { url: gateway.url, key: access.localKey, bare: bare.urls };
		arena.#open = { gateway, bare, target, clients: new Worker(clientsFile, { workerData: target }) };
		return arena;
	}

	get target(): Target {
		return this.#opened.target;
	}

	async do<T = Counted>(job: Job): Promise<T> {
		const { clients } = this.#opened;
		const done = new Promise<T>((resolve, reject) => {
			clients.once('message', (result: T) => {
				clients.off('error', reject);
				resolve(result);
			});
			clients.once('error', reject);
		});
		clients.postMessage(job);
		return await done;
	}

	/** To a client that waits for it. */
	say(word: 'now'): void {
		this.#opened.clients.postMessage(word);
	}

	get #opened() {
		if (!this.#open) throw new Error('The gateway is not open yet.');
		return this.#open;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const { clients, gateway, bare } = this.#opened;
		await clients.terminate();
		await bare[Symbol.asyncDispose]();
		await gateway[Symbol.asyncDispose]();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
