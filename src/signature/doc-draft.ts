import type { Draft } from './dependent.ts';
import type { SignatureChange } from './diff.ts';
import type { Declaration } from './signature.ts';
import type { Range, TextEdit } from './text-edit.ts';

/**
 * What the comment of a changed function says of its parameters: those that are gone go, those that have another name get it. What a
 * new one is for nobody can know, so nothing is said of it.
 */
export function documentation(text: string, path: string, { before, after, match }: SignatureChange, change: number): Draft[] {
	const range = commentBefore(text, after.range.start) ?? docstringIn(text, after.bodyRange);
	if (!range) return [];
	const comment = text.slice(range.start, range.end);
	const at = ({ start, end, newText }: TextEdit) => ({ start: range.start + start, end: range.start + end, newText });
	const edits = before.parameters.flatMap(({ name }, index): TextEdit[] => {
		const now = after.parameters[match.from.indexOf(index)];
		if (name === '' || now?.name === name) return [];
		return now === undefined ? removed(comment, name).map(at) : now.name === '' ? [] : renamed(comment, name, now.name).map(at);
	});
	if (edits.length === 0) return [];
	const isGuessed = [...match.guessed].some((index) => after.parameters[index]?.name !== before.parameters[match.from[index] ?? -1]?.name);
	const reason = 'It documents the parameters.';
	return [{ path, range, kind: 'documentation', class: isGuessed ? 'C' : 'D', reason, edits, lists: [], change }];
}

/** What is said of a function: in the comment above it, or in its docstring. */
export function commentOn(text: string, { range, bodyRange }: Declaration): string | undefined {
	const found = commentBefore(text, range.start) ?? docstringIn(text, bodyRange);
	if (found) return text.slice(found.start, found.end).trim();
	const above = /(?:^[ \t]*(?:\/\/|#).*\n)+(?![\s\S])/m.exec(text.slice(0, text.lastIndexOf('\n', range.start - 1) + 1));
	return above?.[0].trim();
}

/** A comment that ends right above a declaration, before what may stand in front of it. */
function commentBefore(text: string, start: number): Range | undefined {
	const lead =
		/(?:(?:@[\w.]+(?:\([^()\n]*\))?|\[[^\]\n]*\]|export|default|declare|public|private|protected|internal|static|abstract|pub(?:\([^)]*\))?)\s+)*$/.exec(
			text.slice(0, start),
		);
	const end = text.slice(0, lead?.index ?? start).trimEnd().length;
	if (text.slice(0, end).endsWith('*/')) {
		const open = text.lastIndexOf('/**', end);
		return open < 0 ? undefined : { start: open, end };
	}
	const lines = /(?:^[ \t]*\/\/\/[^\n]*(?:\n|$))+$/m.exec(text.slice(0, end));
	return lines ? { start: lines.index, end } : undefined;
}

function docstringIn(text: string, body: Range | undefined): Range | undefined {
	const match = body && /^\s*[rRuU]?("""|''')[\s\S]*?\1/.exec(text.slice(body.start, body.end));
	return match ? { start: body.start, end: body.start + match[0].length } : undefined;
}

/** What comes before a parameter's name: `@param {T} name`, `:param T name:`, `<param name="name">`, `name (T): …`, `name : T`. */
function mentions(name: string): readonly RegExp[] {
	const word = name.replaceAll('$', '\\$');
	return [
		new RegExp(`(@param\\s+(?:\\{[^}]*\\}\\s*)?\\[?)${word}(?![\\w$])`, 'g'),
		new RegExp(`(:(?:param|type)\\s+(?:[^:\\n]*\\s)?)${word}(?=:)`, 'g'),
		new RegExp(`(<param(?:ref)?\\s+name=")${word}(?=")`, 'g'),
		new RegExp(`(^[ \\t]+)${word}(?=\\s*(?:\\([^)\\n]*\\))?\\s*:)`, 'gm'),
	];
}

function renamed(comment: string, name: string, to: string): TextEdit[] {
	return mentions(name).flatMap((pattern) =>
		[...comment.matchAll(pattern)].map((match) => {
			const start = match.index + (match[1] ?? '').length;
			return { start, end: start + name.length, newText: to };
		}),
	);
}

/** The line, and those below it that go on. */
function removed(comment: string, name: string): TextEdit[] {
	return mentions(name).flatMap((pattern) =>
		[...comment.matchAll(pattern)].flatMap((match) => {
			const start = comment.lastIndexOf('\n', match.index) + 1;
			const lines = comment.slice(start).split('\n');
			const [first = '', ...rest] = lines;
			const goesOn = rest.findIndex((line) => !continues(line, first));
			const length = [first, ...rest.slice(0, Math.max(goesOn, 0))].reduce((sum, line) => sum + line.length + 1, 0);
			// A comment of one line has more in it than this.
			return start === 0 || start + length > comment.length ? [] : [{ start, end: start + length, newText: '' }];
		}),
	);
}

function continues(line: string, first: string): boolean {
	if (/^\s*\*\s*(@|\/|$)|^\s*\*\/|^\s*(?:""|'')|^\s*$|^\s*:|^\s*\/\/\/\s*</.test(line)) return false;
	if (/^\s*\*/.test(first)) return true;
	return indentOf(line) > indentOf(first);
}

function indentOf(line: string): number {
	return /^\s*/.exec(line)?.[0].length ?? 0;
}
