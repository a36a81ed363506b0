import { everything } from '../src/completion/gate.ts';
import { backendOf } from '../src/gateway/backend.ts';
import type { Backend } from '../src/gateway/call.ts';
import type { LanguageModel } from '../src/model/language-model.ts';
import { delay } from '../src/std/abortable.ts';
import { ScriptedModel } from './scripted-model.ts';

/** What a gateway answers with where a model answers by script. */
export function scripted(model: LanguageModel): Backend {
	return backendOf({ model, policy: () => everything, now: () => performance.now(), delay });
}

/** And where its answer is always the same. */
export function answering(text: string): Backend {
	const model = new ScriptedModel();
	model.answer = () => text;
	return scripted(model);
}
