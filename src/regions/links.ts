import { type Room, roomPath } from '../gateway/wire-room.ts';
import type { Outgoing } from '../std/http2-connection.ts';
import { type Beginning, Broken, beginning, Http2Session } from '../std/http2-session.ts';
import { Breaker } from './breaker.ts';
import { RegionError, type Started } from './dispatch.ts';
import type { Region } from './region.ts';
import { withLoss } from './region-answer.ts';

interface Link {
	readonly session: Http2Session;
	readonly breaker: Breaker;
}

/** What a region has begun to say. */
export interface RegionAnswer {
	readonly begun: Beginning;
	readonly body: AsyncGenerator<Uint8Array>;
}

/** Statuses that say “not here, not now”. What a client did wrong is wrong everywhere. */
const unavailable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The smallest request that a model has to work for. */
const smallest = { method: 'POST', path: '/v1/completions', body: { prompt: 'a', max_tokens: 1 } } as const;

/** The ways to regions: a connection to each, and whether requests may go there, which does not depend on who asks from where. */
export class Links implements Disposable {
	readonly #now: () => number;
	#links: ReadonlyMap<Region, Link> = new Map();

	constructor(regions: readonly Region[], now: () => number) {
		this.#now = now;
		this.take(regions);
	}

	get regions(): readonly Region[] {
		return [...this.#links.keys()];
	}

	/** Other regions from now on. Those that stay as they were keep all that is known of them; what the others stream comes to its end. */
	take(regions: readonly Region[]): void {
		const before = this.#links;
		const kept = (region: Region) => [...before.keys()].find((known) => isSame(known, region)) ?? region;
		this.#links = new Map(regions.map(kept).map((region) => [region, before.get(region) ?? this.#linkTo(region)]));
		for (const [region, { session }] of before) if (!this.#links.has(region)) session.retire();
	}

	/** Connects to all regions. */
	warm(): void {
		for (const { session } of this.#links.values()) session.warm();
	}

	[Symbol.dispose](): void {
		for (const { session } of this.#links.values()) session.close();
	}

	breaker(region: Region): Breaker {
		return this.#links.get(region)?.breaker ?? new Breaker(this.#now);
	}

	/** Resolves at the first token. @throws RegionError where the region cannot answer */
	async send(region: Region, outgoing: Outgoing, signal: AbortSignal): Promise<Started<RegionAnswer>> {
		const begun = await this.#begin(region, outgoing, signal);
		if (unavailable.has(begun.status)) {
			// What nobody reads would keep its stream open.
			void begun.rest.return(undefined);
			throw new RegionError(`${region.name} answered ${begun.status}.`, retryAfterMs(begun));
		}
		let end = () => {};
		const over = new Promise<void>((resolve) => {
			end = resolve;
		});
		async function* body() {
			try {
				yield* withLoss(begun, region.name);
			} finally {
				end();
			}
		}
		signal.addEventListener('abort', end, { once: true });
		return { answer: { begun, body: body() }, over };
	}

	/** How much room a region has; undefined where it does not say. @throws RegionError where it does not answer */
	async room(region: Region, signal: AbortSignal): Promise<Room | undefined> {
		const { status, text } = await this.#whole(region, { method: 'GET', path: roomPath, headers: {}, body: undefined }, signal);
		if (status === 401 || status >= 500) throw new RegionError(status === 401 ? 'It does not know the key.' : `It answered ${status}.`);
		return status === 200 ? roomIn(JSON.parse(text)) : undefined;
	}

	/** Whether it is well: first whether anybody is there, then whether its model says anything. @throws RegionError where it is not */
	async probe(region: Region, signal: AbortSignal): Promise<void> {
		const { method, path, body } = smallest;
		const questions: Outgoing[] = [
			{ method: 'GET', path: '/healthz', headers: {}, body: undefined },
			{ method, path, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) },
		];
		for (const question of questions) {
			const { status } = await this.#whole(region, question, signal);
			if (status !== 200) throw new RegionError(`${region.name} answered ${status}.`);
		}
	}

	async #whole(region: Region, outgoing: Outgoing, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
		const { status, first, rest } = await this.#begin(region, outgoing, signal);
		const parts = first ? [first] : [];
		for await (const part of rest) parts.push(part);
		return { status, text: Buffer.concat(parts).toString() };
	}

	async #begin(region: Region, outgoing: Outgoing, signal: AbortSignal): Promise<Beginning> {
		const link = this.#links.get(region);
		if (!link) throw new RegionError(`${region.name} is not asked any more.`);
		const headers = { ...outgoing.headers, authorization: `Bearer ${region.token}` };
		try {
			return await beginning(link.session.open({ ...outgoing, headers }), signal);
		} catch (error) {
			if (signal.aborted || !(error instanceof Broken)) throw error;
			throw new RegionError(`${region.name}: ${error.message}`, undefined, error);
		}
	}

	#linkTo({ url }: Region): Link {
		return { session: new Http2Session(url), breaker: new Breaker(this.#now) };
	}
}

function isSame(one: Region, other: Region): boolean {
	return (
		one.name === other.name &&
		one.url === other.url &&
		one.token === other.token &&
		one.at.latitude === other.at.latitude &&
		one.at.longitude === other.at.longitude
	);
}

function roomIn(said: unknown): Room | undefined {
	if (typeof said !== 'object' || said === null || !('slots' in said) || !('running' in said)) return undefined;
	const { slots, running } = said;
	return typeof slots === 'number' && typeof running === 'number' ? { slots, running } : undefined;
}

function retryAfterMs({ headers }: Beginning): number | undefined {
	const seconds = Number(headers['retry-after']);
	return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
