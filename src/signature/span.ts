import type { SyntaxNode } from '../grammar/syntax.ts';

/** A part of a text for which the tree has no node, as if it had: an argument within a macro is a row of tokens. */
export function spanOf(text: string, start: number, end: number): SyntaxNode {
	return {
		id: -1 - start,
		type: 'span',
		text,
		isNamed: false,
		isError: false,
		isMissing: false,
		hasError: false,
		startIndex: start,
		endIndex: end,
		parent: null,
		children: [],
		namedChildren: [],
		firstNamedChild: null,
		nextSibling: null,
		nextNamedSibling: null,
		previousSibling: null,
		previousNamedSibling: null,
		childForFieldName: () => null,
		childrenForFieldName: () => [],
		descendantsOfType: () => [],
		descendantForIndex: () => null,
	};
}
