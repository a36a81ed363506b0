import { Disposable, type Position, type TextDocument, type TextEditor, window, workspace } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { CompletionRequest } from '../completion/completion.ts';
import { isGhostTextOn } from './ghost-text.ts';
import { editorGate, requestAt } from './request-at.ts';

/** Finds code from elsewhere that belongs to a place. */
export type LookAround = (document: TextDocument, position: Position, request: CompletionRequest, signal: AbortSignal) => Promise<void>;

/** What is not found by then comes with the next place. */
const longestLookMs = 700;

/** Most files that are shown are read or written in; of ten places where the cursor rests a moment, two are. */
const settledMs = { file: 150, cursor: 1500 };

/**
 * Has the text around the cursor evaluated before anybody types: when a file is shown, and when the cursor comes to rest. The
 * first completion of a file is then as fast as the others.
 */
export function warmUp(engine: CompletionEngine, look?: LookAround): Disposable {
	let pending: NodeJS.Timeout | undefined;
	let current: { readonly uri: string; readonly controller: AbortController } | undefined;
	const warm = (editor: TextEditor) => {
		const { document, selection } = editor;
		if (editorGate(document, undefined, 'automatic') || !isGhostTextOn(document)) return;
		const uri = document.uri.toString();
		current = { uri, controller: new AbortController() };
		const { signal } = current.controller;
		const request = requestAt(document, selection.active, 'automatic');
		if (look) void lookAndWarm(engine, look, editor, request, signal);
		else void engine.warm(request, signal);
	};
	const schedule = (editor: TextEditor | undefined, ms: number) => {
		clearTimeout(pending);
		if (current && current.uri !== editor?.document.uri.toString()) current.controller.abort();
		if (editor) pending = setTimeout(() => warm(editor), ms);
	};
	const shown = (editor: TextEditor | undefined) => schedule(editor, settledMs.file);
	shown(window.activeTextEditor);
	return Disposable.from(
		window.onDidChangeActiveTextEditor(shown),
		window.onDidChangeTextEditorSelection(({ textEditor }) => schedule(textEditor, settledMs.cursor)),
		workspace.onDidGrantWorkspaceTrust(() => shown(window.activeTextEditor)),
		new Disposable(() => {
			clearTimeout(pending);
			current?.controller.abort();
		}),
	);
}

/** The cursor may have moved meanwhile; what is evaluated then is where it is. */
async function lookAndWarm(
	engine: CompletionEngine,
	look: LookAround,
	editor: TextEditor,
	request: CompletionRequest,
	signal: AbortSignal,
): Promise<void> {
	const looking = look(editor.document, editor.selection.active, request, signal).catch(() => {});
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, longestLookMs);
	});
	await Promise.race([looking, late]);
	clearTimeout(timer);
	if (signal.aborted || editor.document.isClosed) return;
	await engine.warm(requestAt(editor.document, editor.selection.active, 'automatic'), signal);
}
