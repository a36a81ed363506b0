import type { Sampling } from '../model/language-model.ts';
import type { Complete } from './complete.ts';
import type { Completion, CompletionRequest, Outcome } from './completion.ts';
import { isAnswered } from './tally.ts';

/** How many there are to choose from in an editor, the first one included. */
export const mostInEditor = 3;
/** Draws that say what was there already cost time, too. So many of them are borne with. */
const mostVain = 2;

/** How the answer of a variant is drawn; nothing is drawn for the one that the model finds likeliest. */
export function samplingOf(variant: number | undefined): Sampling | undefined {
	return variant === undefined ? undefined : { temperature: 0.8, seed: variant };
}

/**
 * Other completions for a place, for somebody who wants to choose: asked for one after another, and as many as there are when the signal
 * aborts. None of them says what the first one or another of them does. With the first one they are no more than `most`.
 */
export async function alternatives(
	complete: Complete,
	request: CompletionRequest,
	first: Completion,
	most: number,
	signal: AbortSignal,
): Promise<readonly Outcome[]> {
	const seen = new Set([textOf(first)]);
	const found: Outcome[] = [];
	for (let variant = 1; variant < most + mostVain && seen.size < most && !signal.aborted; variant++) {
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
