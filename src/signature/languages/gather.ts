import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Range } from '../text-edit.ts';
import { rangeOf } from './read.ts';

/** A root that knows its descendants of some types. */
export interface Gathered extends Pick<SyntaxNode, 'descendantsOfType' | 'startIndex' | 'endIndex' | 'namedChildren'> {
	/** With the offsets that nodes have in it: white space before the root is there as well. */
	readonly source: string;
}

/**
 * Walks a tree once for all types that are asked for later: each walk goes through every node, and an outline asks for many types.
 */
export function gathered(root: SyntaxNode, types: readonly string[]): Gathered {
	const known = new Set(types);
	const nodes = root.descendantsOfType([...known]).map((node) => ({ node, type: node.type }));
	const { startIndex, endIndex, namedChildren, text } = root;
	return {
		source: text.padStart(endIndex),
		startIndex,
		endIndex,
		namedChildren,
		descendantsOfType(wanted) {
			const list = typeof wanted === 'string' ? [wanted] : wanted;
			if (!list.every((type) => known.has(type))) return root.descendantsOfType(list);
			return nodes.filter(({ type }) => list.includes(type)).map(({ node }) => node);
		},
	};
}

/** Finds the innermost of these types that a place is in, without a question to the tree for each node around it. */
export function nesting(root: Gathered, types: readonly string[]): (at: number) => Range | undefined {
	const ranges = root.descendantsOfType([...types]).map(rangeOf);
	ranges.sort((left, right) => left.start - right.start || right.end - left.end);
	const open: Nested[] = [];
	const all = ranges.map((range) => {
		while ((open.at(-1)?.range.end ?? Number.POSITIVE_INFINITY) <= range.start) open.pop();
		const nested = { range, around: open.at(-1) };
		open.push(nested);
		return nested;
	});
	return (at) => {
		let [low, high] = [0, all.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((all[middle]?.range.start ?? 0) <= at) low = middle + 1;
			else high = middle;
		}
		for (let nested = all[low - 1]; nested; nested = nested.around) if (at < nested.range.end) return nested.range;
		return undefined;
	};
}

interface Nested {
	readonly range: Range;
	readonly around: Nested | undefined;
}
