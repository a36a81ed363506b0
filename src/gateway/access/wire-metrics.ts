import type { Answer, Route } from '../call.ts';
import { plainFailure } from '../failure.ts';
import type { Metrics } from './metrics.ts';
import { type Measure, prometheusText, prometheusType } from './prometheus.ts';
import type { Counts } from './traffic.ts';
import { managing } from './wire-status.ts';

/** `GET /metrics`, for Prometheus. */
export function metricsRoute(metrics: Metrics, counts: Counts, more: () => readonly Measure[]): Route {
	const answer: Answer = async () => {
		const running: Measure = {
			name: 'co_clone_running',
			help: 'Requests that are under way.',
			type: 'gauge',
			samples: [{ value: counts.running }],
		};
		return new Response(prometheusText([...metrics.measures, running, ...more()]), { headers: { 'content-type': prometheusType } });
	};
	return { method: 'GET', path: '/metrics', answer: managing(answer), fail: plainFailure };
}
