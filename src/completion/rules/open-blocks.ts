import { beginsBlock } from '../block.ts';
import { closerOf, unpaired } from '../brackets.ts';
import { currentLine, isTelling, leadingSpace } from '../lines.ts';
import { onlyCode } from '../scan.ts';
import type { Rule } from './rule.ts';

/**
 * An answer of several lines leaves nothing open: it may have been cut where there was no room for more, and a model that indents badly
 * never gets to its `}`. What is not whole at its end is left out where something whole is before it, and closed where not.
 */
export const withClosedBlocks: Rule = (text, request) => {
	const { prefix, languageId } = request;
	if (!text.includes('\n')) return text;
	const filled = withoutEmptyBlock(text, languageId);
	if (filled !== text) return withClosedBlocks(filled, request);
	const code = onlyCode(prefix + text, languageId).slice(prefix.length);
	const { openers } = unpaired(code);
	if (openers.length === 0) return text;
	const whole = wholeLines(text, code, openers[0]?.at ?? 0);
	if (whole.split('\n').some(isTelling)) return whole;
	const lineAt = (at: number) => {
		const start = text.lastIndexOf('\n', at) + 1;
		return start === 0 ? currentLine(prefix) : text.slice(start);
	};
	return openers.reduceRight((closed, { character, at }) => closed + closing(closed, closerOf[character], leadingSpace(lineAt(at))), text);
};

/** The lines before a place behind which nothing is open, nor begun: a brace may stand below what it belongs to. */
function wholeLines(text: string, code: string, at: number): string {
	let end = text.lastIndexOf('\n', at);
	while (end > 0 && (unpaired(code.slice(0, end)).openers.length > 0 || /^\s*\{/.test(code.slice(end + 1))))
		end = text.lastIndexOf('\n', end - 1);
	return text.slice(0, Math.max(0, end)).trimEnd();
}

/** What was begun in the last of several lines, with nothing in it yet. */
function withoutEmptyBlock(text: string, languageId: string): string {
	const start = text.lastIndexOf('\n');
	return text.indexOf('\n') < start && beginsBlock(text.slice(start + 1), languageId) ? text.slice(0, start) : text;
}

/** On a line of its own, but together with what was opened on the same line: `f(() => {` ends in `})`. */
function closing(text: string, closer: string, indent: string): string {
	const last = currentLine(text);
	const isSameLine = text.includes('\n') && /^\s*[)\]}]+$/.test(last) && leadingSpace(last) === indent;
	return isSameLine ? closer : `\n${indent}${closer}`;
}
