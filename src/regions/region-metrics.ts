import Counter from '@prometheus-io/client/lib/counter.js';
import Gauge from '@prometheus-io/client/lib/gauge.js';
import type Registry from '@prometheus-io/client/lib/registry.js';
import type { Candidate } from './candidate.ts';
import type { Forwarder } from './forward.ts';
import type { Lookout } from './lookout.ts';
import type { Region } from './region.ts';

/** Undefined where it is not known. */
type Of = (one: Candidate<Region>) => number | undefined;

/** What a front knows of its regions, for Prometheus. The times are those for who says no other place. */
export function registerRegions(forwarder: Forwarder, lookout: Pick<Lookout, 'sight'>, registry: Registry): void {
	const each = { labelNames: ['region'] as const, registers: [registry] };
	const gauge = (name: string, help: string, value: Of) =>
		new Gauge({
			...each,
			name: `co_clone_region_${name}`,
			help,
			collect() {
				this.reset();
				for (const one of forwarder.router().candidates) {
					const now = value(one);
					if (now !== undefined) this.set({ region: one.region.name }, now);
				}
			},
		});
	const counter = (name: string, help: string, value: (one: Candidate<Region>) => number) =>
		new Counter({
			...each,
			name: `co_clone_region_${name}_total`,
			help,
			collect() {
				this.reset();
				for (const { region } of forwarder.router().candidates) this.inc({ region: region.name }, 0);
				for (const one of forwarder.routers.flatMap(({ candidates }) => candidates)) this.inc({ region: one.region.name }, value(one));
			},
		});
	counter('requests', 'Requests that a region was asked, with those that another one answered first.', ({ asked }) => asked);
	counter('failures', 'Requests that a region failed to begin to answer.', ({ failed }) => failed);
	gauge('first_token_seconds', 'What a first token takes, as it is expected now.', ({ latencyMs }) => latencyMs / 1000);
	gauge('open', 'Whether a region is sent requests.', ({ isOpenForRequests }) => Number(isOpenForRequests));
	gauge('up', 'Whether a region answers when it is looked at, every other second.', ({ region }) => {
		const sight = lookout.sight(region.name);
		return sight && Number(sight.problem === undefined);
	});
	gauge('free_slots', 'Answers that a region could begin now, where it says so.', ({ region }) => {
		const room = lookout.sight(region.name)?.room;
		return room && Math.max(0, room.slots - room.running);
	});
	gauge('running', 'Requests that a region has under way, for who says no other place.', ({ pending }) => pending);
}
