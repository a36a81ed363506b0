import { noUsage } from '../model/language-model.ts';
import { abortable, unwanted } from '../std/abortable.ts';
import type { Completion, Nothing, Outcome } from './completion.ts';
import type { Answer } from './memory.ts';

/** One request's time at the engine: what it waits for, whether it is still wanted, and how long everything took. */
export class Turn {
	isSuperseded = false;
	/** Whether it was held back already, so that it is not once more. */
	hasPaused = false;
	/** Whether it ended with a part of an answer of which more comes. */
	isGrowing = false;
	readonly #controller = new AbortController();
	readonly #now: () => number;
	readonly #startedAt: number;
	readonly #close: () => void;
	#askedAt: number | undefined;
	#asked: { prompt: string; model: string } | undefined;

	constructor(caller: AbortSignal, now: () => number) {
		this.#now = now;
		this.#startedAt = now();
		const abort = () => this.#controller.abort(caller.reason);
		if (caller.aborted) abort();
		caller.addEventListener('abort', abort, { once: true });
		this.#close = () => caller.removeEventListener('abort', abort);
	}

	/** Aborts when the caller does, and when a newer request takes over. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	get elapsedMs(): number {
		return this.#now() - this.#startedAt;
	}

	supersede(): void {
		this.isSuperseded = !this.signal.aborted;
		this.#controller.abort(unwanted);
	}

	wait<T>(promise: Promise<T>): Promise<T> {
		return abortable(promise, this.signal);
	}

	/** Notes that the model is asked now. */
	asked(prompt: string, model: string): void {
		this.#askedAt = this.#now();
		this.#asked = { prompt, model };
	}

	end(result: Completion | Nothing, answer?: Answer): Outcome {
		const since = (time: number | undefined) => (time === undefined ? undefined : Math.max(0, time - this.#startedAt));
		return {
			...('reason' in result ? { nothing: result } : { completion: result }),
			model: answer?.model ?? this.#asked?.model,
			prompt: answer?.prompt ?? this.#asked?.prompt,
			timings: { queuedMs: since(this.#askedAt), firstTokenMs: since(answer?.firstTokenAt), totalMs: this.elapsedMs },
			inquiry: answer?.inquiry,
			usage: answer?.usage ?? noUsage,
		};
	}

	/** Ends with the first line of an answer that goes on. */
	endGrowing(completion: Completion, answer: Answer, growing: Promise<boolean>): Outcome {
		this.isGrowing = true;
		return { ...this.end(completion, answer), growing };
	}

	close(): void {
		this.#close();
	}
}
