import { languages } from 'vscode';
import { ollama } from '../server/server.ts';
import { answerTo, itemsFor } from './answer.ts';
import { linesAround, remainder, untilIndentReturns } from './lines.ts';
import type { Policy } from './policy.ts';

/** `clients/tabby-agent/src/codeCompletion/debouncer.ts` of TabbyML/tabby at 21b2904 (2026-06-30, agent 1.9.0-dev). */
const interval = { start: 200, least: 100, most: 400, leastSamples: 20, mostSamples: 100 };
const rate = { least: 1.5, most: 3 };
const weights = { triggerCharacter: 0.5, lineEnd: 0.4, end: 0.1 };
const delayMs = { least: 100, most: 1000 };
/** `latencyTracker.ts`: the mean of so many. */
const latencies = 10;
/** `config`: maxPrefixLines, maxSuffixLines. */
const lines = 20;
/** `cache.ts`: entries, and how far ahead of each typing is foreseen. */
const mostCached = 100;
const mostTypedThrough = 50;
/** `crates/tabby`: max_decoding_tokens. */
const maxTokens = 64;
/** `dropMinimum` */
const leastCharacters = 4;

/**
 * Tabby. Waits longer the less the place calls for an answer and the faster the user types; the request before is aborted. Cached answers
 * are debounced as well. Without snippets, which come from its own server's index.
 */
export const tabby: Policy = {
	name: 'Tabby',
	server: ollama,
	start(world) {
		const { clock } = world;
		const debouncer = new Debouncer(() => clock.now());
		const cache: { readonly asked: string; readonly suffix: string; readonly said: string }[] = [];
		let controller = new AbortController();
		return languages.registerInlineCompletionItemProvider('*', {
			async provideInlineCompletionItems(document, position, _context, token) {
				controller.abort();
				controller = new AbortController();
				const { signal } = controller;
				token.onCancellationRequested(() => controller.signal === signal && controller.abort());
				const { prefix, suffix } = linesAround(document, position, lines, lines);
				const text = document.getText();
				const offset = document.offsetAt(position);
				const ms = debouncer.delay(text.slice(offset - 1, offset), text.slice(offset));
				await new Promise((resolve) => setTimeout(resolve, ms));
				if (signal.aborted) return undefined;
				const whole = text.slice(0, offset);
				const known = cache.filter((entry) => entry.suffix === suffix && whole.length - entry.asked.length <= mostTypedThrough);
				const cached = known.map(({ asked, said }) => remainder(asked, said, whole)).findLast((left) => left !== undefined);
				if (cached !== undefined) return itemsFor(cached, position);
				const askedAt = clock.now();
				const answer = await answerTo(world, { prefix, suffix: suffix || '\n' }, { maxTokens, signal });
				if (answer === undefined) return undefined;
				debouncer.answered(clock.now() - askedAt);
				const said = untilIndentReturns(answer, prefix).trimEnd();
				cache.push({ asked: whole, suffix, said });
				if (cache.length > mostCached) cache.shift();
				return itemsFor(said.trim().length < leastCharacters ? undefined : said, position);
			},
		});
	},
};

class Debouncer {
	readonly #now: () => number;
	readonly #intervals: number[] = [];
	readonly #latencies: number[] = [];
	#last = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	delay(before: string, after: string): number {
		const gap = this.#now() - this.#last;
		this.#last = this.#now();
		if (gap <= interval.most) this.#intervals.push(gap);
		if (this.#intervals.length > interval.mostSamples) this.#intervals.shift();
		const base = this.#intervals.length > interval.leastSamples ? clamp(interval, mean(this.#intervals)) : interval.start;
		// Before the first answer the original computes with NaN and does not wait at all.
		if (this.#latencies.length === 0) return 0;
		const expected = (rate.most - (rate.most - rate.least) * score(before, after)) * base;
		return clamp(delayMs, expected - mean(this.#latencies));
	}

	answered(ms: number): void {
		this.#latencies.push(ms);
		if (this.#latencies.length > latencies) this.#latencies.shift();
	}
}

function score(before: string, after: string): number {
	const isEmpty = (text: string) => /^\W*$/.test(text);
	const line = after.split('\n', 1)[0] ?? '';
	return (isEmpty(before) ? weights.triggerCharacter : 0) + (isEmpty(line) ? weights.lineEnd : 0) + (isEmpty(after) ? weights.end : 0);
}

function clamp({ least, most }: { readonly least: number; readonly most: number }, value: number): number {
	return Math.min(most, Math.max(least, value));
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
