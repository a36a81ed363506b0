import type { Position, TextDocumentChangeEvent } from 'vscode';

/** What editors insert as a whole, with the cursor ending up in its middle. */
const pair = /^(\(\)|\[\]|\{\}|<>|''|""|``)$/;
const splitBlock = /^(\r?\n[ \t]*)\r?\n[ \t]*$/;

/**
 * Where the cursor will be after a change, if somebody typed it: the event comes before the cursor has moved. Undefined for
 * anything else (undo, several places at once, formatting, a pasted page).
 */
export function typedPosition({ contentChanges, document, reason }: TextDocumentChangeEvent): Position | undefined {
	const [change, ...others] = contentChanges;
	if (!change || others.length > 0 || reason !== undefined || change.text.length > 1000) return undefined;
	const typed = pair.test(change.text) ? 1 : (splitBlock.exec(change.text)?.[1]?.length ?? change.text.length);
	return document.positionAt(change.rangeOffset + typed);
}

/** Whether a single key may have put a text there: a character, a pair of brackets or quotes, a line break with what it indents. */
export function isKeySized(text: string): boolean {
	return [...text].length === 1 || pair.test(text) || text.trim() === '';
}
