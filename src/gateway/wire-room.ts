import type { Counts } from './access/traffic.ts';
import type { Answer, Route } from './call.ts';
import { plainFailure } from './failure.ts';

/** How many answers a gateway works on at the same time, and how many are under way. */
export interface Room {
	readonly slots: number;
	readonly running: number;
}

export const roomPath = '/co-clone/room';

/** `GET /co-clone/room`, for whoever passes requests on to this gateway. */
export function roomRoute(slots: number, counts: Counts): Route {
	const answer: Answer = async () => {
		const room: Room = { slots, running: counts.running };
		return Response.json(room);
	};
	return { method: 'GET', path: roomPath, answer, fail: plainFailure };
}
