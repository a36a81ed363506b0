import type { Tokenizer } from '../server/tokenizer.ts';

/** Drops whole lines from the top until the rest has at most so many tokens. */
export function lastLinesOf(text: string, tokens: number, tokenizer: Tokenizer): string {
	const lines = text.split('\n');
	let left = tokens;
	let first = lines.length;
	while (first > 0) {
		left -= tokenizer.encode(`${lines[first - 1]}\n`).length;
		if (left < 0) break;
		first--;
	}
	return lines.slice(Math.min(first, lines.length - 1)).join('\n');
}

/** Drops whole lines from the end until the rest has at most so many tokens. */
export function firstLinesOf(text: string, tokens: number, tokenizer: Tokenizer): string {
	const lines = text.split('\n');
	let left = tokens;
	let end = 0;
	while (end < lines.length) {
		left -= tokenizer.encode(`${lines[end]}\n`).length;
		if (left < 0) break;
		end++;
	}
	return lines.slice(0, end).join('\n');
}

/** Whether text is a continuation that was predicted for an earlier state of the same text. */
export function remainder(asked: string, said: string, prefix: string): string | undefined {
	if (!prefix.startsWith(asked)) return undefined;
	const typed = prefix.slice(asked.length);
	return said.startsWith(typed) && said.length > typed.length ? said.slice(typed.length) : undefined;
}
