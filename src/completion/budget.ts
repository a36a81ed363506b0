import type { ModelFacts } from '../model/language-model.ts';
import { estimateTokens } from './tokens.ts';
import { slack } from './window.ts';

/** In tokens. The first request in a file should not take longer to evaluate than this many seconds. */
const window = { seconds: 6, least: 300, most: 2000, untilMeasured: 450 };
/**
 * Code from elsewhere, in tokens: so much as makes a cold start no longer than by so many seconds. With less there is hardly a declaration;
 * how fast a model reads is not known before it has read something.
 */
const context = { seconds: 1.5, least: 80, most: 1200 };
/** For somebody who has asked for it and waits. */
const contextOnDemand = { seconds: 12, least: 300, most: 4000, untilMeasured: 800 };
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

/** How much code from elsewhere may stand in front of a window, so that the first request takes bearably longer. None on a slow machine. */
export function contextTokens({ speed, contextLength }: ModelFacts, windowTokens: number, maxTokens: number): number {
	const inTime = (speed.prefillTokensPerSecond ?? 0) * context.seconds;
	const room = contextLength - windowTokens * slack - maxTokens - spare;
	return inTime < context.least ? 0 : Math.max(0, Math.min(context.most, inTime, room));
}

/** The same for somebody who has asked for it and waits. */
export function contextTokensOnDemand({ speed, contextLength }: ModelFacts, windowTokens: number, maxTokens: number): number {
	const { seconds, least, most, untilMeasured } = contextOnDemand;
	const inTime = speed.prefillTokensPerSecond === undefined ? untilMeasured : speed.prefillTokensPerSecond * seconds;
	return Math.max(0, Math.min(Math.max(least, inTime), most, contextLength - windowTokens - maxTokens - spare));
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
