import type { Measure, Sample } from './prometheus.ts';
import type { Exchange } from './traffic.ts';

/** Until a status is there, in seconds: from what a cache takes to what nobody waits for. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 15];

interface Series {
	readonly route: string;
	readonly method: string;
	/** By status and how it ended. */
	readonly counts: Map<string, number>;
	/** How many came within each of the bounds, and not within the one before. */
	readonly within: number[];
	seconds: number;
	requests: number;
}

/** Adds up what went through a gateway: by the patterns of routes, so never a path, a name or a piece of code. */
export class Metrics {
	readonly #series = new Map<string, Series>();

	add({ method, route, status, end, firstMs, isLook }: Exchange): void {
		if (isLook) return;
		// What has no route was refused before anybody knew which.
		const series = this.#seriesOf(method, route ?? '');
		const outcome = `${status} ${end}`;
		series.counts.set(outcome, (series.counts.get(outcome) ?? 0) + 1);
		const seconds = firstMs / 1000;
		const bucket = bounds.findIndex((bound) => seconds <= bound);
		if (bucket >= 0) series.within[bucket] = (series.within[bucket] ?? 0) + 1;
		series.seconds += seconds;
		series.requests++;
	}

	get measures(): readonly Measure[] {
		const all = [...this.#series.values()];
		return [
			{ name: 'co_clone_requests_total', help: 'Requests that are over.', type: 'counter', samples: all.flatMap(countsOf) },
			{ name: 'co_clone_first_byte_seconds', help: 'Until the status of an answer.', type: 'histogram', samples: all.flatMap(histogramOf) },
		];
	}

	#seriesOf(method: string, route: string): Series {
		const key = `${method} ${route}`;
		const known = this.#series.get(key);
		if (known) return known;
		const series: Series = { route, method, counts: new Map(), within: bounds.map(() => 0), seconds: 0, requests: 0 };
		this.#series.set(key, series);
		return series;
	}
}

function countsOf({ method, route, counts }: Series): Sample[] {
	return [...counts].map(([outcome, value]) => {
		const [status = '', end = ''] = outcome.split(' ');
		return { labels: { method, route, status, end }, value };
	});
}

function histogramOf({ method, route, within, seconds, requests }: Series): Sample[] {
	const labels = { method, route };
	let sum = 0;
	const buckets = within.map((count, index): Sample => {
		sum += count;
		return { part: 'bucket', labels: { ...labels, le: bounds[index] ?? '' }, value: sum };
	});
	return [
		...buckets,
		{ part: 'bucket', labels: { ...labels, le: '+Inf' }, value: requests },
		{ part: 'sum', labels, value: seconds },
		{ part: 'count', labels, value: requests },
	];
}
