import { stretches } from './scan.ts';

/**
 * Whether a text ends inside a comment: a line comment, a block comment, or a text that only documents (Python's docstrings).
 * Goes by the marks of the language, so it also works in the middle of what cannot be parsed.
 */
export function isInComment(prefix: string, languageId: string): boolean {
	const text = languageId === 'python' ? fromCode(prefix) : prefix;
	for (const { kind, start, isOpen } of stretches(text, languageId)) {
		if (isOpen) return kind === 'comment' || (languageId === 'python' && opensDocstring(text, start));
	}
	return false;
}

/** A string that is a statement of its own, right behind the line that opens a block or at the start of the file. */
function opensDocstring(text: string, start: number): boolean {
	if (!/^["']{3}/.test(text.slice(start, start + 3))) return false;
	const lineStart = text.lastIndexOf('\n', start - 1) + 1;
	if (!/^[ \t]*[rRuU]?$/.test(text.slice(lineStart, start))) return false;
	const above = text
		.slice(0, lineStart)
		.replaceAll(/^[ \t]*#.*$/gm, '')
		.trimEnd();
	return above === '' || above.endsWith(':');
}

/**
 * A text may begin inside a docstring: its first quotes then end one. They stand on a line of their own, and what is above is no code
 * that opens a block.
 */
function fromCode(text: string): string {
	const first = /^[ \t]*("""|''')[ \t]*$/m.exec(text);
	const any = /"""|'''/.exec(text);
	if (!first || !any || any.index < first.index) return text;
	const at = first.index + first[0].length;
	return opensDocstring(text, at - first[0].trimStart().length) ? text : text.slice(at);
}
