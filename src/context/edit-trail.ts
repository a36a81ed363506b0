import type { ContextSnippet } from './snippet.ts';

interface Hunk {
	readonly path: string;
	/** 0-based, in the text after the edit. */
	readonly startLine: number;
	readonly endLine: number;
	readonly text: string;
}

interface Page {
	/** Before what is being edited was. */
	base: readonly string[];
	last: readonly string[];
	hunk: Hunk | undefined;
}

const most = { hunks: 8, pages: 20, linesOfHunk: 12, linesOfPage: 5000, sizeOfHunk: 2000 };
/** What is edited in the file itself and near the cursor is in the window. */
const nearLines = 100;

/** What was edited lately, as small diffs: an edit that goes on in the same lines is one. */
export class EditTrail {
	/** From the one that was edited longest ago to the latest. */
	readonly #pages = new Map<string, Page>();
	#hunks: readonly Hunk[] = [];

	/** A text as it is before anybody edits it. */
	saw(path: string, lines: readonly string[]): void {
		if (this.#pages.has(path) || lines.length > most.linesOfPage) return;
		this.#pages.set(path, { base: lines, last: lines, hunk: undefined });
		for (const oldest of this.#pages.keys()) {
			if (this.#pages.size <= most.pages) break;
			this.#pages.delete(oldest);
		}
	}

	/** A text while nobody edits it, for a moment. */
	settled(path: string, lines: readonly string[]): void {
		const page = this.#pages.get(path);
		if (!page) {
			this.saw(path, lines);
			return;
		}
		const hunk = isSame(page.base, lines) ? undefined : (hunkBetween(path, page.base, lines) ?? this.#next(page, path, lines));
		page.last = lines;
		this.#hunks = [...this.#hunks.filter((other) => other !== page.hunk), ...(hunk ? [hunk] : [])].slice(-most.hunks);
		page.hunk = hunk;
	}

	/** The latest first; what is near a place itself is left out. */
	around(path: string, line: number): ContextSnippet[] {
		const far = this.#hunks.filter((hunk) => hunk.path !== path || Math.abs(hunk.startLine - line) > nearLines);
		return far
			.toReversed()
			.map(({ path, startLine, endLine, text }, index) => ({ path, startLine, endLine, text, source: 'edit', score: 1 / (1 + index / 2) }));
	}

	/** Something is edited that does not belong to what was edited before. */
	#next(page: Page, path: string, lines: readonly string[]): Hunk | undefined {
		page.base = page.last;
		page.hunk = undefined;
		const hunk = hunkBetween(path, page.base, lines);
		if (!hunk) page.base = lines;
		return hunk;
	}
}

function isSame(lines: readonly string[], others: readonly string[]): boolean {
	return lines.length === others.length && lines.every((line, index) => line === others[index]);
}

/** Undefined where nothing has changed, or more than a small diff shows. */
function hunkBetween(path: string, before: readonly string[], after: readonly string[]): Hunk | undefined {
	const shorter = Math.min(before.length, after.length);
	let start = 0;
	while (start < shorter && before[start] === after[start]) start++;
	let end = 0;
	while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
	const removed = before.slice(start, before.length - end);
	const added = after.slice(start, after.length - end);
	if (removed.length + added.length === 0 || removed.length + added.length > most.linesOfHunk) return undefined;
	const text = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('\n');
	if (text.length > most.sizeOfHunk || !/[\p{L}\p{N}]/u.test(text)) return undefined;
	return { path, startLine: start, endLine: Math.max(start, start + added.length - 1), text };
}
