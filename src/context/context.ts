import type { ContextSnippet } from './snippet.ts';

/** What a prompt shows of the rest of the codebase. */
export interface Context {
	/** The name of the workspace folder. */
	readonly repository: string;
	/** The text with the cursor, relative to that folder, with `/`. */
	readonly path: string;
	/** In the order of the prompt. */
	readonly snippets: readonly ContextSnippet[];
}
