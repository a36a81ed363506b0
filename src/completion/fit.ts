import { unpaired } from './brackets.ts';
import type { Completion, CompletionRequest } from './completion.ts';
import { isOnlyClosers, lineRest } from './gate.ts';
import { landmarkAt } from './landmark.ts';
import { currentLine, leadingSpace } from './lines.ts';
import { onlyCode, openQuote } from './scan.ts';
import { endOfElement } from './tags.ts';

/**
 * Pairs the closers that an answer brings with those that stand after the cursor: `foo(|)` and `a, b)` make `foo(a, b)`.
 * Undefined when the answer is nothing but what is there.
 */
export function fit(text: string, request: CompletionRequest): Completion | undefined {
	const rest = lineRest(request.suffix);
	if (rest.trim() === '') return { text, replaces: 0 };
	if (/^\s*<\//.test(rest)) return insideElement(text, request);
	if (landmarkAt(request) !== undefined) return { text, replaces: 0 };
	if (!isOnlyClosers(rest) || rest.includes('</')) return leadUpTo(text, rest, request);
	const { replaces, lastAt } = covered(text, rest, request);
	if (text.trim() === rest.slice(0, replaces).trim()) return undefined;
	const left = rest.slice(replaces).trim();
	if (!text.includes('\n') || left === '') return { text, replaces };
	// What is left would end up behind the last line of the answer. It goes with the closer of the same line, or on a line of its own.
	const isBehindCloser = /^[)\]}>;,\s]*$/.test(currentLine(text)) && lastAt >= text.length - currentLine(text).length;
	const indent = leadingSpace(currentLine(request.prefix));
	return { text: isBehindCloser ? text + left : `${text}\n${indent}${left}`, replaces: rest.length };
}

/** `<p>|</p>`: an answer ends where it ends that element. What begins below its beginning has its end below, too. */
function insideElement(text: string, { prefix }: CompletionRequest): Completion | undefined {
	const end = endOfElement(text);
	const inside = end < 0 ? text : text.slice(0, end);
	if (inside.trim() === '') return undefined;
	if (end >= 0) return { text: inside, replaces: 0 };
	const isBelow = /^[ \t]*\n/.test(inside);
	return { text: isBelow ? `${inside}\n${leadingSpace(currentLine(prefix))}` : (inside.split('\n', 1)[0] ?? ''), replaces: 0 };
}

/** Before other text an answer ends where that begins. */
function leadUpTo(text: string, rest: string, { prefix, languageId }: CompletionRequest): Completion | undefined {
	if (text.trimStart().startsWith(rest.trim())) return undefined;
	const quote = openQuote(prefix, languageId);
	const end = quote && rest.startsWith(quote) ? closingQuote(text, quote) : text.indexOf(rest.trimEnd());
	if (end >= 0) return end === 0 ? undefined : { text: text.slice(0, end), replaces: 0 };
	const line = text.split('\n', 1)[0] ?? '';
	for (let length = Math.min(line.length, rest.length); length > 0; length--) {
		if (!line.endsWith(rest.slice(0, length))) continue;
		const kept = line.slice(0, line.length - length);
		return kept === '' ? undefined : { text: kept, replaces: 0 };
	}
	return line === '' ? undefined : { text: line, replaces: 0 };
}

const openerOf = new Map([
	[')', '('],
	[']', '['],
	['}', '{'],
	['>', '<'],
]);

interface Covered {
	/** How many characters after the cursor the answer brings itself, as closers of something opened before the cursor. */
	readonly replaces: number;
	/** Where in the answer the last of them is. */
	readonly lastAt: number;
}

function covered(text: string, rest: string, { prefix, languageId }: CompletionRequest): Covered {
	let replaces = 0;
	let lastAt = -1;
	const open: string[] = [];
	for (const { character, at } of closersAndOpeners(text, prefix, languageId)) {
		const next = replaces + leadingSpace(rest.slice(replaces)).length;
		const opener = openerOf.get(character);
		if (opener !== undefined && open.at(-1) === opener) open.pop();
		else if (open.length === 0 && rest[next] === character) {
			replaces = next + 1;
			lastAt = at;
		} else if (opener === undefined && !isQuote(character)) open.push(character);
	}
	const left = rest.slice(replaces).trim();
	const endsAlike = left !== '' && /^[;,:]+$/.test(left) && text.endsWith(left);
	return endsAlike ? { replaces: rest.length, lastAt } : { replaces, lastAt };
}

/** The brackets of an answer outside its strings, the end of the string at the cursor, and what is closed in that. */
function* closersAndOpeners(text: string, prefix: string, languageId: string): Generator<{ character: string; at: number }> {
	const quote = openQuote(prefix, languageId);
	const end = quote ? closingQuote(text, quote) : 0;
	if (end < 0) return;
	if (quote) {
		// What is filled into a string: `"${|}"`.
		yield* unpaired(text.slice(0, end)).closers;
		yield { character: quote, at: end };
	}
	const code = onlyCode(prefix + text, languageId).slice(prefix.length);
	for (let at = quote ? end + 1 : 0; at < code.length; at++) {
		const character = code[at] ?? '';
		if ('([{'.includes(character) || ')]}'.includes(character)) yield { character, at };
		// `a<b>` but neither `a < b` nor `=>`.
		else if (character === '<' && /[\p{L}\p{N}_]$/u.test((prefix + text).slice(0, prefix.length + at))) yield { character, at };
		else if (character === '>' && !/[=-]$/.test(code.slice(0, at)) && code[at + 1] !== '=') yield { character, at };
	}
}

function closingQuote(text: string, quote: string): number {
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === quote) return at;
	}
	return -1;
}

function isQuote(character: string): boolean {
	return character === '"' || character === "'" || character === '`';
}
