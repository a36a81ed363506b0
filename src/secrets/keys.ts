import type { Secret } from './secret.ts';

const mark = /-----(BEGIN|END) [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/g;

/** A line of a key: as it is in its file, or in quotes, behind a comment's beginning, with what joins it to the next. */
const keyLine =
	/^[^\w+/=]{0,12}(?:[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/]+={1,2}|(?:Proc-Type|DEK-Info|Version|Comment):.*|)(?:\\[nr])*["'`,;+\s.\\]*$/;

/** Lines of a key are of the same length, and nothing but its last one is shorter. */
const severalLines = /^(?:[^\w+/=\n]{0,12}[A-Za-z0-9+/]{60,76}(?:\\[nr])*["'`,;+ .\\]*\r?\n){4}/m;

/** Whether a few lines may be from the middle of a key, so that neither of its ends tells. */
export function isPieceOfKey(text: string): boolean {
	return severalLines.test(text);
}

/** What is between the two ends of a private key; with one of them out of sight, the lines next to the other that look like it. */
export function* keysIn(text: string): Generator<Secret> {
	let begin: number | undefined;
	for (const { 0: found, 1: kind, index } of text.matchAll(mark)) {
		if (kind === 'END') {
			yield* keyBetween(text, begin ?? keyStart(text, index), index);
			begin = undefined;
		} else {
			if (begin !== undefined) yield* keyBetween(text, begin, keyEnd(text, begin));
			begin = index + found.length;
		}
	}
	if (begin !== undefined) yield* keyBetween(text, begin, keyEnd(text, begin));
}

/** Programs that read keys name both ends, with nothing of a key in between. */
function* keyBetween(text: string, from: number, to: number): Generator<Secret> {
	const between = text.slice(from, to);
	const start = between.search(/(?<!\\)[A-Za-z0-9+/]{24}/);
	if (start >= 0) yield { start: from + start, end: from + between.replace(/(?:\\[nr]|["'`,;+\s.\\])+$/, '').length };
}

function keyStart(text: string, end: number): number {
	let start = lineStart(text, end);
	while (start > 0) {
		const above = lineStart(text, start - 1);
		if (!keyLine.test(text.slice(above, start - 1))) break;
		start = above;
	}
	return start;
}

function keyEnd(text: string, begin: number): number {
	let end = lineEnd(text, begin);
	while (end < text.length) {
		const next = lineEnd(text, end + 1);
		if (!keyLine.test(text.slice(end + 1, next))) break;
		end = next;
	}
	return end;
}

function lineStart(text: string, at: number): number {
	return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, from: number): number {
	const end = text.indexOf('\n', from);
	return end < 0 ? text.length : end;
}
