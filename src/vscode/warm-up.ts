import { Disposable, type TextEditor, window, workspace } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import { isGhostTextOn } from './ghost-text.ts';
import { editorGate, requestAt } from './request-at.ts';

/** Most files that are shown are read or written in; of ten places where the cursor rests a moment, two are. */
const settledMs = { file: 150, cursor: 1500 };

/**
 * Has the text around the cursor evaluated before anybody types: when a file is shown, and when the cursor comes to rest. The
 * first completion of a file is then as fast as the others.
 */
export function warmUp(engine: CompletionEngine): Disposable {
	let pending: NodeJS.Timeout | undefined;
	let current: { readonly uri: string; readonly controller: AbortController } | undefined;
	const warm = (editor: TextEditor) => {
		const { document, selection } = editor;
		if (editorGate(document, undefined, 'automatic') || !isGhostTextOn(document)) return;
		const uri = document.uri.toString();
		current = { uri, controller: new AbortController() };
		void engine.warm(requestAt(document, selection.active, 'automatic'), current.controller.signal);
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
