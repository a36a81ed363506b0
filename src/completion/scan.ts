import { type Lexicon, lexiconOf, type Mark } from './lexicon.ts';
import { currentLine, isBlank } from './lines.ts';

/** A comment or a string in a text. */
interface Stretch {
	readonly kind: Mark['kind'];
	readonly start: number;
	readonly end: number;
	/** The text ends in the middle of it. */
	readonly isOpen: boolean;
	readonly closer: string | undefined;
}

/** What was scanned last: at each key the same text is asked about several times. */
let latest: { readonly text: string; readonly languageId: string; readonly stretches: readonly Stretch[] } | undefined;

/** Comments and strings of a text that begins in code, in order. Linear, without a grammar, and right but for oddities. */
function stretches(text: string, languageId: string): readonly Stretch[] {
	if (latest?.text !== text || latest.languageId !== languageId) {
		latest = { text, languageId, stretches: [...scanned(text, languageId)] };
	}
	return latest.stretches;
}

function* scanned(text: string, languageId: string): Generator<Stretch> {
	const lexicon = lexiconOf(languageId);
	const starts = startOf(lexicon);
	starts.lastIndex = languageId === 'python' ? endOfDocstring(text) : 0;
	for (let found = starts.exec(text); found; found = starts.exec(text)) {
		const mark = lexicon[found.slice(1).findIndex((group) => group !== undefined)];
		if (!mark) return;
		mark.body.lastIndex = starts.lastIndex;
		const [body = '', closer] = mark.body.exec(text) ?? [];
		const end = starts.lastIndex + body.length;
		yield { kind: mark.kind, start: found.index, end, isOpen: closer === undefined && end === text.length, closer: mark.closer };
		starts.lastIndex = Math.max(end, found.index + 1);
	}
}

/** A string that is a statement of its own, right behind the line that opens a block or at the start of the file. */
export function isDocstring(text: string, start: number): boolean {
	if (!/^("""|''')/.test(text.slice(start, start + 3))) return false;
	const lineStart = text.lastIndexOf('\n', start - 1) + 1;
	if (!/^[ \t]*[rRuU]?$/.test(text.slice(lineStart, start))) return false;
	const above = text
		.slice(0, lineStart)
		.replaceAll(/^[ \t]*#.*$/gm, '')
		.trimEnd();
	return above === '' || above.endsWith(':');
}

/**
 * A text may begin inside a docstring: its first quotes then end one. They stand on a line of their own, and what is above is no code
 * that opens a block.
 */
function endOfDocstring(text: string): number {
	const quotes = /"""|'''/.exec(text);
	if (!quotes || isDocstring(text, quotes.index)) return 0;
	const isAlone =
		isBlank(currentLine(text.slice(0, quotes.index))) && /^[ \t]*(\n|$)/.test(text.slice(quotes.index + 3, quotes.index + 200));
	return isAlone ? quotes.index + 3 : 0;
}

/** The text with spaces in place of what is in comments and strings; the same length, the same lines. */
export function onlyCode(text: string, languageId: string): string {
	let code = '';
	let at = 0;
	for (const { start, end } of stretches(text, languageId)) {
		code += text.slice(at, start) + blank(text.slice(start, end));
		at = end;
	}
	return code + text.slice(at);
}

function blank(stretch: string): string {
	if (!stretch.includes('\n')) return ' '.repeat(stretch.length);
	return stretch
		.split('\n')
		.map((line) => ' '.repeat(line.length))
		.join('\n');
}

const startsOf = new WeakMap<Lexicon, RegExp>();

/** One expression for all that may begin; the group that took part says which it was. */
function startOf(lexicon: Lexicon): RegExp {
	const known = startsOf.get(lexicon);
	if (known) return known;
	const starts = new RegExp(lexicon.map(({ start }) => `(${start.source})`).join('|'), 'gm');
	startsOf.set(lexicon, starts);
	return starts;
}

/** The comment or string that a text ends in. */
export function openStretch(text: string, languageId: string): Stretch | undefined {
	return stretches(text, languageId).find(({ isOpen }) => isOpen);
}

/** The quote of the string that a text ends in. */
export function openQuote(text: string, languageId: string): string | undefined {
	const open = openStretch(text, languageId);
	return open?.kind === 'text' ? text[open.start] : undefined;
}
