import type { LanguageModel } from '../model/language-model.ts';
import type { Admission } from './admission.ts';
import type { Backend, Client } from './call.ts';

/** The same backend, for one client and within the limits: what a model works on is counted, and nothing else. */
export function limited(backend: Backend, client: Client, admission: Admission): Backend {
	/** As many at once as there is room for. */
	function among<Asked, Piece>(answer: (asked: Asked, signal: AbortSignal) => AsyncIterable<Piece>) {
		return async function* (asked: Asked, signal: AbortSignal): AsyncGenerator<Piece> {
			const room = await admission.enter(client, signal);
			try {
				yield* answer(asked, room.signal);
			} finally {
				room.leave();
			}
		};
	}
	const { fill, continue: follow, complete, model } = backend;
	const limitedModel: LanguageModel = {
		facts: (signal) => model.facts(signal),
		generate: among((options, signal) => model.generate(options, signal)),
	};
	return {
		fill: among(fill),
		continue: among(follow),
		model: limitedModel,
		complete: (session, elsewhere) => async (request, signal) => {
			const room = await admission.enter(client, signal);
			try {
				const outcome = await complete(session, elsewhere)(request, room.signal);
				if (outcome.growing) void outcome.growing.finally(room.leave);
				else room.leave();
				return outcome;
			} catch (error) {
				room.leave();
				throw error;
			}
		},
	};
}
