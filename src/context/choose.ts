import { estimateTokens, firstLines } from '../completion/tokens.ts';
import { isAllowed } from './allowed.ts';
import { linesOf, shareIn, similarity, wordsOf } from './similarity.ts';
import type { ContextSnippet, SnippetSource } from './snippet.ts';

/** What a prompt shows anyway. */
export interface Shown {
	/** Relative to the workspace folder, with `/`. */
	readonly path: string;
	/** The whole window. */
	readonly text: string;
	/** The part of it that is around the cursor. */
	readonly near: string;
}

/** How much is to be expected of a source, whatever it found. */
const weights: Readonly<Record<SnippetSource, number>> = {
	definition: 1,
	diagnostic: 0.9,
	import: 0.8,
	edit: 0.7,
	similar: 1.2,
	view: 0.4,
};
/** From what hardly ever changes to what changes with every edit, so that an evaluated prompt stays valid as far as possible. */
const steadiness: Readonly<Record<SnippetSource, number>> = { import: 0, definition: 0, diagnostic: 1, similar: 2, view: 3, edit: 4 };
/** Somebody who sees almost the same code twice writes it a third time. */
const mostAlike = 0.5;
const mostOfWindow = 0.5;
const copies = 0.9;
/** Of the room there is, for a single snippet. */
const mostOfRoom = 0.6;
/** Its path, and what parts it from the next. */
const headTokens = 8;
/** A declaration may be cut to its first lines, as long as there are some. */
const leastLines = 3;

/**
 * What of all that was found a prompt is to show: nothing that it shows already or that looks like the place of the cursor, nothing twice,
 * the best first as long as there is room. Ordered by how steady the sources are and then by place, never by score, so that the same
 * snippets make the same bytes. It may be asked for at a keystroke, so that what there is no room for is not looked at.
 */
export function choose(found: readonly ContextSnippet[], shown: Shown, tokens: number): ContextSnippet[] {
	const lines = linesOf(shown.text);
	const near = wordsOf(shown.near);
	const kept: Kept[] = [];
	let left = tokens;
	for (const snippet of ranked(found)) {
		if (left < headTokens) break;
		const words = wordsOf(snippet.text);
		if (isThere(snippet, words, kept) || isEcho(snippet, words, lines, near) || !isAllowed(snippet)) continue;
		const head = estimateTokens(snippet.path) + headTokens;
		const cut = cutTo(snippet, Math.min(left, tokens * mostOfRoom) - head);
		if (!cut) continue;
		left -= head + estimateTokens(cut.text);
		kept.push({ snippet, cut, words });
	}
	return kept.map(({ cut }) => cut).sort(bySteadiness);
}

interface Kept {
	readonly snippet: ContextSnippet;
	/** What there was room for. */
	readonly cut: ContextSnippet;
	readonly words: ReadonlySet<string>;
}

/**
 * Whether what was chosen before still does most of what a new choice would do, and says nothing that is not true any more. Changing it
 * costs the evaluation of all that follows.
 */
export function isStillGood(before: readonly ContextSnippet[], wanted: readonly ContextSnippet[]): boolean {
	const isOutdated = (old: ContextSnippet) =>
		steadiness[old.source] === 0 && wanted.some((now) => overlaps(old, now) && !saysSame(old, now));
	if (before.some(isOutdated)) return false;
	const sum = (snippets: readonly ContextSnippet[]) => snippets.reduce((total, snippet) => total + value(snippet), 0);
	const covered = wanted.filter((snippet) => before.some((other) => overlaps(snippet, other)));
	return sum(covered) >= 0.4 * sum(wanted);
}

/** One of them may have been cut. */
function saysSame({ text }: ContextSnippet, { text: other }: ContextSnippet): boolean {
	return text.startsWith(other) || other.startsWith(text);
}

function isEcho({ text }: ContextSnippet, words: ReadonlySet<string>, lines: ReadonlySet<string>, near: ReadonlySet<string>): boolean {
	if (shareIn(text, lines) > mostOfWindow) return true;
	return text.trim().split('\n').length >= leastLines && similarity(words, near) > mostAlike;
}

function ranked(snippets: readonly ContextSnippet[]): ContextSnippet[] {
	return [...snippets].sort((a, b) => value(b) - value(a) || byPlace(a, b));
}

function value({ source, score }: ContextSnippet): number {
	return weights[source] * (0.5 + Math.min(1, Math.max(0, score)) / 2);
}

/** Of those that overlap or say the same, the first is kept. */
function isThere(snippet: ContextSnippet, words: ReadonlySet<string>, kept: readonly Kept[]): boolean {
	return kept.some((other) => overlaps(snippet, other.snippet) || similarity(words, other.words) > copies);
}

function overlaps(one: ContextSnippet, other: ContextSnippet): boolean {
	return one.path === other.path && one.startLine <= other.endLine && other.startLine <= one.endLine;
}

function cutTo(snippet: ContextSnippet, tokens: number): ContextSnippet | undefined {
	const text = firstLines(snippet.text, tokens);
	if (text === snippet.text) return snippet;
	const lines = text === '' ? 0 : text.split('\n').length;
	return lines < leastLines ? undefined : { ...snippet, text, endLine: Math.min(snippet.endLine, snippet.startLine + lines - 1) };
}

function bySteadiness(a: ContextSnippet, b: ContextSnippet): number {
	return steadiness[a.source] - steadiness[b.source] || byPlace(a, b);
}

function byPlace(a: ContextSnippet, b: ContextSnippet): number {
	return a.path < b.path ? -1 : a.path > b.path ? 1 : a.startLine - b.startLine;
}
