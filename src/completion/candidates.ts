import type { Sampling } from '../model/language-model.ts';
import type { Complete } from './complete.ts';
import type { Completion, CompletionRequest, Outcome } from './completion.ts';
import { isAnswered } from './tally.ts';

/** How many there are to choose from, the first one included. */
const mostCandidates = 3;
/** Draws that say what was there already cost time, too. */
const mostDraws = 4;

/** How the answer of a variant is drawn; nothing is drawn for the one that the model finds likeliest. */
export function samplingOf(variant: number | undefined): Sampling | undefined {
	return variant === undefined ? undefined : { temperature: 0.8, seed: variant };
}

/**
 * Other completions for a place, for somebody who wants to choose: asked for one after another, and as many as there are when the signal
 * aborts. None of them says what the first one or another of them does.
 */
export async function alternatives(
	complete: Complete,
	request: CompletionRequest,
	first: Completion,
	signal: AbortSignal,
): Promise<readonly Outcome[]> {
	const seen = new Set([textOf(first)]);
	const found: Outcome[] = [];
	for (let variant = 1; variant <= mostDraws && seen.size < mostCandidates && !signal.aborted; variant++) {
		const outcome = await complete({ ...request, variant }, signal);
		// Whoever typed on, or a server that failed, will not give the next one either.
		if (!isAnswered(outcome)) break;
		if (!outcome.completion || seen.has(textOf(outcome.completion))) continue;
		seen.add(textOf(outcome.completion));
		found.push(outcome);
	}
	return found;
}

/** What somebody sees of a completion: white space at line ends is nothing to choose by. */
function textOf({ text }: Completion): string {
	return text.replaceAll(/[ \t]+$/gm, '').trim();
}
