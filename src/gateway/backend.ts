import { CompletionEngine } from '../completion/complete.ts';
import { continueWith, fillWith } from '../completion/fill.ts';
import type { Surroundings } from '../completion/surroundings.ts';
import type { Backend } from './call.ts';
import { Engines } from './engines.ts';

/** Everything that can be answered with one model. */
export function backendOf(world: Surroundings): Backend {
	const { model, policy } = world;
	const engines = new Engines((context) => new CompletionEngine({ ...world, context }));
	return {
		fill: fillWith(model, policy),
		continue: continueWith(model),
		complete: (client, elsewhere) => engines.for(client, elsewhere),
		model,
	};
}
