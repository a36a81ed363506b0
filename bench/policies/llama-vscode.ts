import { languages } from 'vscode';
import { llamaServer } from '../server/server.ts';
import type { Tokenizer } from '../server/tokenizer.ts';
import { answerTo, itemsFor } from './answer.ts';
import { linesAround, untilIndentReturns } from './lines.ts';
import type { Policy, PolicyWorld } from './policy.ts';

/** `configuration.ts` of ggml-org/llama.vscode at 3938fb3 (2026-08-19, 0.0.63). */
const pollMs = 150;
const linesBefore = 256;
const linesAfter = 64;
const maxTokens = 128;
const mostPredictMs = 500;
const mostCached = 250;
/** Text after the cursor longer than this: nothing is asked. */
const mostLineSuffix = 8;
/** `format_prompt_infill` of llama-server with `-b 1024`: three quarters of a batch before the hole, a quarter after it. */
const prefixTokens = 768;
const suffixTokens = 254;

const never = new AbortController().signal;

interface Hole {
	readonly prefix: string;
	readonly line: string;
	readonly suffix: string;
}

/**
 * llama.vscode. No debounce; while a request runs the next one looks every 150 ms whether it is over; nothing is aborted, the server
 * stops by itself half a second after the first line. When something is shown, what comes after it is asked for as well. Its server is
 * llama-server with `--cache-reuse 256`, as it starts it; without snippets of other files, of which there are none here.
 */
export const llamaVscode: Policy = {
	name: 'llama.vscode',
	server: llamaServer,
	start(world) {
		const cache = new Map<string, string>();
		let isRunning = false;
		return languages.registerInlineCompletionItemProvider('*', {
			async provideInlineCompletionItems(document, position, _context, token) {
				const { line, hole } = holeAt(linesAround(document, position, linesBefore, linesAfter));
				if (line.length > mostLineSuffix) return undefined;
				while (isRunning) {
					await new Promise((resolve) => setTimeout(resolve, pollMs));
					if (token.isCancellationRequested) return undefined;
				}
				let text = cached(cache, hole);
				if (text === undefined) {
					isRunning = true;
					text = await ask(world, hole);
					isRunning = false;
					remember(cache, hole, text);
				}
				if (text.trim() === '' || token.isCancellationRequested) return undefined;
				if (line.trim() === '') void askAhead(world, cache, hole, text);
				return itemsFor(text, position);
			},
		});
	},
};

function holeAt({ prefix, suffix }: { readonly prefix: string; readonly suffix: string }): { line: string; hole: Hole } {
	const lineStart = prefix.lastIndexOf('\n') + 1;
	return {
		line: suffix.split('\n', 1)[0] ?? '',
		hole: { prefix: prefix.slice(0, lineStart), line: prefix.slice(lineStart), suffix: `${suffix}\n` },
	};
}

async function ask(world: PolicyWorld, { prefix, line, suffix }: Hole): Promise<string> {
	const { tokenizer, clock } = world;
	let firstAt: number | undefined;
	const isEnough = (text: string) => {
		firstAt ??= clock.now();
		return (text.includes('\n') && clock.now() - firstAt > mostPredictMs) || untilIndentReturns(text, line) !== text;
	};
	const around = {
		prefix: lastTokens(prefix + line, prefixTokens, tokenizer),
		suffix: firstTokens(suffix, suffixTokens - tokenizer.encode(line).length, tokenizer),
	};
	const text = (await answerTo(world, around, { maxTokens, signal: never, isEnough })) ?? '';
	return untilIndentReturns(text, line).trimEnd();
}

/** `cacheFutureSuggestion`: what would be asked if the user accepted what is shown. */
async function askAhead(world: PolicyWorld, cache: Map<string, string>, { prefix, line, suffix }: Hole, text: string): Promise<void> {
	const accepted = prefix + line + text;
	const start = accepted.lastIndexOf('\n') + 1;
	const above = accepted
		.slice(0, start)
		.split('\n')
		.slice(-linesBefore - 1)
		.join('\n');
	const ahead = { prefix: above, line: accepted.slice(start), suffix };
	if (!cache.has(keyOf(ahead))) remember(cache, ahead, await ask(world, ahead));
}

/** `getCachedCompletion` goes back through the line to an answer that begins with what was typed since. */
function cached(cache: ReadonlyMap<string, string>, hole: Hole): string | undefined {
	for (let length = hole.line.length; length >= 0; length--) {
		const typed = hole.line.slice(length);
		const said = cache.get(keyOf({ ...hole, line: hole.line.slice(0, length) }));
		if (said?.startsWith(typed) && said.length > typed.length) return said.slice(typed.length);
	}
	return undefined;
}

function remember(cache: Map<string, string>, hole: Hole, text: string): void {
	if (text !== '') cache.set(keyOf(hole), text);
	const [oldest = ''] = cache.keys();
	if (cache.size > mostCached) cache.delete(oldest);
}

function keyOf({ prefix, line, suffix }: Hole): string {
	return `${prefix}|${suffix}|${line}`;
}

function lastTokens(text: string, count: number, tokenizer: Tokenizer): string {
	return tokenizer.decode(tokenizer.encode(text).slice(-count));
}

function firstTokens(text: string, count: number, tokenizer: Tokenizer): string {
	return tokenizer.decode(tokenizer.encode(text).slice(0, Math.max(0, count)));
}
