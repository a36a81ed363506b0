import type { SyntaxNode } from '../grammar/syntax.ts';
import type { KnownValue } from './call-context.ts';
import type { Draft, Holes } from './dependent.ts';
import type { Argument, Use } from './language.ts';
import type { ParsedFile } from './project.ts';
import type { Target } from './target.ts';

/** A use of a changed function that is bound to it. */
export interface BoundUse {
	readonly use: Use;
	readonly name: SyntaxNode;
	readonly parsed: ParsedFile;
	readonly target: Target;
	readonly change: number;
	readonly holes: Holes;
	/** Whether it stands there by a name that was given to it there, even if that is its own. */
	readonly isOtherName?: boolean;
	/** The value that somebody wants a new parameter to get. */
	readonly chosen?: (parameter: string) => KnownValue | 'hole' | undefined;
}

/** What a part of a change means for one use. */
export type Outcome = Pick<Draft, 'class' | 'edits' | 'lists' | 'caller'> & { readonly reasons: readonly string[] };

export const nothing: Outcome = { class: 'D', edits: [], lists: [], reasons: [] };

export function warning(reason: string): Outcome {
	return { ...nothing, class: 'W', reasons: [reason] };
}

/** Whether nothing but an argument as it is stands in its place. */
export function isArgument(pieces: readonly unknown[], argument: Argument | undefined): boolean {
	const [only] = pieces;
	if (pieces.length !== 1 || typeof only !== 'object' || only === null || argument === undefined) return false;
	return 'start' in only && only.start === argument.range.start && 'end' in only && only.end === argument.range.end;
}
