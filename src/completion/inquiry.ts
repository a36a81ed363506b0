import type { ContextSnippet } from '../context/snippet.ts';
import type { PromptUse, Sampling } from '../model/language-model.ts';
import { commonLength } from '../std/common-length.ts';
import { samplingOf } from './candidates.ts';
import type { Order } from './order.ts';
import type { RunTask } from './run.ts';

/** What a model was asked and what it said, for people who want to know. Without the text around the cursor: that is in the prompt. */
export interface Inquiry {
	readonly order: Order;
	/** For servers that put prompt and suffix together themselves. */
	readonly suffix: string | undefined;
	/** What stands before the cursor and was left out of the prompt, because the answer brings it. */
	readonly given: string;
	/** In characters; `typed` is what was typed since the anchor. */
	readonly window: { readonly before: number; readonly typed: number; readonly after: number } | undefined;
	/** Code from elsewhere that the prompt shows, in this order. */
	readonly context: readonly ContextSnippet[];
	readonly maxLines: number;
	readonly maxTokens: number;
	readonly sampling: Sampling | undefined;
	/** How much of the prompt, in characters, the server evaluated for the one before, as far as we know. */
	readonly known: number;
	/** The same in tokens, where the engine says so. */
	readonly use: PromptUse | undefined;
	readonly raw: string;
	/** What of it was wanted; absent where it did not begin with what was given. */
	readonly cut: string | undefined;
}

export function inquiryOf(task: RunTask, evaluatedBefore: string, answer: Pick<Inquiry, 'use' | 'raw' | 'cut'>): Inquiry {
	const { prompt, window, shape, maxTokens, request } = task;
	return {
		order: prompt.order,
		suffix: prompt.suffix,
		given: prompt.given,
		window: window && { before: window.before.length, typed: window.typed.length, after: window.after.length },
		context: window?.context?.snippets ?? [],
		maxLines: shape.maxLines,
		maxTokens,
		sampling: samplingOf(request?.variant),
		known: commonLength(prompt.text, evaluatedBefore),
		...answer,
	};
}
