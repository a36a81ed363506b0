import type { Answer, Route } from '../gateway/call.ts';
import { plainFailure } from '../gateway/failure.ts';
import type { Room } from '../gateway/wire-room.ts';
import type { BreakerState } from './breaker.ts';
import type { Chronicle, RegionEvent } from './chronicle.ts';
import type { Forwarder } from './forward.ts';
import { type Coordinates, kilometres } from './geography.ts';
import type { Lookout } from './lookout.ts';

/** What is known of a region, for people who look after them. Times are those for who is where the question says. */
export interface RegionStatus {
	readonly name: string;
	readonly at: Coordinates;
	readonly kilometres: number;
	/** Whether it is sent requests. */
	readonly isOpen: boolean;
	readonly breaker: BreakerState;
	/** To a first token, as it is expected now. */
	readonly latencyMs: number;
	readonly pending: number;
	/** Why it does not answer when it is looked at; null: it does. */
	readonly problem: string | null;
	/** Null where it does not say. */
	readonly room: Room | null;
	/** Answers in the last minute, to everybody everywhere. */
	readonly answers: number;
}

export interface RegionsStatus {
	readonly regions: readonly RegionStatus[];
	/** The newest first. */
	readonly events: readonly RegionEvent[];
}

/** What regions are known by. */
export interface RegionSources {
	readonly forwarder: Forwarder;
	readonly lookout: Lookout;
	readonly chronicle: Chronicle;
}

export const regionsPath = '/v1/co-clone/regions';

/** Routes of a gateway that passes on what it is asked, besides what it says of the regions itself. */
export function forwardedRoutes(routes: readonly Route[], sources: RegionSources): readonly Route[] {
	const { forwarder, chronicle } = sources;
	const status: Answer = async ({ request }) => {
		const said: RegionsStatus = { regions: statusOf(sources, forwarder.placeOf(request)), events: chronicle.events };
		return Response.json(said, { headers: { 'cache-control': 'no-store' } });
	};
	const passed = routes.map((route) => (route.isOpen ? route : { ...route, answer: forwarder.answer }));
	return [...passed, { method: 'GET', path: regionsPath, answer: status, fail: plainFailure }];
}

function statusOf({ forwarder, lookout, chronicle }: RegionSources, place: Coordinates): RegionStatus[] {
	const answers = chronicle.lastMinute();
	return forwarder.router(place).candidates.map(({ region: { name, at }, isOpenForRequests, breaker, latencyMs, pending }) => ({
		name,
		at,
		kilometres: Math.round(kilometres(place, at)),
		isOpen: isOpenForRequests,
		breaker,
		latencyMs: Math.round(latencyMs),
		pending,
		problem: lookout.sight(name)?.problem ?? null,
		room: lookout.sight(name)?.room ?? null,
		answers: answers.get(name) ?? 0,
	}));
}
