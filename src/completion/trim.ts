import type { Completion, CompletionRequest, Nothing } from './completion.ts';
import { isOnlyClosers, lineRest } from './gate.ts';
import { belowLine } from './window.ts';

type Trimmed = { readonly completion: Completion } | { readonly nothing: Nothing };

/** Repeats shorter than this are too common to mean anything (`}`, `end`). */
const leastRepeat = 4;

/** Makes an answer fit its place: nothing that is there already, no stray white space, closers paired with those after the cursor. */
export function trim(answer: string, request: CompletionRequest): Trimmed {
	const raw = answer;
	if (answer.trim() === '') return { nothing: { reason: 'model-silent', raw } };
	const fresh = withoutLinesBelow(answer, belowLine(request.suffix));
	const text = fresh.trimEnd();
	if (text.trim() === '' || repeatsLineAbove(text, request.prefix)) return { nothing: { reason: 'already-there', raw } };
	if (goesInCircles(text)) return { nothing: { reason: 'repetitive', raw } };
	const completion = fitClosers(closeBlocks(text, request), request);
	return completion ? { completion } : { nothing: { reason: 'already-there', raw } };
}

/** Drops lines from the end of an answer that are the next lines of the document. */
function withoutLinesBelow(answer: string, below: string): string {
	const next = below.split('\n').filter((line) => line.trim() !== '');
	const lines = answer.trimEnd().split('\n');
	for (let first = Math.max(0, lines.length - next.length); first < lines.length; first++) {
		const tail = lines.slice(first);
		const isNext = tail.every((line, i) => sameLine(line, next[i]));
		if (isNext && (first > 0 || tail.join('').trim().length >= leastRepeat)) return lines.slice(0, first).join('\n');
	}
	return answer;
}

function repeatsLineAbove(text: string, prefix: string): boolean {
	const lines = prefix.split('\n', -1);
	const onEmptyLine = lines.at(-1)?.trim() === '';
	const above = lines.slice(0, -1).findLast((line) => line.trim() !== '');
	const first = text.trimStart().split('\n', 1)[0];
	return onEmptyLine && first !== undefined && first.trim().length >= leastRepeat && !text.trim().includes('\n') && sameLine(first, above);
}

function sameLine(a: string, b: string | undefined): boolean {
	return b !== undefined && a.trim() === b.trim();
}

/** `abcabcabcabc…`: the same few characters make up all of a long answer. */
function goesInCircles(text: string): boolean {
	return text.length >= 40 && /^(.{1,12}?)\1{7,}.{0,12}$/su.test(text.trim());
}

/**
 * Ends the blocks that an answer of several lines opened: it may have been cut where there was no room for more, and a model that
 * indents badly never gets to its `}`.
 */
function closeBlocks(text: string, { prefix }: CompletionRequest): string {
	if (!text.includes('\n')) return text;
	const lines = (currentLine(prefix) + text).split('\n');
	const open: { readonly closer: string; readonly indent: string }[] = [];
	for (const [index, line] of lines.entries()) {
		const added = index === 0 ? line.slice(currentLine(prefix).length) : line;
		const indent = /^\s*/.exec(line)?.[0] ?? '';
		for (const opener of unpairedOpeners(added, open)) open.push({ closer: closerOf[opener], indent });
	}
	return open.reduceRight((closed, { closer, indent }) => `${closed}\n${indent}${closer}`, text);
}

const closerOf = { '{': '}', '[': ']', '(': ')' } as const;

/** The brackets that a line opens and does not close; takes those that it closes off `open`. Strings and comments are passed over. */
function unpairedOpeners(line: string, open: { readonly closer: string }[]): (keyof typeof closerOf)[] {
	const own: (keyof typeof closerOf)[] = [];
	for (const character of line.replaceAll(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`(\\.|[^`\\])*`|\/\/.*|(^|\s)#\s.*/g, '')) {
		if (character === '{' || character === '[' || character === '(') own.push(character);
		else if (own.length > 0 && closerOf[own.at(-1) ?? '{'] === character) own.pop();
		else if (own.length === 0 && open.at(-1)?.closer === character) open.pop();
	}
	return own;
}

function currentLine(prefix: string): string {
	return prefix.slice(prefix.lastIndexOf('\n') + 1);
}

/**
 * Pairs the closers that an answer brings with those that stand after the cursor: `foo(|)` and `a, b)` make `foo(a, b)`.
 * Undefined when the answer is nothing but what is there.
 */
function fitClosers(text: string, request: CompletionRequest): Completion | undefined {
	const rest = lineRest(request.suffix);
	if (rest.trim() === '') return { text, replaces: 0 };
	if (!isOnlyClosers(rest)) return leadUpTo(text, rest);
	const replaces = closersCovered(text, rest);
	if (text.trim() === rest.slice(0, replaces).trim()) return undefined;
	if (!text.includes('\n') || replaces === rest.length) return { text, replaces };
	// What is left would end up behind the last line of the answer; it belongs on a line of its own.
	const indent = /^\s*/.exec(currentLine(request.prefix))?.[0] ?? '';
	return { text: `${text}\n${indent}${rest.slice(replaces).trimStart()}`, replaces: rest.length };
}

/** In the middle of a line the answer ends where the text after the cursor begins. */
function leadUpTo(text: string, rest: string): Completion | undefined {
	const line = text.split('\n', 1)[0] ?? '';
	for (let length = Math.min(line.length, rest.length); length > 0; length--) {
		if (line.endsWith(rest.slice(0, length))) {
			const kept = line.slice(0, line.length - length);
			return kept === '' ? undefined : { text: kept, replaces: 0 };
		}
	}
	return { text: line, replaces: 0 };
}

const openers = new Map([
	[')', '('],
	[']', '['],
	['}', '{'],
	['>', '<'],
]);

/** How many characters after the cursor the answer brings itself, as closers of something opened before the cursor. */
function closersCovered(text: string, rest: string): number {
	let covered = 0;
	const open: string[] = [];
	for (const character of text) {
		const next = covered + (/^\s*/.exec(rest.slice(covered))?.[0].length ?? 0);
		const isQuote = /["'`]/.test(character);
		if (isQuote && open.at(-1) === character) open.pop();
		else if (openers.has(character) && open.at(-1) === openers.get(character)) open.pop();
		else if (open.length === 0 && rest[next] === character && (isQuote || openers.has(character))) covered = next + 1;
		else if (isQuote || ['(', '[', '{'].includes(character)) open.push(character);
	}
	const remainder = rest.slice(covered).trim();
	const endsAlike = remainder !== '' && /^[;,:]+$/.test(remainder) && text.endsWith(remainder);
	return endsAlike ? rest.length : covered;
}
