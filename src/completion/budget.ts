import type { ModelFacts } from '../model/language-model.ts';
import { estimateTokens } from './tokens.ts';

/** In tokens. The first request in a file should not take longer to evaluate than this many seconds. */
const window = { seconds: 4.5, least: 300, most: 2000, untilMeasured: 450 };
/** Left free in the context, because tokens are only estimated. */
const spare = 64;
const unmeasuredMs = 300;
/** A usual line. */
const tokensOfLine = 8;

/** How large a window the model can evaluate in bearable time, with room for the answer. */
export function windowTokens({ speed, contextLength }: ModelFacts, maxTokens: number): number {
	const inTime = speed.prefillTokensPerSecond === undefined ? window.untilMeasured : speed.prefillTokensPerSecond * window.seconds;
	const wanted = Math.min(window.most, Math.max(window.least, inTime));
	return Math.max(1, Math.min(wanted, contextLength - maxTokens - spare));
}

/** How long the part of a prompt takes to evaluate that the server has not evaluated already. */
export function evaluationMs(prompt: string, evaluated: string, { speed }: ModelFacts): number {
	if (speed.prefillTokensPerSecond === undefined) return unmeasuredMs;
	let shared = 0;
	while (shared < evaluated.length && prompt[shared] === evaluated[shared]) shared++;
	return (estimateTokens(prompt.slice(shared)) / speed.prefillTokensPerSecond) * 1000;
}

/** How long a usual line takes to generate. */
export function lineMs({ speed }: ModelFacts): number {
	return (speed.stepMs ?? 0) * tokensOfLine;
}
