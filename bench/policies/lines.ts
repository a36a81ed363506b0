import type { Position, TextDocument } from 'vscode';
import type { Tokenizer } from '../server/tokenizer.ts';

/** The text before and after a cursor. */
export interface Around {
	readonly prefix: string;
	readonly suffix: string;
}

/** So many whole lines before and after the cursor's, which is parted at the cursor. */
export function linesAround(document: TextDocument, { line, character }: Position, before: number, after: number): Around {
	const current = document.lineAt(line).text;
	const lines = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => document.lineAt(from + i).text);
	const above = lines(Math.max(0, line - before), line);
	const below = lines(line + 1, Math.min(document.lineCount, line + 1 + after));
	return { prefix: [...above, current.slice(0, character)].join('\n'), suffix: [current.slice(character), ...below].join('\n') };
}

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

/** Its lines up to the first that is indented less than the line it continues; blank lines belong to what is around them. */
export function untilIndentReturns(text: string, prefix: string): string {
	const indentOf = (line: string) => /^[ \t]*/.exec(line)?.[0].length ?? 0;
	const indent = indentOf(prefix.slice(prefix.lastIndexOf('\n') + 1));
	const lines = text.split('\n');
	const end = lines.findIndex((line, index) => index > 0 && line.trim() !== '' && indentOf(line) < indent);
	return end < 0 ? text : lines.slice(0, end).join('\n');
}
