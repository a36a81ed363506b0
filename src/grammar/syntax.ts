/**
 * The part of a syntax tree that the rest of the program reads. What web-tree-sitter has fits it; nobody else has to know that library.
 * Offsets and columns are UTF-16 code units, as in strings and editors.
 */
export interface SyntaxNode {
	readonly id: number;
	readonly type: string;
	readonly text: string;
	readonly isNamed: boolean;
	readonly isError: boolean;
	readonly isMissing: boolean;
	/** Whether it or anything in it could not be parsed. */
	readonly hasError: boolean;
	readonly startIndex: number;
	readonly endIndex: number;
	readonly parent: SyntaxNode | null;
	readonly children: readonly SyntaxNode[];
	readonly namedChildren: readonly SyntaxNode[];
	readonly firstNamedChild: SyntaxNode | null;
	readonly nextSibling: SyntaxNode | null;
	readonly nextNamedSibling: SyntaxNode | null;
	readonly previousSibling: SyntaxNode | null;
	readonly previousNamedSibling: SyntaxNode | null;
	childForFieldName(name: string): SyntaxNode | null;
	childrenForFieldName(name: string): readonly SyntaxNode[];
	descendantsOfType(types: string | string[]): readonly SyntaxNode[];
	descendantForIndex(start: number, end?: number): SyntaxNode | null;
}

/** A tree holds memory outside of JavaScript's until it is disposed of; its nodes live as long as it does. */
export interface SyntaxTree extends Disposable {
	readonly root: SyntaxNode;
	/**
	 * The tree of a text that came from this one's by one replacement. Costs what was touched, not what the file weighs. This tree and its
	 * nodes stay what they were.
	 */
	edited(start: number, end: number, newText: string): SyntaxTree;
}

/** Parses a text; never fails, what cannot be parsed becomes error nodes. */
export type Parse = (text: string) => SyntaxTree;
