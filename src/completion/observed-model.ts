import type { GenerateOptions, LanguageModel, Usage } from '../model/language-model.ts';
import { commonLength } from '../std/common-length.ts';
import { estimateTokens } from './tokens.ts';

/** What became of one request to a model. Times are in milliseconds, from the request on. */
export interface ModelUse {
	readonly model: string;
	/** Whether only the prompt was to be evaluated. */
	readonly isWarmUp: boolean;
	/** An answer that was long enough counts as answered, also when the model would have gone on. */
	readonly end: 'answered' | 'aborted' | 'failed';
	/** When the request went out, as the clock says. */
	readonly startedAt: number;
	/** Until the end of the answer. */
	readonly ms: number;
	/** Until the model was in memory, where the server had to be asked for that. */
	readonly loadMs: number;
	/** Until the first piece, and until the first line was whole; absent where it did not get that far. */
	readonly firstMs?: number | undefined;
	readonly lineMs?: number | undefined;
	/** What was generated, in pieces; a piece is usually one token. */
	readonly pieces: number;
	/** From the first piece to the last. */
	readonly writingMs: number;
	/** Of the prompt, roughly: those that the prompt before did not begin with, so that they had to be evaluated. */
	readonly newTokens: number;
	/** As the server reports it, which it does only when it came to its own end. */
	readonly usage: Usage;
}

/**
 * The same model, observed: `began` is called when a request goes out, and what it returns when the request is over. What is asked
 * and what is answered stay as they are, and when.
 */
export function observed(model: LanguageModel, now: () => number, began: () => (use: ModelUse) => void): LanguageModel {
	let name = '';
	let evaluated = '';
	return {
		async facts(signal) {
			const facts = await model.facts(signal);
			name = facts.name;
			return facts;
		},
		async *generate(options, signal) {
			const over = began();
			const watch = new Stopwatch(name, options, evaluated, now);
			let isFailed = false;
			try {
				for await (const piece of model.generate(watch.options, signal)) {
					evaluated = options.prompt;
					watch.arrived(piece);
					yield piece;
				}
			} catch (error) {
				isFailed = true;
				throw error;
			} finally {
				over(watch.use(signal.aborted ? 'aborted' : isFailed ? 'failed' : 'answered'));
			}
		},
	};
}

/** Times one request. */
class Stopwatch {
	/** The same question, with what the model says of itself noted on the way. */
	readonly options: GenerateOptions;
	readonly #model: string;
	readonly #newTokens: number;
	readonly #now: () => number;
	readonly #startedAt: number;
	#loadMs = 0;
	#usage: Usage = { promptTokens: null, completionTokens: null };
	#pieces = 0;
	#hasText = false;
	#firstAt: number | undefined;
	#lineAt: number | undefined;
	#lastAt: number | undefined;

	constructor(model: string, options: GenerateOptions, evaluated: string, now: () => number) {
		this.#model = model;
		this.#newTokens = estimateTokens(options.prompt.slice(commonLength(options.prompt, evaluated)));
		this.#now = now;
		this.#startedAt = now();
		this.options = {
			...options,
			onLoaded: (ms) => {
				this.#loadMs = ms;
				options.onLoaded?.(ms);
			},
			onEnd: (usage) => {
				this.#usage = usage;
				options.onEnd?.(usage);
			},
		};
	}

	arrived(piece: string): void {
		this.#lastAt = this.#now();
		this.#firstAt ??= this.#lastAt;
		this.#pieces++;
		// Line breaks before the text do not end its first line.
		const text = this.#hasText ? piece : piece.trimStart();
		this.#hasText ||= text !== '';
		if (text.includes('\n')) this.#lineAt ??= this.#lastAt;
	}

	use(end: ModelUse['end']): ModelUse {
		const since = (at: number | undefined) => (at === undefined ? undefined : at - this.#startedAt);
		const endAt = this.#now();
		return {
			model: this.#model,
			isWarmUp: this.options.maxTokens === 1,
			end,
			startedAt: this.#startedAt,
			ms: endAt - this.#startedAt,
			loadMs: this.#loadMs,
			firstMs: since(this.#firstAt),
			lineMs: since(this.#lineAt ?? (end === 'answered' ? endAt : undefined)),
			pieces: this.#pieces,
			writingMs: (this.#lastAt ?? 0) - (this.#firstAt ?? 0),
			newTokens: this.#newTokens,
			usage: this.#usage,
		};
	}
}
