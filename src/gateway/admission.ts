import { Bucket } from './bucket.ts';
import type { Client } from './call.ts';
import { CallError, type Failure } from './failure.ts';
import type { Limits } from './limits.ts';

type AdmissionLimits = Pick<Limits, 'streams' | 'streamsPerClient' | 'queue' | 'calls' | 'streamMs'>;

const busy: Failure = {
	status: 429,
	code: 'busy',
	message: 'Too many answers are under way. Try again in a moment, or ask for fewer at once.',
	retryAfter: 1,
};

const ending: Failure = {
	status: 503,
	code: 'draining',
	message: 'This gateway is about to end. Ask another one, or this one again when it is back.',
	retryAfter: 5,
};

/** More than that are remembered only while they keep calling. */
const usualClients = 32;

interface Account {
	readonly calls: Bucket;
	running: number;
}

interface Room {
	/** Aborts with the caller's, and when the answer takes too long. */
	readonly signal: AbortSignal;
	readonly leave: () => void;
}

interface Waiting {
	readonly client: Client;
	readonly begin: () => void;
}

/**
 * Who may have an answer now, who waits and who comes too often. Whoever waits has cost nothing yet, and leaves no gap when they go.
 *
 * Invariant: nobody waits who could run.
 */
export class Admission {
	readonly #limits: AdmissionLimits;
	readonly #accounts = new Map<string, Account>();
	readonly #queue = new Set<Waiting>();
	#running = 0;
	#isClosed = false;

	constructor(limits: AdmissionLimits) {
		this.#limits = limits;
	}

	/** From now on nobody is let in. Those who are go on. */
	close(): void {
		this.#isClosed = true;
	}

	/** Counts a call. @throws CallError when there have been too many of late, or it is closed */
	call(client: Client): void {
		if (this.#isClosed) throw new CallError(ending);
		const { calls } = this.#account(client);
		if (calls.take()) return;
		const retryAfter = calls.seconds;
		throw new CallError({ status: 429, code: 'too-often', message: `Too many calls. Try again in ${retryAfter} s.`, retryAfter });
	}

	/** Resolves when there is room for an answer, until whoever has it leaves. @throws CallError when there is none, or not soon enough */
	async enter(client: Client, signal: AbortSignal): Promise<Room> {
		const limit = new TimeLimit(this.#limits.streamMs, signal);
		try {
			limit.signal.throwIfAborted();
			if (this.#hasRoom(client)) this.#begin(client);
			else await this.#wait(client, limit.signal);
		} catch (error) {
			limit.end();
			throw error;
		}
		const leave = () => {
			limit.end();
			this.#end(client);
		};
		return { signal: limit.signal, leave };
	}

	#wait(client: Client, signal: AbortSignal): Promise<void> {
		if (this.#queue.size >= this.#limits.queue) throw new CallError(busy);
		return new Promise((resolve, reject) => {
			const over = () => {
				signal.removeEventListener('abort', leave);
				this.#queue.delete(waiting);
			};
			const leave = () => {
				over();
				reject(signal.reason);
			};
			const begin = () => {
				over();
				this.#begin(client);
				resolve();
			};
			const waiting = { client, begin };
			this.#queue.add(waiting);
			signal.addEventListener('abort', leave);
		});
	}

	#hasRoom(client: Client): boolean {
		return this.#running < this.#limits.streams && this.#account(client).running < this.#limits.streamsPerClient;
	}

	#begin(client: Client): void {
		this.#running++;
		this.#account(client).running++;
	}

	#end(client: Client): void {
		this.#running--;
		this.#account(client).running--;
		for (const { client: next, begin } of this.#queue) {
			if (!this.#hasRoom(next)) continue;
			begin();
			return;
		}
	}

	#account({ id }: Client): Account {
		const known = this.#accounts.get(id);
		if (known) return known;
		this.#forget();
		const account = { calls: new Bucket(this.#limits.calls), running: 0 };
		this.#accounts.set(id, account);
		return account;
	}

	/** Those who have nothing to their account. */
	#forget(): void {
		if (this.#accounts.size < usualClients) return;
		for (const [id, { calls, running }] of this.#accounts) if (running === 0 && calls.isFull) this.#accounts.delete(id);
	}
}

/** Aborts with another signal, or when it has taken too long. */
class TimeLimit {
	readonly #controller = new AbortController();
	readonly #timer: NodeJS.Timeout;
	readonly #outer: AbortSignal;
	readonly #abort = () => this.#controller.abort(this.#outer.reason);

	constructor(ms: number, outer: AbortSignal) {
		this.#outer = outer;
		if (outer.aborted) this.#abort();
		outer.addEventListener('abort', this.#abort);
		const message = `An answer may take ${Math.round(ms / 1000)} s. Ask for a shorter one.`;
		this.#timer = setTimeout(() => this.#controller.abort(new CallError({ status: 504, code: 'too-long', message })), ms);
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	end(): void {
		clearTimeout(this.#timer);
		this.#outer.removeEventListener('abort', this.#abort);
	}
}
