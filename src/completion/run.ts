import type { LanguageModel, ModelFacts, Usage } from '../model/language-model.ts';
import type { CompletionRequest } from './completion.ts';
import { type Cut, cut, type Shape } from './cut.ts';
import type { Prompt } from './prompt.ts';
import { belowClosers } from './window.ts';

export interface RunTask {
	/** Absent when the run only warms the server up. */
	readonly request: CompletionRequest | undefined;
	readonly facts: ModelFacts;
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
}

/**
 * One request to the model while it is under way. Nobody owns it by asking for it: whoever waits for it now may have joined
 * long after it began.
 */
export class Run {
	readonly task: RunTask;
	/** Rejects with what the model failed with. */
	readonly result: Promise<RunResult>;
	/** Settles when the model does nothing more for it, however it ended. */
	readonly over: Promise<void>;
	readonly #controller = new AbortController();
	#raw = '';
	#cut: Cut = { text: '', isComplete: false };
	#wake: () => void = () => {};
	#progress: Promise<void> = this.#nextProgress();

	constructor(task: RunTask, model: LanguageModel, now: () => number) {
		this.task = task;
		this.result = this.#generate(model, now);
		this.over = this.result.then(
			() => {},
			() => {},
		);
	}

	get hasText(): boolean {
		return this.#raw !== '';
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
		if (belowClosers(asked.suffix) !== belowClosers(request.suffix)) return false;
		const typed = typedSince(asked.prefix, request.prefix);
		if (typed === undefined) return false;
		// Asked for exactly this, whatever comes is the answer, also that there is none.
		if (typed === '') return true;
		const text = this.#fitting(this.#cut.text);
		if (text === undefined) return false;
		return this.#cut.isComplete ? text.startsWith(typed) : text.startsWith(typed) || typed.startsWith(text);
	}

	/** Closes the connection; the result then says so. Resolves when the model is free for another request. */
	cancel(): Promise<void> {
		this.#controller.abort();
		return this.over;
	}

	async #generate(model: LanguageModel, now: () => number): Promise<RunResult> {
		const { prompt, facts, maxTokens, shape } = this.task;
		const { signal } = this.#controller;
		let usage: Usage = { promptTokens: null, completionTokens: null };
		let firstTokenAt: number | undefined;
		const options = {
			prompt: prompt.text,
			suffix: prompt.suffix,
			maxTokens,
			stop: serverStops(facts, shape),
			start: prompt.order === 'forced' ? prompt.given : undefined,
			onEnd: (used: Usage) => {
				usage = used;
			},
		};
		try {
			for await (const piece of model.generate(options, signal)) {
				firstTokenAt ??= now();
				this.#take(piece, false);
				if (this.#cut.isComplete || this.#fitting(this.#cut.text) === undefined) break;
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		}
		const isCancelled = signal.aborted;
		if (!isCancelled) this.#take('', true);
		return { text: isCancelled ? undefined : this.#fitting(this.#cut.text), raw: this.#raw, usage, firstTokenAt, isCancelled };
	}

	#take(piece: string, isFinal: boolean): void {
		this.#raw += piece;
		const { given } = this.task.prompt;
		// What was left out of the prompt is not part of the shape.
		const answer = this.#raw.startsWith(given) ? this.#raw.slice(given.length) : this.#raw;
		this.#cut = cut(answer, this.task.shape, this.task.facts.template.specialTokens, isFinal);
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

/** A line that must end at its end is best ended by the server: the answer then comes with its token counts. */
function serverStops({ template }: ModelFacts, shape: Shape): string[] {
	return shape.maxLines === 1 && !shape.opensBlock ? ['\n', ...template.stop].slice(0, 4) : template.stop.slice(0, 4);
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
