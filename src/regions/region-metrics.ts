import type { Measure, Sample } from '../gateway/access/prometheus.ts';
import type { Forwarder } from './forward.ts';

/** What a front knows of its regions, for Prometheus. The times are those for who says no other place. */
export function regionMetrics(forwarder: Forwarder): readonly Measure[] {
	const here = forwarder.router().candidates;
	const gauge = (name: string, help: string, value: (one: (typeof here)[number]) => number): Measure => ({
		name: `co_clone_region_${name}`,
		help,
		type: 'gauge',
		samples: here.map((one) => ({ labels: { region: one.region.name }, value: value(one) })),
	});
	const counter = (name: string, help: string, value: (one: (typeof here)[number]) => number): Measure => ({
		name: `co_clone_region_${name}_total`,
		help,
		type: 'counter',
		samples: forwarder.regions.map(({ name: region }): Sample => {
			const everywhere = forwarder.routers.flatMap(({ candidates }) => candidates.filter((one) => one.region.name === region));
			return { labels: { region }, value: everywhere.reduce((sum, one) => sum + value(one), 0) };
		}),
	});
	return [
		counter('requests', 'Requests that a region was asked, with those that another one answered first.', ({ asked }) => asked),
		counter('failures', 'Requests that a region failed to begin to answer.', ({ failed }) => failed),
		gauge('first_token_seconds', 'What a first token takes, as it is expected now.', ({ latencyMs }) => latencyMs / 1000),
		gauge('open', 'Whether a region is sent requests.', ({ isOpenForRequests }) => Number(isOpenForRequests)),
		gauge('running', 'Requests that a region has under way.', ({ pending }) => pending),
	];
}
