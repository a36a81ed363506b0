import type { Context } from '../context/context.ts';
import type { CompletionRequest } from './completion.ts';
import { leadsToText, lineRest } from './gate.ts';
import { estimateTokens, firstLines, lastLines } from './tokens.ts';

/**
 * The part of a text that is shown to the model. `before` and `after` stay byte for byte the same while the user types, so that
 * the server evaluates only what was typed since: `before` ▸ hole ▸ `after` ▸ end ▸ `typed`.
 */
export interface Window {
	readonly path: string;
	/** Up to the anchor, a line start. */
	readonly before: string;
	/** From the anchor to the cursor. */
	readonly typed: string;
	/** From the cursor on where text follows on its line. Closers are left out, because the answer brings those itself. */
	readonly after: string;
	/** Code from elsewhere, which stands in front of it all. */
	readonly context?: Context | undefined;
}

/** How far above the cursor a fresh anchor is put: the model then sees its own last lines right before it goes on. */
const linesAboveCursor = 3;
/** About 160 tokens. */
const mostTyped = 480;
/** A shorter text could be found anywhere. */
const leastBefore = 200;
/** How much larger than wanted a window may grow before its start moves. */
export const slack = 1.5;
const shareOfBefore = 0.8;
/** In tokens. All of it is evaluated again whenever the anchor moves, and 160 bring no better answers (decision 8). */
const mostAfter = 64;
/** Characters of a line behind the cursor. */
const mostRest = 200;

/**
 * The window for a request: the one before it while its anchor holds, else a fresh one of at most `tokens`. As long as it starts where the
 * one before did, the context stays too, because all that follows is then evaluated already; elsewhere it is chosen.
 */
export function windowAt(
	request: CompletionRequest,
	last: Window | undefined,
	tokens: number,
	choose?: (window: Window) => Context | undefined,
): Window {
	const held = last && holding(request, last);
	if (held) return held;
	const window = fresh(request, last, tokens);
	return { ...window, context: last && startsAlike(window, last) ? last.context : choose?.(window) };
}

/** The window that is left when the cursor moved on but the anchor holds: nothing changed above it and below the cursor's line. */
function holding(request: CompletionRequest, { path, before, after, context }: Window): Window | undefined {
	if (request.path !== path) return undefined;
	const start = request.prefix.lastIndexOf(before);
	if (start < 0 || (start > 0 && before.length < leastBefore)) return undefined;
	const typed = request.prefix.slice(start + before.length);
	return typed.length <= mostTyped && isSameAfter(request, after) ? { path, before, typed, after, context } : undefined;
}

function fresh(request: CompletionRequest, last: Window | undefined, tokens: number): Window {
	const visible = request.prefix.slice(windowStart(request, last, tokens * shareOfBefore));
	const anchor = anchorIn(visible);
	const below = firstLines(belowLine(request.suffix), Math.min(tokens * (1 - shareOfBefore), mostAfter));
	const rest = restToLeadTo(request);
	const after = rest === lineRest(request.suffix) || rest === '' ? rest + below : rest;
	return { path: request.path, before: visible.slice(0, anchor), typed: visible.slice(anchor), after };
}

/** Whether the text of a window starts where that of another did. */
function startsAlike({ path, before }: Window, other: Window): boolean {
	if (path !== other.path) return false;
	const known = other.before.slice(0, leastBefore);
	return known === '' ? before.length <= mostTyped : before.startsWith(known);
}

/** Where the window starts: where the last one did as long as it is not much too large, because what follows is then evaluated already. */
function windowStart({ path, prefix }: CompletionRequest, last: Window | undefined, tokens: number): number {
	if (last?.path === path && last.before !== '') {
		const old = prefix.indexOf(last.before.slice(0, leastBefore));
		if (old >= 0 && estimateTokens(prefix.slice(old)) <= tokens * slack) return old;
	}
	return prefix.length - lastLines(prefix, tokens).length;
}

/** A line start a few lines above the end, nearer when those lines are long. */
function anchorIn(text: string): number {
	let anchor = text.lastIndexOf('\n') + 1;
	for (let lines = 0; lines < linesAboveCursor && anchor > 0; lines++) {
		const above = text.lastIndexOf('\n', anchor - 2) + 1;
		if (text.length - above > mostTyped / 2) break;
		anchor = above;
	}
	return anchor;
}

/** What follows is the same, or has only been pushed down by closers: Enter in `{|}` and `<p>|</p>` gives them a line of their own. */
function isSameAfter(request: CompletionRequest, after: string): boolean {
	const { suffix } = request;
	const below = belowLine(suffix);
	const rest = restToLeadTo(request);
	if (rest !== '') return suffix.startsWith(after) && after.startsWith(rest);
	if (after === '') return below === '';
	if (!after.startsWith('\n')) return false;
	const at = below.indexOf(after);
	return at >= 0 && /^([\s)\]};,]|<\/[\w:.-]*>)*$/.test(below.slice(0, at));
}

/** What an answer in the middle of a line has to lead up to; empty at the end of one, where there are only closers. */
export function restToLeadTo(request: CompletionRequest): string {
	return leadsToText(request) ? lineRest(request.suffix).slice(0, mostRest) : '';
}

/** What follows the cursor's line and the lines of nothing but closers right under it. The same before and after Enter in `{|}`. */
export function belowClosers(suffix: string): string {
	return belowLine(suffix).replace(/^(\n[ \t]*([)\]}]+[;,]?|<\/[\w:.-]*>)[ \t]*(?=\n|$))+/, '');
}

/** What follows the cursor's line, from its line break on. */
export function belowLine(suffix: string): string {
	const end = suffix.indexOf('\n');
	return end < 0 ? '' : suffix.slice(end);
}
