import type { Answer, Route } from '../gateway/call.ts';
import { plainFailure } from '../gateway/failure.ts';
import type { Forwarder } from './forward.ts';

/** What is known of a region, for people who look after them. */
export interface RegionStatus {
	readonly name: string;
	/** Whether it is sent requests. */
	readonly isOpen: boolean;
	/** To a first token, as it is expected now. */
	readonly latencyMs: number;
	readonly pending: number;
}

export const regionsPath = '/v1/co-clone/regions';

/** Routes of a gateway that passes on what it is asked, besides what it says of the regions itself. */
export function forwardedRoutes(routes: readonly Route[], forwarder: Forwarder): readonly Route[] {
	const status: Answer = async () => Response.json({ regions: statusOf(forwarder) });
	const passed = routes.map((route) => (route.isOpen ? route : { ...route, answer: forwarder.answer }));
	return [...passed, { method: 'GET', path: regionsPath, answer: status, fail: plainFailure }];
}

function statusOf(forwarder: Forwarder): RegionStatus[] {
	return forwarder.router().candidates.map(({ region, isOpenForRequests, latencyMs, pending }) => ({
		name: region.name,
		isOpen: isOpenForRequests,
		latencyMs: Math.round(latencyMs),
		pending,
	}));
}
