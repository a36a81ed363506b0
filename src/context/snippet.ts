/** Why a piece of code is thought to matter at the cursor. */
export type SnippetSource = 'definition' | 'import' | 'edit' | 'view' | 'similar' | 'diagnostic';

/** Code from elsewhere in the codebase. */
export interface ContextSnippet {
	/** Relative to the workspace folder, with `/`. */
	readonly path: string;
	/** 0-based, the last one included. */
	readonly startLine: number;
	readonly endLine: number;
	readonly text: string;
	readonly source: SnippetSource;
	/** From 0 to 1, comparable within a source only. */
	readonly score: number;
}
