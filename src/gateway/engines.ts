import type { Complete } from '../completion/complete.ts';
import type { Client } from './call.ts';

/** Who has not asked for longest is forgotten first. */
const mostClients = 32;

/** An engine for each client, because what somebody typed a moment ago matters to nobody else. */
export class Engines {
	readonly #create: () => Complete;
	readonly #engines = new Map<string, Complete>();

	constructor(create: () => Complete) {
		this.#create = create;
	}

	for({ id }: Client): Complete {
		const engine = this.#engines.get(id) ?? this.#create();
		this.#engines.delete(id);
		this.#engines.set(id, engine);
		const [oldest] = this.#engines.keys();
		if (this.#engines.size > mostClients && oldest !== undefined) this.#engines.delete(oldest);
		return engine;
	}
}
