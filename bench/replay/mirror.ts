import type { LanguageModel } from '../../src/model/language-model.ts';
import { longestCommonPrefix } from '../server/reuse.ts';
import type { Served } from '../server/server.ts';
import type { Tokenizer } from '../server/tokenizer.ts';

/**
 * Sees what a real server is asked, and reckons what of it is new to it: the server's own counts say how long a prompt is, not how much of
 * it had to be evaluated.
 */
export function mirrored(model: LanguageModel, tokenizer: Tokenizer, served: Served[]): LanguageModel {
	let cache: readonly number[] = [];
	return {
		facts: (signal) => model.facts(signal),
		async *generate(options, signal) {
			const prompt = tokenizer.encode(options.prompt);
			const evaluated = prompt.length - Math.min(longestCommonPrefix(cache, prompt), prompt.length - 1);
			const request: Served = { isWarmUp: options.maxTokens === 1, promptTokens: prompt.length, evaluated, decoded: 0, end: undefined };
			served.push(request);
			cache = prompt;
			let text = '';
			try {
				for await (const piece of model.generate(options, signal)) {
					request.decoded++;
					text += piece;
					cache = tokenizer.encode(options.prompt + text);
					yield piece;
				}
				request.end = 'finished';
			} catch (error) {
				request.end = signal.aborted ? 'left' : 'failed';
				throw error;
			} finally {
				request.end ??= 'enough';
			}
		},
	};
}
