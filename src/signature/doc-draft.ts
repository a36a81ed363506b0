import type { Draft } from './dependent.ts';
import type { SignatureChange } from './diff.ts';
import { arrange, type Entry, inPlace } from './doc-lines.ts';
import type { Declaration } from './signature.ts';
import type { Range, TextEdit } from './text-edit.ts';

/**
 * What the comment of a changed function says of its parameters: those that are gone go, those that have another name get it, all of them
 * are in their new order. What a new one is for nobody can know: it gets a line in which that can be written.
 */
export function documentation(text: string, path: string, { before, after, match }: SignatureChange, change: number): Draft[] {
	const range = commentBefore(text, after.range.start) ?? docstringIn(text, after.bodyRange);
	if (!range) return [];
	const comment = text.slice(range.start, range.end);
	const at = ({ start, end, newText }: TextEdit) => ({ start: range.start + start, end: range.start + end, newText });
	const entries = after.parameters.map(
		(parameter, index): Entry => ({ parameter, before: before.parameters[match.from[index] ?? -1]?.name }),
	);
	const gone = before.parameters.filter((_, index) => !match.from.includes(index)).map(({ name }) => name);
	const arranged = arrange(comment, entries, gone);
	const edits = (arranged?.edits ?? inPlace(comment, entries, gone)).map(at);
	if (edits.length === 0) return [];
	const isGuessed = [...match.guessed].some((index) => after.parameters[index]?.name !== before.parameters[match.from[index] ?? -1]?.name);
	const added = arranged?.added ?? [];
	const reason = ['It documents the parameters.', ...added.map((name) => `What ${name} is for is to be written.`)].join(' ');
	return [{ path, range, kind: 'documentation', class: isGuessed || added.length > 0 ? 'C' : 'D', reason, edits, lists: [], change }];
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
	if (!lines) return undefined;
	// Each of them is a line to itself, the last one as well.
	const newline = /^\r?\n/.exec(text.slice(end))?.[0].length ?? 0;
	return { start: lines.index, end: end + newline };
}

function docstringIn(text: string, body: Range | undefined): Range | undefined {
	const match = body && /^\s*[rRuU]?("""|''')[\s\S]*?\1/.exec(text.slice(body.start, body.end));
	return match ? { start: body.start, end: body.start + match[0].length } : undefined;
}
