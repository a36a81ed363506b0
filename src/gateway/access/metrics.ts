import Counter from '@prometheus-io/client/lib/counter.js';
import Gauge from '@prometheus-io/client/lib/gauge.js';
import Histogram from '@prometheus-io/client/lib/histogram.js';
import Registry from '@prometheus-io/client/lib/registry.js';
import type { Counts, Exchange } from './traffic.ts';

/** Until a status is there, in seconds: from what a cache takes to what nobody waits for. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 15];
/** HTTP/2 lets anybody make up a method, and each would be a series for ever. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Adds up what went through a gateway: by the patterns of routes, so never a path, a name or a piece of code. */
export class Metrics {
	/** One for each gateway: several of them may be in one process. */
	readonly registry = new Registry();
	readonly #requests: Counter<'method' | 'route' | 'status' | 'end'>;
	readonly #firstByte: Histogram<'method' | 'route'>;

	constructor(counts: Pick<Counts, 'running'>) {
		const registers = [this.registry];
		this.#requests = new Counter({
			name: 'co_clone_requests_total',
			help: 'Requests that are over.',
			labelNames: ['method', 'route', 'status', 'end'],
			registers,
		});
		this.#firstByte = new Histogram({
			name: 'co_clone_first_byte_seconds',
			help: 'Until the status of an answer.',
			labelNames: ['method', 'route'],
			buckets: bounds,
			registers,
		});
		new Gauge({
			name: 'co_clone_running',
			help: 'Requests that are under way.',
			registers,
			collect() {
				this.set(counts.running);
			},
		});
	}

	add({ method, route, status, end, firstMs, isLook }: Exchange): void {
		if (isLook) return;
		// What has no route was refused before anybody knew which.
		const labels = { method: methods.includes(method) ? method : 'other', route: route ?? '' };
		this.#requests.inc({ ...labels, status, end });
		this.#firstByte.observe(labels, firstMs / 1000);
	}
}
