import { Dispatcher, RegionError } from '../../src/regions/dispatch.ts';
import { Prober } from '../../src/regions/prober.ts';
import { Router } from '../../src/regions/router.ts';
import { delay } from '../clock.ts';
import type { Random } from '../random.ts';
import type { SimulatedRegion } from './simulated-region.ts';

/** Sends one request somewhere. Resolves at its first token, to how many regions were asked. */
export type Policy = (key: string, signal: AbortSignal) => Promise<{ readonly attempts: number }>;

interface World {
	readonly now: () => number;
	readonly random: Random;
}

/** What a router can do, and the two that everybody thinks of first. The nearest region comes first. */
export const policies: Readonly<Record<string, (regions: readonly SimulatedRegion[], world: World) => Policy>> = {
	'always nearest': (regions) => (_key, signal) => inOrder(regions, signal),
	'round robin': (regions) => {
		let turn = 0;
		return (_key, signal) => {
			const start = turn++ % regions.length;
			return inOrder([...regions.slice(start), ...regions.slice(0, start)], signal);
		};
	},
	'Co-Clone': (regions, world) => {
		const guess = (name: string) => 100 + (regions.find((one) => one.name === name)?.model.roundTripMs ?? 0);
		const router = new Router(regions, { ...world, guess });
		const dispatcher = new Dispatcher(router, { delay });
		const prober = new Prober(
			() => router.candidates,
			async (region, signal) => void (await region.answer(signal)),
		);
		return (key, signal) => {
			prober.look();
			return dispatcher.dispatch((region, stop) => region.answer(stop), { key }, signal);
		};
	},
};

/** One after another, until one does not refuse. */
async function inOrder(regions: readonly SimulatedRegion[], signal: AbortSignal): Promise<{ attempts: number }> {
	for (const [index, region] of regions.entries()) {
		try {
			await region.answer(signal);
			return { attempts: index + 1 };
		} catch (error) {
			if (!(error instanceof RegionError)) throw error;
		}
	}
	throw new RegionError('All regions refuse.');
}
