import { Disposable, type TextEditor, window, workspace } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import { isGhostTextOn } from './ghost-text.ts';
import { editorGate, requestAt } from './request-at.ts';

/** A cursor that stays this long has settled. */
const settledMs = 150;

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
	const schedule = (editor: TextEditor | undefined) => {
		clearTimeout(pending);
		if (current && current.uri !== editor?.document.uri.toString()) current.controller.abort();
		if (editor) pending = setTimeout(() => warm(editor), settledMs);
	};
	schedule(window.activeTextEditor);
	return Disposable.from(
		window.onDidChangeActiveTextEditor(schedule),
		window.onDidChangeTextEditorSelection(({ textEditor }) => schedule(textEditor)),
		workspace.onDidGrantWorkspaceTrust(() => schedule(window.activeTextEditor)),
		new Disposable(() => {
			clearTimeout(pending);
			current?.controller.abort();
		}),
	);
}
