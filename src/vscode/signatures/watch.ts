import {
	Disposable,
	type TextDocument,
	type TextDocumentChangeEvent,
	TextDocumentChangeReason,
	type TextEditorSelectionChangeEvent,
	type Uri,
	window,
	workspace,
} from 'vscode';
import { applyEdits, type TextEdit } from '../../signature/text-edit.ts';
import type { EditOrigin } from '../../signature/tracker.ts';
import { Breath } from '../../std/breath.ts';
import { trackedLanguages } from '../../tracking/language-ids.ts';
import type { TrackingOrder } from '../../tracking/wire.ts';
import { places } from '../places.ts';
import { pathOf } from './places.ts';

/** In milliseconds: files change in crowds, and whether there is something to save is known a little later than what was typed. */
const crowd = 300;
const moment = 250;
/** What is longer was not written by hand. */
const mostCharacters = 2_000_000;
const mostHeader = 2000;

interface AsleepText {
	readonly languageId: string;
	readonly text: string;
}

function isTracked({ uri, languageId }: TextDocument): boolean {
	return uri.scheme === 'file' && trackedLanguages.includes(languageId);
}

/**
 * Tells the thread what becomes of texts and files. A keystroke costs one message; nothing is read, parsed or compared here, and of texts in
 * other languages nothing is told at all.
 */
export class Watch implements Disposable {
	readonly #tell: (order: TrackingOrder) => void;
	readonly #wake: () => void;
	/** Texts that are shown, as long as there is no thread: whoever only reads and writes prose never needs one. */
	readonly #asleep = new Map<string, AsleepText>();
	readonly #listening: Disposable;
	readonly #known = new Map<string, number>();
	/** Texts with a signature that is being edited. */
	readonly #edited = new Set<string>();
	readonly #changed = new Map<string, boolean>();
	#flush: NodeJS.Timeout | undefined;
	readonly #reading = new Map<string, NodeJS.Timeout>();
	/** Texts that nobody sees and that were edited all the same: one edit may be in hundreds. */
	readonly #unseen = new Set<TextDocument>();
	#telling: NodeJS.Timeout | undefined;
	/** Texts that Co-Clone itself edits now. */
	#ours: ReadonlySet<string> | undefined;
	#isAwake = false;

	/** @param wake starts the thread, which then is told everything */
	constructor(tell: (order: TrackingOrder) => void, wake: () => void) {
		this.#tell = tell;
		this.#wake = wake;
		const files = workspace.createFileSystemWatcher('**/*');
		this.#listening = Disposable.from(
			files,
			files.onDidCreate((uri) => this.#onDisk(uri, true)),
			files.onDidDelete((uri) => this.#onDisk(uri, true)),
			files.onDidChange((uri) => this.#onDisk(uri, false)),
			window.onDidChangeVisibleTextEditors(() => this.openVisible()),
			workspace.onDidOpenTextDocument((document) => this.#openIfShown(document)),
			workspace.onDidChangeTextDocument((event) => this.#changedText(event)),
			workspace.onDidSaveTextDocument((document) => this.#rest(document)),
			workspace.onDidCloseTextDocument((document) => this.#close(document)),
			workspace.onDidChangeWorkspaceFolders(() => this.#tellFolders()),
			workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('files.exclude') && this.#tellFolders()),
			window.onDidChangeTextEditorSelection((event) => this.#moved(event)),
		);
	}

	/** From the beginning, to a thread that knows nothing. */
	tellAll(): void {
		this.#isAwake = true;
		this.#tellFolders();
		for (const [path, { languageId, text }] of this.#asleep) this.#tell({ kind: 'open', path, languageId, text });
		if (this.#asleep.size === 0) this.#known.clear();
		this.#asleep.clear();
		this.#edited.clear();
		this.openVisible();
	}

	/** Sends a text anew that is not the same here and there. */
	tellAgain(document: TextDocument): void {
		this.#known.delete(pathOf(document.uri));
		this.#open(document);
	}

	/**
	 * Edits of Co-Clone itself. What they do to texts that nobody sees is told at the end: most of those are saved, and files again, by then.
	 *
	 * @param paths those that it edits; undefined where it waits for somebody before that
	 */
	async during(paths: ReadonlySet<string> | undefined, edits: () => Thenable<boolean>): Promise<boolean> {
		this.#ours = paths;
		try {
			return await edits();
		} finally {
			this.#ours = undefined;
			await this.#tellUnseen();
		}
	}

	setEdited(path: string, isEdited: boolean): void {
		if (isEdited) this.#edited.add(path);
		else this.#edited.delete(path);
	}

	dispose(): void {
		clearTimeout(this.#flush);
		clearTimeout(this.#telling);
		for (const timer of this.#reading.values()) clearTimeout(timer);
		this.#listening.dispose();
	}

	#tellFolders() {
		const folders = places().map(({ root, exclude }) => ({ root: root.replaceAll('\\', '/'), exclude }));
		this.#tell({ kind: 'folders', folders });
	}

	/** Texts that nobody sees are not typed in. */
	openVisible(): void {
		for (const { document } of window.visibleTextEditors) this.#open(document);
	}

	#openIfShown(document: TextDocument) {
		if (isShown(document)) this.#open(document);
	}

	#open(document: TextDocument) {
		const path = pathOf(document.uri);
		if (!isTracked(document) || this.#known.get(path) === document.version) return;
		const text = document.getText();
		if (text.length > mostCharacters) return;
		this.#known.set(path, document.version);
		if (this.#isAwake) this.#tell({ kind: 'open', path, languageId: document.languageId, text });
		else this.#asleep.set(path, { languageId: document.languageId, text });
	}

	#changedText({ document, contentChanges, reason }: TextDocumentChangeEvent) {
		if (contentChanges.length === 0 || !isTracked(document)) return;
		const path = pathOf(document.uri);
		const known = this.#known.get(path);
		if (known === undefined && !isShown(document)) {
			this.#changedUnseen(document);
			return;
		}
		const edits = contentChanges.map(
			({ rangeOffset, rangeLength, text }): TextEdit => ({ start: rangeOffset, end: rangeOffset + rangeLength, newText: text }),
		);
		if (known === undefined || known > document.version || !isInOneText(edits)) {
			this.tellAgain(document);
			return;
		}
		this.#known.set(path, document.version);
		const asleep = this.#asleep.get(path);
		if (asleep && edits.some((edit) => mayBeSignature(asleep.text, edit))) this.#wake();
		else if (asleep) this.#asleep.set(path, { ...asleep, text: applyEdits(asleep.text, edits) });
		if (!this.#isAwake) return;
		this.#askWhetherRead(document);
		this.#tell({ kind: 'edit', path, edits, origin: this.#originOf(document, reason) });
	}

	#originOf(document: TextDocument, reason: TextDocumentChangeReason | undefined): EditOrigin {
		if (reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo) return 'undone';
		if (this.#ours?.has(pathOf(document.uri))) return 'ours';
		return isShown(document) ? 'typed' : 'foreign';
	}

	#changedUnseen(document: TextDocument) {
		this.#unseen.add(document);
		this.#telling ??= setTimeout(() => void this.#tellUnseen(), crowd);
	}

	/** Those that are saved are read from the disk. */
	async #tellUnseen() {
		clearTimeout(this.#telling);
		this.#telling = undefined;
		if (this.#ours) return;
		const documents = [...this.#unseen];
		this.#unseen.clear();
		const breath = new Breath(new AbortController().signal);
		for (const document of documents) {
			await breath.take();
			if (document.isDirty && !document.isClosed) this.#open(document);
		}
		if (documents.length > 0) this.#tell({ kind: 'disk', paths: documents.map(({ uri }) => pathOf(uri)), isOther: false });
	}

	/** What was read from the disk anew leaves a text with nothing to save. What was typed does, too, for a moment. */
	#askWhetherRead(document: TextDocument) {
		const path = pathOf(document.uri);
		clearTimeout(this.#reading.get(path));
		this.#reading.delete(path);
		if (document.isDirty) return;
		const ask = () => {
			this.#reading.delete(path);
			if (!document.isDirty) this.#tell({ kind: 'read', path });
		};
		this.#reading.set(path, setTimeout(ask, moment));
	}

	#moved({ textEditor: { document }, selections }: TextEditorSelectionChangeEvent) {
		const path = pathOf(document.uri);
		const [selection] = selections;
		if (selection && this.#edited.has(path)) this.#tell({ kind: 'rest', path, caret: document.offsetAt(selection.active) });
	}

	#rest(document: TextDocument) {
		const path = pathOf(document.uri);
		clearTimeout(this.#reading.get(path));
		if (this.#known.has(path)) this.#tell({ kind: 'rest', path });
	}

	#close({ uri }: TextDocument) {
		const path = pathOf(uri);
		this.#asleep.delete(path);
		if (this.#known.delete(path)) this.#tell({ kind: 'close', path });
	}

	#onDisk(uri: Uri, isOther: boolean) {
		if (uri.scheme !== 'file') return;
		if (this.#changed.size === 0) this.#flush = setTimeout(() => this.#tellChanged(), crowd);
		const path = pathOf(uri);
		this.#changed.set(path, isOther || (this.#changed.get(path) ?? false));
	}

	#tellChanged() {
		// What Co-Clone edits is saved one file after the other, and planned for once.
		if (this.#ours) {
			this.#flush = setTimeout(() => this.#tellChanged(), crowd);
			return;
		}
		const paths = [...this.#changed.keys()];
		const hasOthers = [...this.#changed.values()].some(Boolean);
		this.#changed.clear();
		this.#tell({ kind: 'disk', paths, isOther: hasOthers });
	}
}

function isShown(document: TextDocument): boolean {
	return window.visibleTextEditors.some((editor) => editor.document === document);
}

/** Whether there is anything of a parameter list between the statement before and the end of the line. */
function mayBeSignature(text: string, { start, end }: TextEdit): boolean {
	const before = text.slice(Math.max(0, start - mostHeader), start);
	const statement = before.slice(before.search(/[^;{}]*$/));
	const line = text.slice(end, end + mostHeader).split('\n', 1)[0] ?? '';
	return /\(|=>/.test(statement + text.slice(start, end) + line);
}

/** The editor sends the last edit first; then all of them are places in the text as it was. */
function isInOneText(edits: readonly TextEdit[]): boolean {
	return edits.every((edit, index) => edit.end <= (edits[index - 1]?.start ?? Number.POSITIVE_INFINITY));
}
