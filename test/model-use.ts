import type { ModelUse } from '../src/completion/observed-model.ts';

/** A request that was answered in 100 ms by three pieces, as far as nothing else is said. */
export function modelUse(what: Partial<ModelUse> = {}): ModelUse {
	return {
		model: 'm',
		isWarmUp: false,
		end: 'answered',
		startedAt: 0,
		ms: 100,
		loadMs: 0,
		firstMs: 40,
		lineMs: 100,
		pieces: 3,
		writingMs: 60,
		newTokens: 5,
		usage: { promptTokens: 10, completionTokens: 4 },
		...what,
	};
}
