import type { SyntaxNode } from '../../grammar/syntax.ts';

/** A root that knows its descendants of some types. */
export type Gathered = Pick<SyntaxNode, 'descendantsOfType' | 'startIndex' | 'endIndex' | 'namedChildren'>;

/**
 * Walks a tree once for all types that are asked for later: each walk goes through every node, and an outline asks for many types.
 */
export function gathered(root: SyntaxNode, types: readonly string[]): Gathered {
	const byType = new Map<string, SyntaxNode[]>(types.map((type) => [type, []]));
	for (const node of root.descendantsOfType([...byType.keys()])) byType.get(node.type)?.push(node);
	const { startIndex, endIndex, namedChildren } = root;
	return {
		startIndex,
		endIndex,
		namedChildren,
		descendantsOfType(wanted) {
			const list = typeof wanted === 'string' ? [wanted] : wanted;
			const nodes = list.flatMap((type) => byType.get(type) ?? root.descendantsOfType(type));
			return list.length === 1 ? nodes : nodes.toSorted((left, right) => left.startIndex - right.startIndex);
		},
	};
}
