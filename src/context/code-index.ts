import type { ContextSnippet } from './snippet.ts';

/** Where a name is declared, by the index. */
export interface Definition {
	readonly name: string;
	/** Relative to the workspace folder, with `/`; the folder's own name first where there are several. */
	readonly path: string;
	/** 0-based, of the declaration without its body: `function add(a: number, b: number): number`. */
	readonly startLine: number;
	readonly endLine: number;
	readonly text: string;
}

/** What is asked of an index for a cursor. */
export interface IndexQuery {
	/** Code around the cursor; the words in it are searched for. */
	readonly text: string;
	/** What is in this file is left out. */
	readonly path: string;
	readonly limit: number;
}

/** The code of all workspace folders, searchable. Lives in a worker thread; nothing here is on a keystroke's path. */
export interface CodeIndex {
	/** Chunks that are similar to the query, the most similar first. */
	search(query: IndexQuery, signal: AbortSignal): Promise<readonly ContextSnippet[]>;
	/** Declarations of these names anywhere else, those nearest to `path` (same folder, imported) first. */
	definitions(names: readonly string[], path: string, signal: AbortSignal): Promise<readonly Definition[]>;
}
