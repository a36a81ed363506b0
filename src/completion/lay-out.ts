import type { Layout } from './layout.ts';
import { indentation, isBlank, leadingSpace } from './lines.ts';

/** Where the lines of an answer go. */
interface Place {
	/** Column of the statement that the answer continues. */
	readonly indent: number;
	/** The further lines are one level deeper. */
	readonly opensBlock: boolean;
	/** The first line may bring indentation of its own. */
	readonly isEmptyLine?: boolean;
}

/**
 * The lines of an answer, indented like the document: with its tabs or spaces, with its width, and no deeper than they belong.
 * What a line becomes depends only on the lines before it, so it holds while the answer still comes.
 */
export function layOut(lines: readonly string[], layout: Layout, place: Place): readonly string[] {
	const { unit, isNested } = layout;
	if (unit === '\t') return isNested ? shifted(withTabs(lines, place), layout, place) : withTabs(lines, place);
	const spaced = lines.map((line) => withSpaces(line, unit));
	return isNested ? shifted(withSteps(spaced, unit.length, place), layout, place) : spaced;
}

function withSpaces(line: string, unit: string): string {
	const space = leadingSpace(line);
	return space.includes('\t') ? space.replaceAll('\t', unit) + line.slice(space.length) : line;
}

const usualWidths = [2, 3, 4, 8];

/** How wide the answer's levels are shows in its first indented line, of which it is known how deep it should be. */
function withTabs(lines: readonly string[], { indent, opensBlock }: Place): string[] {
	const depth = indent / 4 + (opensBlock ? 1 : 0);
	let width = 0;
	return lines.map((line) => {
		const space = leadingSpace(line);
		if (space.includes('\t') || space.length < 2) return line;
		width ||= usualWidths.find((usual) => usual * depth === space.length) ?? (space.length % 4 === 0 ? 4 : 2);
		return '\t'.repeat(Math.floor(space.length / width)) + ' '.repeat(space.length % width) + line.slice(space.length);
	});
}

/** Levels as wide as the document's. How wide the answer's are shows where it opens a block. */
function withSteps(lines: readonly string[], width: number, { indent, opensBlock, isEmptyLine }: Place): string[] {
	let step = width;
	let isOpen = opensBlock;
	let last = indent;
	return lines.map((line, index) => {
		if (isBlank(line)) return line;
		const column = index > 0 ? indentation(line) : indent + (isEmptyLine ? indentation(line) : 0);
		if (index > 0 && step === width && isOpen && usualWidths.includes(column - last) && (column - indent) % (column - last) === 0)
			step = column - last;
		isOpen = /[{:]\s*$/.test(line);
		last = column;
		if (index === 0 || column <= indent || (column - indent) % step !== 0) return line;
		return ' '.repeat(indent + ((column - indent) / step) * width) + line.trimStart();
	});
}

/** No deeper than the place allows: the first line where it begins one, or the first line of the block that opens. */
function shifted(lines: readonly string[], { unit, deepest }: Layout, { indent, opensBlock }: Place): readonly string[] {
	const [first = '', ...rest] = lines;
	const level = indentation(unit);
	if (!isBlank(first)) {
		if (deepest === undefined) return lines;
		const isContinuation = /^\s*[.?:&|+*/<>=-]/.test(first);
		const start = Math.max(indent, deepest + (isContinuation ? level : 0));
		const surplus = indent + indentation(first) - start;
		if (surplus <= 0) return lines;
		const next = start + surplus + (/[{:([]\s*$/.test(first) ? level : 0);
		return [without(first, surplus, 0), ...withoutSurplus(rest, surplus, start, next)];
	}
	const body = opensBlock ? rest.find((line) => !isBlank(line)) : undefined;
	const surplus = body === undefined ? 0 : indentation(body) - indent - level;
	return surplus > 0 && surplus % level === 0 ? [first, ...withoutSurplus(rest, surplus, indent, 0)] : lines;
}

/** The other lines are as much too deep if the first of them is: where it should begin, were they all. */
function withoutSurplus(lines: readonly string[], surplus: number, least: number, next: number): readonly string[] {
	const first = lines.find((line) => !isBlank(line));
	return first === undefined || indentation(first) < next ? lines : lines.map((line) => without(line, surplus, least));
}

/** A line less some columns of its indentation, unless it would begin before a column. */
function without(line: string, columns: number, least: number): string {
	const space = leadingSpace(line);
	if (isBlank(line) || indentation(space) - columns < least) return line;
	let left = columns;
	let at = 0;
	while (left > 0 && at < space.length) left -= space[at++] === '\t' ? 4 : 1;
	return line.slice(at);
}
