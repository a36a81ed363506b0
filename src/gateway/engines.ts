import type { ChooseContext } from '../completion/anchor.ts';
import type { Complete, CompletionEngine } from '../completion/complete.ts';
import type { CompletionRequest } from '../completion/completion.ts';
import { chosenFrom, type Elsewhere } from '../completion/elsewhere.ts';
import type { Client } from './call.ts';

/** Who has not asked for longest is forgotten first, and whoever has not asked for so long has gone. */
const mostClients = 32;
const idleMs = 15 * 60_000;
/** In milliseconds: who got an answer and asks nothing more rests. */
const restMs = 500;

type Engine = Pick<CompletionEngine, 'complete' | 'leave' | 'warm'>;

/** What there is for one client, and what it has found elsewhere for the place where it is. */
interface Seat {
	readonly engine: Engine;
	elsewhere: readonly Elsewhere[];
	idle?: NodeJS.Timeout;
	resting?: NodeJS.Timeout;
}

/** An engine for each client, because what somebody typed a moment ago matters to nobody else. */
export class Engines {
	readonly #create: (context: ChooseContext) => Engine;
	readonly #seats = new Map<string, Seat>();

	constructor(create: (context: ChooseContext) => Engine) {
		this.#create = create;
	}

	for({ id }: Client, elsewhere: readonly Elsewhere[] = []): Complete {
		const seat = this.#seats.get(id) ?? this.#seat();
		seat.elsewhere = elsewhere;
		clearTimeout(seat.resting);
		clearTimeout(seat.idle);
		seat.idle = setTimeout(() => this.#seats.delete(id), idleMs).unref();
		this.#seats.delete(id);
		this.#seats.set(id, seat);
		const [oldest] = this.#seats.keys();
		if (this.#seats.size > mostClients && oldest !== undefined) this.#seats.delete(oldest);
		return completeUntilGone(seat);
	}

	#seat(): Seat {
		const seat: Seat = { engine: this.#create(chosenFrom(() => seat.elsewhere)), elsewhere: [] };
		return seat;
	}
}

/** In an editor an answer goes on growing while somebody looks at it. Here somebody who has gone looks at nothing. */
function completeUntilGone(seat: Seat): Complete {
	const { engine } = seat;
	return async (request, signal) => {
		const outcome = await engine.complete(request, signal);
		if (outcome.growing) {
			const leave = () => engine.leave();
			signal.addEventListener('abort', leave, { once: true });
			void outcome.growing.finally(() => signal.removeEventListener('abort', leave));
		}
		if (outcome.nothing?.reason !== 'superseded' && !signal.aborted) warmAtRest(seat, request);
		return outcome;
	};
}

/** What stands elsewhere enters the prompt while nobody types, where it has changed: then all of it is evaluated anew. */
function warmAtRest(seat: Seat, request: CompletionRequest): void {
	clearTimeout(seat.resting);
	if (seat.elsewhere.length === 0) return;
	seat.resting = setTimeout(() => void seat.engine.warm(request, new AbortController().signal), restMs).unref();
}
