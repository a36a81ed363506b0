import { commonLength } from '../std/common-length.ts';
import type { Speed } from './language-model.ts';

/** Characters of code per token, on average, over the families in `fim.ts`; on the safe side (real code has 3–4). */
const charactersPerToken = 3;

const weightOfNew = 0.3;
/** Below this the round trip, not the prefill, is what would be measured. */
const leastPrefillTokens = 100;

/**
 * Learns how fast a model is from the times at which its tokens arrive. The server's own figures count cached tokens as
 * evaluated, so the prompt is compared with the one before: only what differs had to be evaluated.
 */
export class Speedometer {
	#prefill: number | undefined;
	#stepMs: number | undefined;
	#lastPrompt = '';
	/** Of a request that was left before its first token nobody knows how much the server evaluated, nor for how long it still does. */
	#isKnown = true;

	get speed(): Speed {
		return { prefillTokensPerSecond: this.#prefill, stepMs: this.#stepMs };
	}

	/**
	 * How long the evaluation of a whole prompt should take, in milliseconds, whatever the server still has of it; undefined before there is
	 * anything to go by.
	 */
	evaluationMs(prompt: string): number | undefined {
		return this.#prefill === undefined ? undefined : (prompt.length / charactersPerToken / this.#prefill) * 1000;
	}

	/** Call when the request is sent; the result is called for each piece that arrives. */
	start(prompt: string, now: () => number): () => void {
		const uncached = this.#uncachedTokens(prompt);
		let last = now();
		let pieces = 0;
		const isComparable = this.#isKnown;
		this.#isKnown = false;
		return () => {
			const elapsed = Math.max(now() - last, 0.01);
			last = now();
			pieces++;
			if (pieces > 1) this.#stepMs = blend(this.#stepMs, elapsed);
			else {
				this.#lastPrompt = prompt;
				this.#isKnown = true;
				if (isComparable && uncached >= leastPrefillTokens) this.#prefill = blend(this.#prefill, (uncached / elapsed) * 1000);
			}
		};
	}

	#uncachedTokens(prompt: string): number {
		return (prompt.length - commonLength(prompt, this.#lastPrompt)) / charactersPerToken;
	}
}

function blend(old: number | undefined, sample: number): number {
	return old === undefined ? sample : old + weightOfNew * (sample - old);
}
