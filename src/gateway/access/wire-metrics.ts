import type { Answer, Route } from '../call.ts';
import { plainFailure } from '../failure.ts';
import type { Metrics } from './metrics.ts';
import { managing } from './wire-status.ts';

/** `GET /metrics`, for Prometheus. */
export function metricsRoute({ registry }: Metrics): Route {
	const answer: Answer = async () => new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
	return { method: 'GET', path: '/metrics', answer: managing(answer), fail: plainFailure };
}
