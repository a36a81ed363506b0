import { Access } from '../gateway/access/access.ts';
import { Keys } from '../gateway/access/keys.ts';
import type { Log } from '../gateway/access/log.ts';
import type { Backend, Route } from '../gateway/call.ts';
import { usualLimits } from '../gateway/limits.ts';
import { listen } from '../gateway/listen.ts';
import { routes } from '../gateway/routes.ts';
import { delay } from '../std/abortable.ts';
import { type Coordinates, placeNamed, placeSaid, roundTripMs } from './geography.ts';
import type { Region } from './region.ts';

/** Those that are shown on one machine. */
export const shownRegions = ['us-west', 'us-east', 'eu-west', 'ap-east'] as const;

/** All their requests come from the one gateway in front of them, which has limits for each of its clients. */
const behindOne = { ...usualLimits, streamsPerClient: usualLimits.streams, calls: { most: 2000, perSecond: 500 } };

export interface LocalRegions extends AsyncDisposable {
	readonly regions: readonly Region[];
}

interface LocalOptions {
	/** Where those are who do not say it. */
	readonly here: Coordinates;
	/** The way to a region and back, by its name, in milliseconds; the others are as far away as they are on the ground. */
	readonly latency: ReadonlyMap<string, number>;
	/** A folder in which nobody has a key. */
	readonly keys: string;
	readonly log: Log;
}

/** Gateways on ports of this machine that answer as late as if they were where their names say: to see what regions are like. */
export async function localRegions(backend: Backend, { here, latency, keys, log }: LocalOptions): Promise<LocalRegions> {
	const opened: { readonly region: Region; readonly gateway: AsyncDisposable }[] = [];
	const close = async () => {
		await Promise.all(opened.map(({ gateway }) => gateway[Symbol.asyncDispose]()));
	};
	try {
		for (const name of shownRegions) {
			const at = placeNamed(name) ?? here;
			const away = (from: Coordinates) => latency.get(name) ?? roundTripMs(from, at);
			const access = new Access(new Keys(keys), Date.now);
			const gateway = await listen(backend, {
				port: 0,
				access,
				limits: behindOne,
				routes: routes.map((route) => later(route, here, away)),
				log,
			});
			opened.push({ region: { name, url: gateway.url, token: gateway.token, at }, gateway });
		}
	} catch (error) {
		await close();
		throw error;
	}
	return { regions: opened.map(({ region }) => region), [Symbol.asyncDispose]: close };
}

/** The same route at the end of a long way. */
function later(route: Route, here: Coordinates, away: (from: Coordinates) => number): Route {
	return {
		...route,
		answer: async (call) => {
			const from = placeSaid(call.request.headers.get('x-co-clone-location') ?? '')?.place ?? here;
			await delay(away(from), call.signal);
			return route.answer(call);
		},
	};
}
