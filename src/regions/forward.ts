import { createHash } from 'node:crypto';
import { readText } from '../gateway/body.ts';
import type { Answer, Call } from '../gateway/call.ts';
import { CallError } from '../gateway/failure.ts';
import type { Room } from '../gateway/wire-room.ts';
import type { Outgoing } from '../std/http2-connection.ts';
import { type Dispatched, Dispatcher, type DispatchWorld, NoRegion, RegionError } from './dispatch.ts';
import { type Coordinates, placeNames, placeSaid } from './geography.ts';
import { Links } from './links.ts';
import { Prober } from './prober.ts';
import { guessMs, type Region } from './region.ts';
import { responseOf, streamOf } from './region-answer.ts';
import { Router } from './router.ts';

export interface ForwardWorld extends DispatchWorld {
	readonly now: () => number;
	readonly random: () => number;
	readonly onAnswer?: (answered: Pick<Dispatched<Region, unknown>, 'region' | 'attempts' | 'why'>) => void;
}

/** How often it is looked whether a region is to be probed. */
const probeEveryMs = 500;
/** So much of a request tells which prompt it continues, in characters. */
const tellingPart = 600;

/** Passes calls on to regions. What is near depends on where somebody is, so each place has a router of its own. */
export class Forwarder implements Disposable {
	readonly #links: Links;
	readonly #world: ForwardWorld;
	readonly #here: Coordinates;
	readonly #routers = new Map<Coordinates, Router<Region>>();
	readonly #dispatchers = new Map<Coordinates, Dispatcher<Region>>();
	readonly #probing: NodeJS.Timeout;

	/** `here` is where those are who do not say it. */
	constructor(regions: readonly Region[], here: Coordinates, world: ForwardWorld) {
		this.#here = here;
		this.#world = world;
		this.#links = new Links(regions, world.now);
		const prober = new Prober(
			() => this.router().candidates,
			(region, signal) => this.#links.probe(region, signal),
		);
		this.#probing = setInterval(() => prober.look(), probeEveryMs);
		this.#probing.unref();
	}

	/** Connects to all regions. */
	warm(): void {
		this.#links.warm();
	}

	/** Other regions from now on. What goes on with those that are gone comes to its end. */
	take(regions: readonly Region[]): void {
		this.#links.take(regions);
		for (const router of this.#routers.values()) router.take(this.#links.regions);
		this.#links.warm();
	}

	[Symbol.dispose](): void {
		clearInterval(this.#probing);
		this.#links[Symbol.dispose]();
	}

	/** What is known of the regions, for everybody who asked so far. */
	get routers(): readonly Router<Region>[] {
		return [...this.#routers.values()];
	}

	/** What is known of the regions, for somebody at a place. */
	router(place = this.#here): Router<Region> {
		const known = this.#routers.get(place);
		if (known) return known;
		const guess = (name: string) => this.#guess(name, place);
		const router = new Router(this.#links.regions, { ...this.#world, guess, breaker: (region) => this.#links.breaker(region) });
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
			const send = (region: Region, signal: AbortSignal) => this.#links.send(region, outgoing, signal);
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
	room(region: Region, signal: AbortSignal): Promise<Room | undefined> {
		return this.#links.room(region, signal);
	}

	/** Where somebody is, as far as they say it. */
	placeOf({ url, headers }: Request): Coordinates {
		const name = locationIn({ url, headers });
		if (name === null) return this.#here;
		const said = placeSaid(name);
		if (said) return said.place ?? this.#here;
		const message = `Nobody knows where “${name.slice(0, 40)}” is. Known are ${placeNames.join(', ')}.`;
		throw new CallError({ status: 400, code: 'unknown-location', message });
	}

	#guess(name: string, place: Coordinates): number | undefined {
		const region = this.#links.regions.find((one) => one.name === name);
		return region && guessMs(region, place);
	}

	#dispatcher(place: Coordinates): Dispatcher<Region> {
		const known = this.#dispatchers.get(place);
		if (known) return known;
		const dispatcher = new Dispatcher(this.router(place), this.#world);
		this.#dispatchers.set(place, dispatcher);
		return dispatcher;
	}
}

function nobody({ message }: Error) {
	return { status: 503, code: 'no-region', message: `No region can answer now. ${message}`, retryAfter: 5 };
}

/** `?location=eu`, or the header that says the same. */
function locationIn({ url, headers }: Pick<Request, 'url' | 'headers'>): string | null {
	return new URL(url).searchParams.get('location') ?? headers.get('x-co-clone-location');
}

/** Only what the answer depends on: who asks is the region's business no more. */
const passedOn = ['content-type', 'accept'];

async function outgoingOf(request: Request): Promise<Outgoing> {
	const { pathname } = new URL(request.url);
	const body = request.method === 'POST' ? new TextEncoder().encode(await readText(request)) : undefined;
	const said = [...passedOn.map((name) => [name, request.headers.get(name)]), ['x-co-clone-location', locationIn(request)]];
	const headers = Object.fromEntries(said.filter(([, value]) => value !== null));
	return { method: request.method, path: pathname, headers, body };
}

/** The same client in the same file: what their prompts begin with is evaluated where they were before. */
function keyOf({ client }: Call, { path, body }: Outgoing): string {
	const hash = createHash('sha1').update(`${client.id}\0${path}\0`);
	return hash.update(body?.subarray(0, tellingPart) ?? '').digest('base64url');
}
