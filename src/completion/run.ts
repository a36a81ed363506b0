import { type LanguageModel, type ModelFacts, noUsage, type PromptUse, type Usage } from '../model/language-model.ts';
import { unwanted } from '../std/abortable.ts';
import { samplingOf } from './candidates.ts';
import type { CompletionRequest } from './completion.ts';
import { type Cut, cut, type Shape } from './cut.ts';
import { type Inquiry, inquiryOf } from './inquiry.ts';
import type { Prompt } from './prompt.ts';
import type { Phase } from './schedule.ts';
import { belowClosers, type Window } from './window.ts';

export interface RunTask {
	/** What the answer is for; absent when only the prompt is to be evaluated. */
	readonly request: CompletionRequest | undefined;
	/** Nobody asked yet: the answer is for what somebody may ask next. */
	readonly isAhead?: boolean;
	readonly facts: ModelFacts;
	/** That the prompt shows; absent when nobody is going to look. */
	readonly window?: Window;
	readonly prompt: Prompt;
	readonly shape: Shape;
	readonly maxTokens: number;
}

/** What a run came to: text that was wanted, or undefined when it was cancelled or its answer does not fit what is typed. */
export interface RunResult {
	readonly text: string | undefined;
	readonly raw: string;
	readonly usage: Usage;
	/** As the clock says. */
	readonly firstTokenAt: number | undefined;
	readonly isCancelled: boolean;
	readonly inquiry: Inquiry;
}

/** The further lines of a faster model are there before anybody has read the first. */
const leastStepMs = 8;

/**
 * One request to the model while it is under way. Nobody owns it by asking for it: whoever waits for it now may have joined
 * long after it began.
 */
export class Run {
	readonly task: RunTask;
	/** The prompt that the server had evaluated when this one came. */
	readonly evaluatedBefore: string;
	/** What the server says that it cost, once it does. The same object for all that comes of this run, early or late. */
	readonly usage: Usage = { ...noUsage };
	/** Rejects with what the model failed with. */
	readonly result: Promise<RunResult>;
	/** Settles when the model does nothing more for it, however it ended. */
	readonly over: Promise<void>;
	readonly #controller = new AbortController();
	readonly #now: () => number;
	#isOver = false;
	#loadedAt: number | undefined;
	#firstTokenAt: number | undefined;
	#raw = '';
	#cut: Cut = { text: '', isComplete: false };
	#wake: () => void = () => {};
	#progress: Promise<void> = this.#nextProgress();

	constructor(task: RunTask, evaluatedBefore: string, model: LanguageModel, now: () => number) {
		this.task = task;
		this.evaluatedBefore = evaluatedBefore;
		this.#now = now;
		this.result = this.#generate(model);
		const end = () => {
			this.#isOver = true;
		};
		this.over = this.result.then(end, end);
	}

	/** Whether it came to its end; settles then. */
	get isAnswered(): Promise<boolean> {
		return this.result.then(
			({ isCancelled }) => !isCancelled,
			() => false,
		);
	}

	get phase(): Phase {
		if (this.#isOver) return 'idle';
		if (this.#controller.signal.aborted) return 'closing';
		if (this.#raw !== '') return 'decode';
		return this.#loadedAt === undefined ? 'loading' : 'prefill';
	}

	/** As the clock says. */
	get firstTokenAt(): number | undefined {
		return this.#firstTokenAt;
	}

	/** How long the prompt has been under evaluation. */
	get prefillMs(): number {
		return this.#loadedAt === undefined ? 0 : this.#now() - this.#loadedAt;
	}

	/** Settles when there is more text, or the end. */
	async progress(): Promise<void> {
		await Promise.race([this.#progress, this.result]);
	}

	/** Whether what is coming may still answer a request: it was asked at the same place, and nothing typed since contradicts it. */
	mayAnswer(request: CompletionRequest): boolean {
		const asked = this.task.request;
		if (!asked || this.#controller.signal.aborted || asked.path !== request.path) return false;
		if (request.trigger === 'manual' && asked.trigger === 'automatic') return false;
		if (request.variant !== asked.variant || request.context !== asked.context) return false;
		if (belowClosers(asked.suffix) !== belowClosers(request.suffix)) return false;
		const typed = typedSince(asked.prefix, request.prefix);
		if (typed === undefined) return false;
		// Asked for exactly this, whatever comes is the answer, also that there is none.
		if (typed === '') return true;
		const text = this.#fitting(this.#cut.text);
		if (text === undefined) return false;
		return this.#cut.isComplete ? text.startsWith(typed) : text.startsWith(typed) || typed.startsWith(text);
	}

	/** The first line of an answer of several lines, once it is whole and the others are worth waiting for, and how much of it was typed since. */
	firstLine(request: CompletionRequest): { readonly text: string; readonly typed: number } | undefined {
		const { shape, facts, request: asked } = this.task;
		if (!asked || shape.maxLines === 1 || asked.trigger === 'manual' || this.#cut.isComplete || !this.mayAnswer(request)) return undefined;
		if ((facts.speed.stepMs ?? 0) < leastStepMs || asked.variant !== undefined) return undefined;
		const text = this.#fitting(this.#cut.text) ?? '';
		const end = text.indexOf('\n', /^\s*/.exec(text)?.[0].length);
		const typed = typedSince(asked.prefix, request.prefix)?.length ?? 0;
		return end > typed ? { text: text.slice(0, end), typed } : undefined;
	}

	/** Closes the connection; the result then says so. Resolves when the model is free for another request. */
	cancel(): Promise<void> {
		this.#controller.abort(unwanted);
		return this.over;
	}

	async #generate(model: LanguageModel): Promise<RunResult> {
		const { prompt, facts, maxTokens, shape } = this.task;
		const { signal } = this.#controller;
		let use: PromptUse | undefined;
		const options = {
			prompt: prompt.text,
			suffix: prompt.suffix,
			maxTokens,
			stop: serverStops(facts, shape),
			start: prompt.order === 'forced' ? prompt.given : undefined,
			sampling: samplingOf(this.task.request?.variant),
			onLoaded: () => {
				this.#loadedAt = this.#now();
			},
			onRead: (read: PromptUse) => {
				use = read;
			},
			onEnd: (used: Usage) => {
				Object.assign(this.usage, used);
			},
		};
		try {
			for await (const piece of model.generate(options, signal)) {
				this.#firstTokenAt ??= this.#now();
				this.#take(piece, false);
				if (this.#cut.isComplete || this.#fitting(this.#cut.text) === undefined) break;
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		}
		const isCancelled = signal.aborted;
		if (!isCancelled) this.#take('', true, this.usage.completionTokens === maxTokens);
		const cut = this.#fitting(this.#cut.text);
		const inquiry = inquiryOf(this.task, this.evaluatedBefore, { use, raw: this.#raw, cut });
		const { usage } = this;
		return { text: isCancelled ? undefined : cut, raw: this.#raw, usage, firstTokenAt: this.#firstTokenAt, isCancelled, inquiry };
	}

	#take(piece: string, isFinal: boolean, isOutOfTokens = false): void {
		this.#raw += piece;
		const { given } = this.task.prompt;
		// What was left out of the prompt is not part of the shape.
		const answer = this.#raw.startsWith(given) ? this.#raw.slice(given.length) : this.#raw;
		this.#cut = cut(answer, this.task.shape, this.task.facts.template.specialTokens, isFinal, isOutOfTokens);
		const wake = this.#wake;
		this.#progress = this.#nextProgress();
		wake();
	}

	/** The text at the cursor, or undefined if the answer does not begin with what was left out of the prompt. */
	#fitting(text: string): string | undefined {
		const { given } = this.task.prompt;
		if (this.#raw.startsWith(given)) return text;
		return given.startsWith(this.#raw) ? '' : undefined;
	}

	#nextProgress(): Promise<void> {
		return new Promise((resolve) => {
			this.#wake = resolve;
		});
	}
}

/**
 * A line that must end at its end is best ended by the server: the answer then comes with its token counts. In the middle of a line it
 * matters whether the answer ended there by itself.
 */
function serverStops({ template }: ModelFacts, shape: Shape): string[] {
	return shape.maxLines === 1 && !shape.opensBlock && shape.landmark === undefined
		? ['\n', ...template.stop].slice(0, 4)
		: template.stop.slice(0, 4);
}

/**
 * What was typed between two states of the text before the cursor; undefined if anything else happened. Both may start at
 * different lines of the document.
 */
function typedSince(before: string, now: string): string | undefined {
	if (now.startsWith(before)) return now.slice(before.length);
	const tail = before.slice(-1000);
	const at = now.lastIndexOf(tail);
	return at < 0 || tail.length < 1000 ? undefined : now.slice(at + tail.length);
}
