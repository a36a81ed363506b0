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
export async function placeIn(
	document: TextDocument,
	position: Position,
	request: CompletionRequest,
	files: WorkspaceFiles,
	signal: AbortSignal,
): Promise<EditorPlace | undefined> {
	const found = await files.pathOf(document.uri, signal);
	return found && { ...found, request, document, position };
}
