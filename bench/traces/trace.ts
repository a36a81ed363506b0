/** What somebody did in an editor, in order. Times are in milliseconds since the beginning; offsets count characters, lines end in `\n`. */
export interface Trace {
	readonly name: string;
	readonly events: readonly TraceEvent[];
}

export type TraceEvent =
	/** A file is there from now on, or has a new content that nobody typed. */
	| { readonly kind: 'open'; readonly at: number; readonly path: string; readonly text: string }
	/** It is the one that is looked at. */
	| { readonly kind: 'show'; readonly at: number; readonly path: string }
	| Edit
	| Move;

export interface Move {
	readonly kind: 'move';
	readonly at: number;
	readonly path: string;
	readonly anchor: number;
	readonly active: number;
}

export interface Edit {
	readonly kind: 'edit';
	readonly at: number;
	readonly path: string;
	/** From the first to the last; all offsets are those before the edit. */
	readonly changes: readonly { readonly offset: number; readonly removed: number; readonly text: string }[];
	/** Where the cursor is afterwards. */
	readonly cursor: number;
}

/** Whether an edit is what one key does: a character, a pair of brackets, a new line with its indentation, or a character less. */
export function isKey({ changes }: Edit): boolean {
	const [change, ...others] = changes;
	if (!change || others.length > 0) return false;
	const { text, removed } = change;
	if (text === '') return removed === 1;
	return removed === 0 && (text.length === 1 || /^(\(\)|\[\]|\{\}|<>|''|""|``)$/.test(text) || /^\n[ \t]*(\n[ \t]*)?$/.test(text));
}
