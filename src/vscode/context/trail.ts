import { Disposable, type TextDocument, type TextEditor, type Uri, window, workspace } from 'vscode';
import { EditTrail } from '../../context/edit-trail.ts';
import type { Source } from '../../context/finder.ts';
import type { ContextSnippet } from '../../context/snippet.ts';
import { within } from '../../std/within.ts';
import type { EditorPlace } from './editor-place.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** Who types on has not finished. */
const settledMs = 700;
/** Places where the cursor was, and lines around it. */
const views = { most: 6, above: 6, below: 8 };
const deadlineMs = 100;
/** For a disk to say whether a file may be shown at all. What is seen of it until then is not remembered for longer. */
const longestMs = 10_000;

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
	readonly #closed = new AbortController();

	constructor(files: WorkspaceFiles) {
		this.#files = files;
		void this.#saw(window.activeTextEditor);
		this.#listening = Disposable.from(
			window.onDidChangeActiveTextEditor((editor) => void this.#saw(editor)),
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
			{ name: 'recently viewed', deadlineMs, find: (place, _, signal) => this.#viewsOutside(place, signal) },
		];
	}

	dispose(): void {
		this.#closed.abort();
		this.#listening.dispose();
		for (const timer of this.#pending.values()) clearTimeout(timer);
		this.#pending.clear();
	}

	async #saw(editor: TextEditor | undefined): Promise<void> {
		if (!editor) return;
		this.#looked(editor);
		// As it is now: somebody may have typed by the time that its path is known.
		const lines = linesOf(editor.document);
		const path = await this.#pathOf(editor.document);
		if (path !== undefined) this.#edits.saw(path, lines);
	}

	async #pathOf({ uri }: TextDocument): Promise<string | undefined> {
		const found = await within(longestMs, (signal) => this.#files.pathOf(uri, signal), this.#closed.signal).catch(() => undefined);
		return found?.path;
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
		const take = async () => {
			this.#pending.delete(document);
			const path = await this.#pathOf(document);
			if (path !== undefined && !document.isClosed) this.#edits.settled(path, linesOf(document));
		};
		this.#pending.set(
			document,
			setTimeout(() => void take(), settledMs),
		);
	}

	#forget(document: TextDocument): void {
		clearTimeout(this.#pending.get(document));
		this.#pending.delete(document);
	}

	async #viewsOutside({ path: own }: EditorPlace, signal: AbortSignal): Promise<ContextSnippet[]> {
		const latest = [...this.#views.values()].reverse();
		const found = await Promise.all(latest.map((view, index) => this.#snippetAt(view, 1 / (1 + index / 2), signal)));
		return found.filter((snippet) => snippet !== undefined).filter(({ path }) => path !== own);
	}

	async #snippetAt({ uri, line }: View, score: number, signal: AbortSignal): Promise<ContextSnippet | undefined> {
		const path = (await this.#files.pathOf(uri, signal))?.path;
		const lines = path === undefined ? undefined : await this.#files.linesOf(uri, signal).catch(() => undefined);
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
