import { createHash } from 'node:crypto';
import { readText } from '../gateway/body.ts';
import type { Answer, Call } from '../gateway/call.ts';
import { CallError } from '../gateway/failure.ts';
import { type Room, roomPath } from '../gateway/wire-room.ts';
import type { Outgoing } from '../std/http2-connection.ts';
import { type Beginning, Broken, beginning, Http2Session } from '../std/http2-session.ts';
import { type Dispatched, Dispatcher, type DispatchWorld, NoRegion, RegionError, type Started } from './dispatch.ts';
import { type Coordinates, placeNamed, placeNames } from './geography.ts';
import { guessMs, type Region } from './region.ts';
import { responseOf, streamOf, withLoss } from './region-answer.ts';
import { Router } from './router.ts';

export interface ForwardWorld extends DispatchWorld {
	readonly now: () => number;
	readonly random: () => number;
	readonly onAnswer?: (answered: Pick<Dispatched<Region, unknown>, 'region' | 'attempts' | 'why'>) => void;
}

/** Statuses that say “not here, not now”. What a client did wrong is wrong everywhere. */
const unavailable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** So much of a request tells which prompt it continues, in characters. */
const tellingPart = 600;

/** Passes calls on to regions. What is near depends on where somebody is, so each place has a router of its own. */
export class Forwarder implements Disposable {
	readonly regions: readonly Region[];
	readonly #sessions: ReadonlyMap<Region, Http2Session>;
	readonly #world: ForwardWorld;
	readonly #here: Coordinates;
	readonly #routers = new Map<Coordinates, Router<Region>>();
	readonly #dispatchers = new Map<Coordinates, Dispatcher<Region>>();

	/** `here` is where those are who do not say it. */
	constructor(regions: readonly Region[], here: Coordinates, world: ForwardWorld) {
		this.regions = regions;
		this.#here = here;
		this.#world = world;
		this.#sessions = new Map(regions.map((region) => [region, new Http2Session(region.url)]));
	}

	/** Connects to all regions. */
	warm(): void {
		for (const session of this.#sessions.values()) session.warm();
	}

	[Symbol.dispose](): void {
		for (const session of this.#sessions.values()) session.close();
	}

	/** What is known of the regions, for everybody who asked so far. */
	get routers(): readonly Router<Region>[] {
		return [...this.#routers.values()];
	}

	/** What is known of the regions, for somebody at a place. */
	router(place = this.#here): Router<Region> {
		const known = this.#routers.get(place);
		if (known) return known;
		const router = new Router(this.regions, { ...this.#world, guess: (name) => this.#guess(name, place) });
		this.#routers.set(place, router);
		return router;
	}

	/** Answers a call with what a region answers. */
	readonly answer: Answer = async (call) => {
		const at = this.#world.now();
		const outgoing = await outgoingOf(call.request);
		const dispatcher = this.#dispatcher(this.placeOf(call.request));
		const wish = { key: keyOf(call, outgoing), pin: call.request.headers.get('x-co-clone-region') ?? undefined };
		const routedMs = this.#world.now() - at;
		try {
			const send = (region: Region, signal: AbortSignal) => this.#send(region, outgoing, signal);
			const { answer, region, attempts, why } = await dispatcher.dispatch(send, wish, call.signal);
			const firstMs = this.#world.now() - at;
			this.#world.onAnswer?.({ region, attempts, why });
			return responseOf(answer.begun, streamOf(answer.body, call.leave), {
				'x-co-clone-region': region.name,
				'x-co-clone-attempts': String(attempts),
				'x-co-clone-why': why,
				'server-timing': `route;dur=${routedMs.toFixed(1)}, ttft;dur=${firstMs.toFixed(1)}`,
			});
		} catch (error) {
			if (error instanceof NoRegion || error instanceof RegionError) throw new CallError(nobody(error));
			throw error;
		}
	};

	/** How much room a region has; undefined where it does not say. @throws RegionError where it does not answer */
	async room(region: Region, signal: AbortSignal): Promise<Room | undefined> {
		const headers = { authorization: `Bearer ${region.token}` };
		const { status, first, rest } = await this.#begin(region, { method: 'GET', path: roomPath, headers, body: undefined }, signal);
		const parts = first ? [first] : [];
		for await (const part of rest) parts.push(part);
		if (status === 401 || status >= 500) throw new RegionError(status === 401 ? 'It does not know the key.' : `It answered ${status}.`);
		return status === 200 ? roomIn(JSON.parse(Buffer.concat(parts).toString())) : undefined;
	}

	/** `?location=eu`, or the header that says the same. */
	placeOf({ url, headers }: Request): Coordinates {
		const name = new URL(url).searchParams.get('location') ?? headers.get('x-co-clone-location');
		if (name === null) return this.#here;
		const place = placeNamed(name);
		if (place) return place;
		const message = `Nobody knows where “${name.slice(0, 40)}” is. Known are ${placeNames.join(', ')}.`;
		throw new CallError({ status: 400, code: 'unknown-location', message });
	}

	#guess(name: string, place: Coordinates): number | undefined {
		const region = this.regions.find((one) => one.name === name);
		return region && guessMs(region, place);
	}

	#dispatcher(place: Coordinates): Dispatcher<Region> {
		const known = this.#dispatchers.get(place);
		if (known) return known;
		const dispatcher = new Dispatcher(this.router(place), this.#world);
		this.#dispatchers.set(place, dispatcher);
		return dispatcher;
	}

	async #send(
		region: Region,
		outgoing: Outgoing,
		signal: AbortSignal,
	): Promise<Started<{ begun: Beginning; body: AsyncGenerator<Uint8Array> }>> {
		const headers = { ...outgoing.headers, authorization: `Bearer ${region.token}` };
		const begun = await this.#begin(region, { ...outgoing, headers }, signal);
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

	async #begin(region: Region, outgoing: Outgoing, signal: AbortSignal): Promise<Beginning> {
		const session = this.#sessions.get(region);
		if (!session) throw new RegionError(`${region.name} is not known.`);
		try {
			return await beginning(session.open(outgoing), signal);
		} catch (error) {
			if (signal.aborted || !(error instanceof Broken)) throw error;
			throw new RegionError(`${region.name}: ${error.message}`, undefined, error);
		}
	}
}

function roomIn(said: unknown): Room | undefined {
	if (typeof said !== 'object' || said === null || !('slots' in said) || !('running' in said)) return undefined;
	const { slots, running } = said;
	return typeof slots === 'number' && typeof running === 'number' ? { slots, running } : undefined;
}

function nobody({ message }: Error) {
	return { status: 503, code: 'no-region', message: `No region can answer now. ${message}`, retryAfter: 5 };
}

function retryAfterMs({ headers }: Beginning): number | undefined {
	const seconds = Number(headers['retry-after']);
	return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** Only what the answer depends on: who asks, and from where, is the region's business no more. */
const passedOn = ['content-type', 'accept', 'x-co-clone-location'];

async function outgoingOf(request: Request): Promise<Outgoing> {
	const { pathname } = new URL(request.url);
	const body = request.method === 'POST' ? new TextEncoder().encode(await readText(request)) : undefined;
	const headers = Object.fromEntries(passedOn.flatMap((name) => [[name, request.headers.get(name)]]).filter(([, value]) => value !== null));
	return { method: request.method, path: pathname, headers, body };
}

/** The same client in the same file: what their prompts begin with is evaluated where they were before. */
function keyOf({ client }: Call, { path, body }: Outgoing): string {
	const hash = createHash('sha1').update(`${client.id}\0${path}\0`);
	return hash.update(body?.subarray(0, tellingPart) ?? '').digest('base64url');
}
