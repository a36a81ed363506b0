import type { ContextSnippet, SnippetSource } from '../../context/snippet.ts';

/** Why a snippet is in a prompt, for people. */
export const sources: Readonly<Record<SnippetSource, string>> = {
	definition: 'declares a name near the cursor',
	import: 'declares what the file imports',
	edit: 'was edited lately',
	view: 'was looked at lately',
	similar: 'is similar to the code around the cursor',
	diagnostic: 'has to do with a problem at the cursor',
};

/** `src/cart.ts:3–9`. */
export function placeOf({ path, startLine, endLine }: ContextSnippet): string {
	return endLine > startLine ? `${path}:${startLine + 1}–${endLine + 1}` : `${path}:${startLine + 1}`;
}
