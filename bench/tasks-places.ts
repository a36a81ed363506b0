import { isOnlyClosers } from '../src/completion/gate.ts';
import { indentation } from '../src/completion/lines.ts';
import type { Slice } from './tasks-format.ts';
import { codeLines } from './tasks-language.ts';

/** Something to take out of a text: from `start`, where the cursor then is, to `end`. */
export interface Place {
	readonly start: number;
	readonly end: number;
}

/** Characters. A shorter rest of a line is no task, a longer one is seldom asked for. */
const rest = { least: 3, most: 90 };
/** Lines of code above a cursor without which a model knows nothing. */
const linesAbove = 4;
/** In the middle of a line. */
const mostWords = 3;
const blockLines = { least: 2, most: 8 };

/** All places of a kind in a text. `takesBlock` takes what follows the line in its block out too, as if it had not been written yet. */
export function placesIn(text: string, languageId: string, slice: Slice, takesBlock: boolean): Place[] {
	const page = readPage(text, languageId);
	return page.lines.flatMap((line, index) => {
		if (index < linesAbove || !page.isCode[index] || !isSensible(line)) return [];
		if (slice === 'block') return blockAt(page, index);
		if (slice === 'mid-line' || slice === 'before-word')
			return stretches(line, slice).map(([start, end]) => ({ start: offset(page, index) + start, end: offset(page, index) + end }));
		const end = takesBlock ? endOfBlock(page, index, blockLines.most) : index;
		const place = (column: number) => ({ start: offset(page, index) + column, end: endOfLine(page, end) });
		return columns(line, slice)
			.filter((column) => fits(line, column))
			.map(place);
	});
}

interface Page {
	readonly lines: readonly string[];
	readonly starts: readonly number[];
	readonly isCode: readonly boolean[];
}

function readPage(text: string, languageId: string): Page {
	const lines = text.split('\n');
	let start = 0;
	const starts = lines.map(({ length }) => {
		const here = start;
		start += length + 1;
		return here;
	});
	return { lines, starts, isCode: codeLines(text, languageId) };
}

/** There are at least two names in it outside of text, and no remark at its end, which nobody could guess. */
function isSensible(line: string): boolean {
	const code = line.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '');
	return !/\s(\/\/|\/\*|#\s)/.test(code) && (code.match(/[\p{L}_$]{2,}/gu) ?? []).length >= 2;
}

function columns(line: string, slice: Exclude<Slice, 'block' | 'mid-line' | 'before-word'>): number[] {
	const first = line.length - line.trimStart().length;
	if (slice === 'line-start') return [first];
	const words = wordsOf(line);
	if (slice === 'word-start') return words.filter(({ index }) => index > first).map(({ index }) => index);
	return words.flatMap(insideOf);
}

function wordsOf(line: string): RegExpExecArray[] {
	return [...line.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)].filter(({ index }) => !isInText(line, index));
}

/** Where the cursor is after the first characters of a word. */
function insideOf({ index, 0: word }: RegExpExecArray): number[] {
	return [1, 2, 3].filter((typed) => word.length >= typed + 2).map((typed) => index + typed);
}

/** A few words in a row, or all but the first characters of them, with code of the same line behind: up to the next word, or to what is before it. */
function stretches(line: string, slice: 'mid-line' | 'before-word'): [start: number, end: number][] {
	const words = wordsOf(line);
	const ends = slice === 'mid-line' ? words.map(({ index, 0: word }) => index + word.length) : words.slice(1).map(({ index }) => index);
	return words.flatMap((word, first) =>
		ends
			.slice(first, first + mostWords)
			.filter((end) => !isOnlyClosers(line.slice(end)) && end - word.index <= rest.most)
			.flatMap((end) => [word.index, ...insideOf(word)].map((start): [number, number] => [start, end]))
			.filter(([start, end]) => end - start >= rest.least),
	);
}

function isInText(line: string, column: number): boolean {
	const before = line.slice(0, column).replaceAll(/\\./g, '');
	return ['"', "'", '`'].some((quote) => (before.split(quote).length & 1) === 0);
}

function fits(line: string, column: number): boolean {
	const length = line.trimEnd().length - column;
	return length >= rest.least && length <= rest.most;
}

/** All of the lines in the block that a line opens, when they are few. */
function blockAt(page: Page, opener: number): Place[] {
	const first = opener + 1;
	const line = page.lines[first];
	if (line === undefined || !page.isCode[first] || !isSensible(line) || !isDeeper(page, first, opener)) return [];
	const last = endOfBlock(page, first, Number.POSITIVE_INFINITY);
	const count = last - first + 1;
	if (count < blockLines.least || count > blockLines.most) return [];
	return [{ start: offset(page, first) + line.length - line.trimStart().length, end: endOfLine(page, last) }];
}

function isDeeper(page: Page, line: number, than: number): boolean {
	return indentation(page.lines[line] ?? '') > indentation(page.lines[than] ?? '');
}

/** The last line that belongs to the block of a line: no less indented, and no blank line between. */
function endOfBlock(page: Page, line: number, most: number): number {
	let last = line;
	const indent = indentation(page.lines[line] ?? '');
	while (last + 1 < line + most) {
		const next = page.lines[last + 1];
		if (next === undefined || next.trim() === '' || indentation(next) < indent) break;
		last++;
	}
	return last;
}

function offset(page: Page, line: number): number {
	return page.starts[line] ?? 0;
}

function endOfLine(page: Page, line: number): number {
	return offset(page, line) + (page.lines[line]?.length ?? 0);
}
