import { Disposable, type TextDocument, type TextEditor, type Uri, window, workspace } from 'vscode';
import { EditTrail } from '../../context/edit-trail.ts';
import type { Source } from '../../context/finder.ts';
import type { ContextSnippet } from '../../context/snippet.ts';
import type { EditorPlace } from './editor-place.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** Who types on has not finished. */
const settledMs = 700;
/** Places where the cursor was, and lines around it. */
const views = { most: 6, above: 6, below: 8 };
const deadlineMs = 100;

interface View {
	readonly uri: Uri;
	readonly line: number;
}

/** What was edited and looked at lately in this window. */
export class Trail implements Disposable {
	readonly #files: WorkspaceFiles;
	readonly #edits = new EditTrail();
	/** By document, from least to most recently looked at. */
	readonly #views = new Map<string, View>();
	readonly #listening: Disposable;
	readonly #pending = new Map<TextDocument, NodeJS.Timeout>();

	constructor(files: WorkspaceFiles) {
		this.#files = files;
		this.#saw(window.activeTextEditor);
		this.#listening = Disposable.from(
			window.onDidChangeActiveTextEditor((editor) => this.#saw(editor)),
			window.onDidChangeTextEditorSelection(({ textEditor }) => this.#looked(textEditor)),
			workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
				if (contentChanges.length > 0 && isShown(document)) this.#edited(document);
			}),
			workspace.onDidCloseTextDocument((document) => this.#forget(document)),
		);
	}

	get sources(): Source<EditorPlace>[] {
		return [
			{
				name: 'recent edits',
				deadlineMs,
				find: async ({ path, position }) => this.#edits.around(path, position.line),
			},
			{ name: 'recently viewed', deadlineMs, find: (place) => this.#viewsOutside(place) },
		];
	}

	dispose(): void {
		this.#listening.dispose();
		for (const timer of this.#pending.values()) clearTimeout(timer);
		this.#pending.clear();
	}

	#saw(editor: TextEditor | undefined): void {
		if (!editor) return;
		this.#looked(editor);
		const path = this.#files.pathOf(editor.document.uri)?.path;
		if (path !== undefined) this.#edits.saw(path, linesOf(editor.document));
	}

	#looked({ document: { uri }, selection }: TextEditor): void {
		const key = uri.toString();
		this.#views.delete(key);
		this.#views.set(key, { uri, line: selection.active.line });
		for (const oldest of this.#views.keys()) {
			if (this.#views.size <= views.most) break;
			this.#views.delete(oldest);
		}
	}

	#edited(document: TextDocument): void {
		clearTimeout(this.#pending.get(document));
		const take = () => {
			this.#pending.delete(document);
			const path = this.#files.pathOf(document.uri)?.path;
			if (path !== undefined && !document.isClosed) this.#edits.settled(path, linesOf(document));
		};
		this.#pending.set(document, setTimeout(take, settledMs));
	}

	#forget(document: TextDocument): void {
		clearTimeout(this.#pending.get(document));
		this.#pending.delete(document);
	}

	async #viewsOutside({ path: own }: EditorPlace): Promise<ContextSnippet[]> {
		const latest = [...this.#views.values()].reverse();
		const found = await Promise.all(latest.map((view, index) => this.#snippetAt(view, 1 / (1 + index / 2))));
		return found.filter((snippet) => snippet !== undefined).filter(({ path }) => path !== own);
	}

	async #snippetAt({ uri, line }: View, score: number): Promise<ContextSnippet | undefined> {
		const path = this.#files.pathOf(uri)?.path;
		const lines = path === undefined ? undefined : await this.#files.linesOf(uri).catch(() => undefined);
		if (path === undefined || !lines) return undefined;
		const startLine = Math.max(0, line - views.above);
		const shown = lines.slice(startLine, line + views.below + 1);
		return { path, startLine, endLine: startLine + shown.length - 1, text: shown.join('\n'), source: 'view', score };
	}
}

/** What is edited in texts that nobody sees was not typed: a refactoring of hundreds of files would push out what was. */
function isShown(document: TextDocument): boolean {
	return window.visibleTextEditors.some((editor) => editor.document === document);
}

function linesOf(document: TextDocument): string[] {
	return document.getText().split(/\r?\n/);
}
