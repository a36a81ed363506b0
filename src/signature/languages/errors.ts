import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Range } from '../text-edit.ts';
import { rangeOf } from './read.ts';

/** What could not be parsed. Only branches that have something of it are looked into. */
export function errorsIn(node: SyntaxNode): readonly Range[] {
	if (!node.hasError) return [];
	if (node.isError || node.isMissing) return [rangeOf(node)];
	return node.children.flatMap(errorsIn);
}
