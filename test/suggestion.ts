import type { CompletionRequest } from '../src/completion/completion.ts';
import { cut } from '../src/completion/cut.ts';
import { type Eagerness, shapeAt } from '../src/completion/shape.ts';
import { trim } from '../src/completion/trim.ts';
import { at } from './picture.ts';
import { ScriptedModel } from './scripted-model.ts';

/** A picture before, what the model says, and the picture after; or the reason why nothing is shown. */
export type Row = readonly [picture: string, answer: string, result: string, options?: Partial<CompletionRequest>];

export const { modelFacts } = new ScriptedModel();
export const specialTokens = modelFacts.template.specialTokens;

/** The whole way of an answer: shape, cut, trim. */
function suggest(request: CompletionRequest, answer: string, eagerness?: Eagerness) {
	const shape = shapeAt(request, modelFacts, eagerness);
	return trim(cut(answer, shape, specialTokens, true).text, request);
}

export function suggested([picture, answer, , options]: Row, eagerness?: Eagerness): string {
	const request = at(picture, options);
	const trimmed = suggest(request, answer, eagerness);
	if ('reason' in trimmed) return trimmed.reason;
	const { prefix, suffix } = request;
	const { text, replaces } = trimmed;
	return `${prefix}${text}${picture.includes('‸') ? '‸' : '|'}${suffix.slice(replaces)}`;
}
