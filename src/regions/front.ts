import type Registry from '@prometheus-io/client/lib/registry.js';
import type { Log } from '../gateway/access/log.ts';
import type { Open } from '../gateway/access/one-gateway.ts';
import type { Backend, Route } from '../gateway/call.ts';
import { routes } from '../gateway/routes.ts';
import { delay } from '../std/abortable.ts';
import { Chronicle } from './chronicle.ts';
import { Forwarder, type ForwardWorld } from './forward.ts';
import { type Coordinates, placeNamed, placeOfTimeZone } from './geography.ts';
import { localRegions } from './local-regions.ts';
import { Lookout } from './lookout.ts';
import type { Region } from './region.ts';
import { registerRegions } from './region-metrics.ts';
import { followRegions } from './regions-file.ts';
import { forwardedRoutes } from './wire-regions.ts';

/** Which regions a gateway passes requests on to. */
export interface RegionsChoice {
	/** Gateways elsewhere; absent: some on this machine, to see what they are like. */
	readonly regions: readonly Region[] | undefined;
	/** What lists them, if anything does. */
	readonly file: string | undefined;
	/** Where this gateway is; absent: about where the clock of the machine says. */
	readonly here: Coordinates | undefined;
	/** The way to a region on this machine and back, by its name, in milliseconds. */
	readonly latency: ReadonlyMap<string, number>;
}

interface FrontOptions {
	readonly backend: Backend;
	/** A folder in which nobody has a key. */
	readonly keys: string;
	readonly log: Log;
	readonly open: (routes: readonly Route[], measure: (registry: Registry) => void) => Promise<Open>;
}

/** Opens a gateway that passes requests on to regions. */
export async function openFront(choice: RegionsChoice, { backend, keys, log, open }: FrontOptions): Promise<Open> {
	const here = choice.here ?? systemPlace();
	const local = choice.regions ? undefined : await localRegions(backend, { here, latency: choice.latency, keys, log });
	const regions = choice.regions ?? local?.regions ?? [];
	const chronicle = new Chronicle(Date.now);
	const onAnswer: ForwardWorld['onAnswer'] = ({ region, attempts, why }) => {
		chronicle.answered(region.name);
		if (attempts > 1) chronicle.note(region.name, `took a request over: ${why}.`);
	};
	const forwarder = new Forwarder(regions, here, { now: () => performance.now(), random: Math.random, delay, onAnswer });
	const lookout = new Lookout({
		ask: (region, signal) => forwarder.room(region, signal),
		candidates: () => forwarder.router().candidates,
		chronicle,
	});
	const take = (listed: readonly Region[]) => {
		forwarder.take(listed);
		log.event('regions', { regions: listed.map(({ name }) => name) });
	};
	const following = choice.file === undefined ? undefined : followRegions(choice.file, take, (why) => log.complaint('regions', why));
	const close = async () => {
		following?.[Symbol.dispose]();
		lookout[Symbol.dispose]();
		forwarder[Symbol.dispose]();
		await local?.[Symbol.asyncDispose]();
	};
	try {
		forwarder.warm();
		const front = await open(forwardedRoutes(routes, { forwarder, lookout, chronicle }), (registry) =>
			registerRegions(forwarder, lookout, registry),
		);
		const dispose = async () => {
			await front[Symbol.asyncDispose]();
			await close();
		};
		return { ...front, [Symbol.asyncDispose]: dispose };
	} catch (error) {
		await close();
		throw error;
	}
}

function systemPlace(): Coordinates {
	const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
	const offset = -new Date().getTimezoneOffset();
	return placeOfTimeZone(timeZone, offset) ?? placeNamed('eu') ?? { latitude: 0, longitude: offset / 4 };
}
