import type { Position, TextDocument } from 'vscode';
import type { CompletionRequest } from '../../completion/completion.ts';
import type { Place } from '../../context/finder.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** A place in a document that is open. */
export interface EditorPlace extends Place {
	readonly document: TextDocument;
	readonly position: Position;
}

/** Undefined outside of the workspace: nothing else there belongs to it. */
export function placeIn(
	document: TextDocument,
	position: Position,
	request: CompletionRequest,
	files: WorkspaceFiles,
): EditorPlace | undefined {
	const found = files.pathOf(document.uri);
	return found && { ...found, request, document, position };
}
