import type { ChooseContext } from './anchor.ts';
import type { Inquiry } from './inquiry.ts';
import type { Reason } from './reason.ts';

/** A place in a text where something could be completed. */
export interface CompletionRequest {
	/** Identifies the text; a file's path where it has one. */
	readonly path: string;
	/** As VS Code names languages. */
	readonly languageId: string;
	/** The text before the cursor, or as much of it as the caller has at hand, from a line start. Lines end in `\n`. */
	readonly prefix: string;
	/** The text after the cursor, likewise. */
	readonly suffix: string;
	/** Whether somebody asked for this completion, or just typed. */
	readonly trigger: 'automatic' | 'manual';
	/** True when the prefix ends in a whole word (one chosen from a list), so that the answer need not continue it. */
	readonly endsWord?: boolean;
	/** Absent: what the model finds likeliest. Otherwise one of several answers that are drawn, the same for the same number. */
	readonly variant?: number;
	/** What whoever asks has found elsewhere for this request alone. Absent: what is at hand. */
	readonly context?: ChooseContext | undefined;
	/** One level of indentation as the editor inserts it, for texts that do not show any. */
	readonly indentUnit?: string | undefined;
	/** Whether the cursor is in a secret, or in what is going to be one. */
	readonly isAtSecret?: boolean | undefined;
	/** What was taken out of the text a moment ago, the latest last. */
	readonly deleted?: readonly string[] | undefined;
}

/** Text to insert at the cursor; it takes the place of the first `replaces` characters after the cursor (closers that it brings itself). */
export interface Completion {
	readonly text: string;
	readonly replaces: number;
}

/** Why there is no completion. */
export interface Nothing {
	readonly reason: Reason;
	/** What exactly happened, where the reason alone does not say it. */
	readonly detail?: string | undefined;
	/** What the model said, when it said something that was not fit to show. */
	readonly raw?: string | undefined;
	/** The failure behind it, where there was one. */
	readonly error?: Error | undefined;
}

/** What became of one request, with what was asked and how long it took. */
export interface Outcome {
	readonly completion?: Completion;
	readonly nothing?: Nothing;
	/** Present when a model was asked, or had been asked before for what was answered. */
	readonly model?: string | undefined;
	readonly prompt?: string | undefined;
	/** Present when the model answered. */
	readonly inquiry?: Inquiry | undefined;
	/** Present when more of the answer is still coming; says at its end whether it came. Asked again, there is all of it. */
	readonly growing?: Promise<boolean> | undefined;
	readonly timings: Timings;
	readonly usage: { readonly promptTokens: number | null; readonly completionTokens: number | null };
}

/** Milliseconds since the request came in; absent when it did not get that far. */
interface Timings {
	/** Until the model was asked. */
	readonly queuedMs?: number | undefined;
	readonly firstTokenMs?: number | undefined;
	readonly totalMs: number;
}
