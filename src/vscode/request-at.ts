import { type Position, type SelectedCompletionInfo, type TextDocument, type TextEditor, window, workspace } from 'vscode';
import type { CompletionRequest, Nothing } from '../completion/completion.ts';
import { longestLine } from '../completion/gate.ts';

/** More than any window needs. The first line moves in strides, so that the text before the cursor keeps its beginning. */
const linesBefore = 200;
const stride = 100;
const linesAfter = 100;

const alwaysEditable = new Set(['file', 'untitled', 'vscode-notebook-cell']);

/**
 * The place of a cursor as plain data. Reads only lines around it, however long the document; stops at lines that are too
 * long to be code. With an entry selected in the suggest widget, the place is the one after that entry is accepted.
 */
export function requestAt(
	document: TextDocument,
	position: Position,
	trigger: CompletionRequest['trigger'],
	selected?: SelectedCompletionInfo | undefined,
): CompletionRequest {
	const start = selected?.range.start ?? position;
	const end = selected?.range.end ?? position;
	const prefix = textBefore(document, start) + (selected?.text ?? '');
	const endsWord = selected !== undefined && /[\p{L}\p{N}_$]$/u.test(selected.text);
	const suffix = textAfter(document, end);
	return { path: pathOf(document), languageId: document.languageId, prefix, suffix, trigger, endsWord, indentUnit: indentUnit(document) };
}

/** What Tab inserts, as the status bar says: from the settings, or found out from the text. */
function indentUnit(document: TextDocument): string | undefined {
	const { insertSpaces, indentSize } = window.visibleTextEditors.find((editor) => editor.document === document)?.options ?? {};
	if (insertSpaces === false) return '\t';
	return typeof indentSize === 'number' ? ' '.repeat(indentSize) : undefined;
}

/** Cells of a notebook share its path and differ in the fragment. */
function pathOf({ uri }: TextDocument): string {
	return uri.fragment ? `${uri.path}#${uri.fragment}` : uri.path;
}

/** Reasons that only the editor knows for not asking. */
export function editorGate(
	document: TextDocument,
	editor: TextEditor | undefined,
	trigger: CompletionRequest['trigger'],
): Nothing | undefined {
	if (!workspace.isTrusted) return { reason: 'untrusted' };
	if (!isEditable(document)) return { reason: 'not-editable', detail: document.uri.scheme };
	if (trigger === 'manual' || editor?.document !== document) return undefined;
	if (editor.selections.length > 1) return { reason: 'several-cursors' };
	return editor.selection.isEmpty ? undefined : { reason: 'selection' };
}

/** Whether people write in a document. */
export function isEditable({ uri }: TextDocument): boolean {
	return alwaysEditable.has(uri.scheme) || workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

function textBefore(document: TextDocument, position: Position): string {
	const first = Math.max(0, (Math.floor(position.line / stride) - linesBefore / stride) * stride);
	const lines = [
		document
			.lineAt(position.line)
			.text.slice(0, position.character)
			.slice(-longestLine - 1),
	];
	for (let line = position.line - 1; line >= first; line--) {
		const { text } = document.lineAt(line);
		if (text.length > longestLine) break;
		lines.push(text);
	}
	return lines.reverse().join('\n');
}

function textAfter(document: TextDocument, position: Position): string {
	const last = Math.min(document.lineCount, position.line + linesAfter);
	const lines = [document.lineAt(position.line).text.slice(position.character, position.character + longestLine + 1)];
	for (let line = position.line + 1; line < last; line++) {
		const { text } = document.lineAt(line);
		if (text.length > longestLine) break;
		lines.push(text);
	}
	return lines.join('\n');
}
