import { setImmediate as turn } from 'node:timers/promises';
import type { ChooseContext } from '../src/completion/anchor.ts';
import { CompletionEngine } from '../src/completion/complete.ts';
import type { CompletionRequest, Outcome } from '../src/completion/completion.ts';
import { type CompletionPolicy, everything } from '../src/completion/gate.ts';
import { cancelable } from '../src/std/cancelable.ts';
import { accept, at } from './picture.ts';
import { ScriptedModel } from './scripted-model.ts';

/** An engine at a clock that stands still unless told otherwise. */
export function setUp(policy: Partial<CompletionPolicy> = {}, context?: ChooseContext) {
	const model = new ScriptedModel();
	const world = { time: 0, delays: [] as number[] };
	const engine = new CompletionEngine({
		model,
		policy: () => ({ ...everything, ...policy }),
		context,
		now: () => world.time,
		delay: async (ms, signal) => {
			world.delays.push(ms);
			await turn();
			signal.throwIfAborted();
		},
	});
	const ask = (picture: string, options?: Partial<CompletionRequest>) => {
		const request = at(picture, options);
		return cancelable((signal) =>
			engine.complete(request, signal).then((outcome) => ({ ...outcome, picture: pictureOf(request, outcome) })),
		);
	};
	return { model, engine, world, ask };
}

function pictureOf(request: CompletionRequest, { completion, nothing }: Outcome): string {
	return completion ? accept(request, completion) : (nothing?.reason ?? '');
}
