import type { Completion, CompletionRequest, Nothing } from './completion.ts';
import { fit } from './fit.ts';
import { withoutLinesAbove, withoutLinesBelow } from './rules/already-there.ts';
import { withoutCircles } from './rules/circles.ts';
import { withoutClosersBelow, withoutWrongClosers } from './rules/closers.ts';
import { withoutHiddenSecrets } from './rules/hidden-secret.ts';
import { withoutJustDeleted } from './rules/just-deleted.ts';
import { upToLandmark } from './rules/landmark.ts';
import { withClosedBlocks } from './rules/open-blocks.ts';
import { withClosedText } from './rules/open-text.ts';
import type { Rule } from './rules/rule.ts';
import { withoutTypedQuote } from './rules/typed-quote.ts';
import { withoutTrailingSpace } from './rules/white-space.ts';

/**
 * What is done to an answer when all of it is there, in this order. Special tokens, fences, echoes and indentation are seen to while it
 * arrives (`cut`).
 */
const rules: readonly Rule[] = [
	withoutHiddenSecrets,
	withoutTypedQuote,
	withoutLinesBelow,
	withoutLinesAbove,
	withoutCircles,
	withoutJustDeleted,
	withoutWrongClosers,
	withoutClosersBelow,
	withoutTrailingSpace,
	withClosedText,
	withClosedBlocks,
	upToLandmark,
];

/** Makes an answer fit its place: nothing that is there already, no stray white space, closers paired with those after the cursor. */
export function trim(answer: string, request: CompletionRequest): Completion | Nothing {
	const raw = answer;
	if (answer === '') return { reason: 'model-silent', raw };
	try {
		let text = answer;
		for (const rule of rules) {
			const result = rule(text, request);
			if (typeof result !== 'string') return { ...result, raw };
			text = result;
		}
		return fit(text, request) ?? { reason: 'already-there', raw };
	} catch (error) {
		// Answers come when nobody may be waiting who could be told.
		return { reason: 'bug', raw, error: error instanceof Error ? error : new Error(String(error)) };
	}
}
