import { isDocstring, openStretch } from './scan.ts';

/**
 * Whether a text ends inside a comment: a line comment, a block comment, or a text that only documents (Python's docstrings).
 * Goes by the marks of the language, so it also works in the middle of what cannot be parsed.
 */
export function isInComment(prefix: string, languageId: string): boolean {
	const open = openStretch(prefix, languageId);
	return open !== undefined && (open.kind === 'comment' || (languageId === 'python' && isDocstring(prefix, open.start)));
}
