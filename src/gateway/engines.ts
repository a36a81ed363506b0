import type { Complete, CompletionEngine } from '../completion/complete.ts';
import type { Client } from './call.ts';

/** Who has not asked for longest is forgotten first. */
const mostClients = 32;

type Engine = Pick<CompletionEngine, 'complete' | 'leave'>;

/** An engine for each client, because what somebody typed a moment ago matters to nobody else. */
export class Engines {
	readonly #create: () => Engine;
	readonly #engines = new Map<string, Engine>();

	constructor(create: () => Engine) {
		this.#create = create;
	}

	for({ id }: Client): Complete {
		const engine = this.#engines.get(id) ?? this.#create();
		this.#engines.delete(id);
		this.#engines.set(id, engine);
		const [oldest] = this.#engines.keys();
		if (this.#engines.size > mostClients && oldest !== undefined) this.#engines.delete(oldest);
		return completeUntilGone(engine);
	}
}

/** In an editor an answer goes on growing while somebody looks at it. Here somebody who has gone looks at nothing. */
function completeUntilGone(engine: Engine): Complete {
	return async (request, signal) => {
		const outcome = await engine.complete(request, signal);
		if (outcome.growing) {
			const leave = () => engine.leave();
			signal.addEventListener('abort', leave, { once: true });
			void outcome.growing.finally(() => signal.removeEventListener('abort', leave));
		}
		return outcome;
	};
}
