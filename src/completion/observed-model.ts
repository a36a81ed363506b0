import type { LanguageModel, Usage } from '../model/language-model.ts';

/** What became of one request to a model. */
export interface ModelUse {
	readonly model: string;
	/** Whether only the prompt was to be evaluated. */
	readonly isWarmUp: boolean;
	/** An answer that was long enough counts as answered, also when the model would have gone on. */
	readonly end: 'answered' | 'aborted' | 'failed';
	/** From the request to the end of the answer. */
	readonly ms: number;
	/** What was generated, in pieces; a piece is usually one token. */
	readonly pieces: number;
	/** As the server reports it, which it does only when it came to its own end. */
	readonly usage: Usage;
}

/**
 * The same model, observed: `began` is called when a request goes out, and what it returns when the request is over. What is asked
 * and what is answered stay as they are, and when.
 */
export function observed(model: LanguageModel, now: () => number, began: () => (use: ModelUse) => void): LanguageModel {
	let name = '';
	return {
		async facts(signal) {
			const facts = await model.facts(signal);
			name = facts.name;
			return facts;
		},
		async *generate(options, signal) {
			const over = began();
			const startedAt = now();
			const asked = name;
			let usage: Usage = { promptTokens: null, completionTokens: null };
			let pieces = 0;
			let isFailed = false;
			const onEnd = (used: Usage) => {
				usage = used;
				options.onEnd?.(used);
			};
			try {
				for await (const piece of model.generate({ ...options, onEnd }, signal)) {
					pieces++;
					yield piece;
				}
			} catch (error) {
				isFailed = true;
				throw error;
			} finally {
				const end = signal.aborted ? 'aborted' : isFailed ? 'failed' : 'answered';
				over({ model: asked, isWarmUp: options.maxTokens === 1, end, ms: now() - startedAt, pieces, usage });
			}
		},
	};
}
