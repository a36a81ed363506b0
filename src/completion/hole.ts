import { beginsBlock } from './block.ts';
import { indentation, isBlank, leadingSpace } from './lines.ts';

/** A place in a text, 0-based. */
export interface Spot {
	readonly line: number;
	readonly character: number;
}

/** What is to be filled: the text between two places goes, and `lead` comes before what fills it. */
export interface Hole {
	readonly start: Spot;
	readonly end: Spot;
	readonly lead: string;
}

/** Statements that stand for code that is not written yet. */
const stub =
	/^(?:pass|\.\.\.|\{?\s*\}?;?|raise\s+NotImplemented\w*\b.*|throw\s+new\s+(?:NotImplemented|UnsupportedOperation)\w*\(.*|(?:throw|panic|error|fatalError|die)\b.*(?:not (?:yet )?implemented|unimplemented|to ?do\b).*|(?:todo|unimplemented)!?\(.*\);?|TODO\(.*\))$/i;
const remark = /^(?:\/\/|\/\*|\*|#(?!\[|!|include|define)|--)/;
const quotes = /^(?:[rRbBuU]{0,2})("""|''')/;
/** How far a signature goes over several lines. */
const mostLines = 12;

/**
 * What somebody wants filled who points at a place: what is selected; the body of the function there, if there is nothing in it yet but
 * remarks and a statement that stands for the rest; or the place itself.
 */
export function holeAt(lines: readonly string[], start: Spot, end: Spot, languageId: string): Hole {
	if (start.line !== end.line || start.character !== end.character) return selected(lines, start, end);
	const opener = openerAt(lines, start.line, languageId);
	const body = opener === undefined ? undefined : emptyBody(lines, opener, start.line);
	return body ?? { start, end, lead: '' };
}

/** Without the indentation in front and the line break behind, which stay. */
function selected(lines: readonly string[], start: Spot, end: Spot): Hole {
	const indent = leadingSpace(lines[start.line] ?? '').length;
	const first = { line: start.line, character: Math.max(start.character, indent) };
	const isWhole = end.character === 0 && end.line > start.line;
	const last = isWhole ? { line: end.line - 1, character: lines[end.line - 1]?.length ?? 0 } : end;
	const isInOrder = last.line > first.line || last.character >= first.character;
	return isInOrder ? { start: first, end: last, lead: '' } : { start, end, lead: '' };
}

/** The line that opens the block which a line is in, or begins; undefined if something else is in between. */
function openerAt(lines: readonly string[], line: number, languageId: string): number | undefined {
	const text = lines[line] ?? '';
	if (isOpener(text, languageId)) return line;
	if (isPlaceholder(text)) {
		let isInText = partsText(text);
		for (let above = line - 1; above >= 0; above--) {
			const other = lines[above] ?? '';
			if (!isInText && isOpener(other, languageId)) return above;
			if (!isInText && !isPlaceholder(other)) return undefined;
			if (partsText(other)) isInText = !isInText;
		}
		return undefined;
	}
	// In a signature of several lines.
	for (let below = line + 1; below < Math.min(lines.length, line + mostLines); below++) {
		const other = lines[below] ?? '';
		if (isOpener(other, languageId)) return /^\s*\)/.test(other) ? below : undefined;
		if (indentation(other) < indentation(text)) return undefined;
	}
	return undefined;
}

function isOpener(line: string, languageId: string): boolean {
	return /\{\s*\}\s*[;,)]*\s*$/.test(line) || (!isBlank(line) && !remark.test(line.trim()) && beginsBlock(line, languageId));
}

function isPlaceholder(line: string): boolean {
	const text = line.trim();
	return text === '' || stub.test(text) || remark.test(text) || quotes.test(text) || /("""|''')$/.test(text);
}

/** Whether a text of several lines begins or ends in a line. */
function partsText(line: string): boolean {
	return ((line.match(/"""|'''/g) ?? []).length & 1) === 1;
}

/** The part of a body to be filled; undefined if something is in it. */
function emptyBody(lines: readonly string[], opener: number, cursorLine: number): Hole | undefined {
	const head = lines[opener] ?? '';
	const inline = /\{(\s*)\}\s*[;,)]*\s*$/.exec(head);
	if (inline) {
		const character = inline.index + 1;
		return {
			start: { line: opener, character },
			end: { line: opener, character: character + (inline[1]?.length ?? 0) },
			lead: '',
		};
	}
	let lastRemark = opener;
	let firstStub: number | undefined;
	let last = opener;
	let isInText = false;
	for (let line = opener + 1; line < lines.length; line++) {
		const text = lines[line] ?? '';
		if (!isBlank(text) && indentation(text) <= indentation(head)) break;
		const isRemark = isInText || remark.test(text.trim()) || quotes.test(text.trim());
		if (partsText(text)) isInText = !isInText;
		if (!isRemark && !isPlaceholder(text)) return undefined;
		if (isRemark) lastRemark = line;
		else if (!isBlank(text)) firstStub ??= line;
		if (!isBlank(text) || line <= cursorLine) last = line;
	}
	return fill(lines, { opener, lastRemark, firstStub, last });
}

function fill(
	lines: readonly string[],
	{ opener, lastRemark, firstStub, last }: { opener: number; lastRemark: number; firstStub: number | undefined; last: number },
): Hole {
	const endOf = (line: number): Spot => ({ line, character: lines[line]?.length ?? 0 });
	if (firstStub !== undefined && firstStub > lastRemark) {
		return { start: { line: firstStub, character: leadingSpace(lines[firstStub] ?? '').length }, end: endOf(last), lead: '' };
	}
	if (lastRemark === opener) return { start: endOf(opener), end: endOf(Math.max(opener, last)), lead: '' };
	return { start: endOf(lastRemark), end: endOf(Math.max(lastRemark, last)), lead: `\n${leadingSpace(lines[lastRemark] ?? '')}` };
}
