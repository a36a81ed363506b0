import { Disposable, Range, type TextDocument, type TextDocumentChangeEvent, WorkspaceEdit, workspace } from 'vscode';
import { applyEdits } from '../../signature/text-edit.ts';
import { fingerprint } from '../../tracking/fingerprint.ts';
import type { ReadyEdit } from './changes.ts';
import { pathOf, save, uriOf } from './places.ts';

const wholeText = new Range(0, 0, Number.MAX_SAFE_INTEGER, 0);

/**
 * Notices what others make of texts that are going to be edited. While they are looked at they may change; and the editor needs seconds to open
 * hundreds of them, in which files may.
 */
export class Witness implements Disposable {
	readonly #fingerprints: ReadonlyMap<string, string>;
	readonly #listening: Disposable;
	readonly #edited = new Map<string, string>();
	readonly #others = new Map<string, string>();
	#edits: ReadonlyMap<string, readonly ReadyEdit[]> | undefined;
	#isQuiet = true;

	/** @param fingerprints of the texts as they should be, by their paths */
	constructor(fingerprints: ReadonlyMap<string, string>) {
		this.#fingerprints = fingerprints;
		this.#listening = Disposable.from(
			workspace.onDidOpenTextDocument((document) => this.#opened(document)),
			workspace.onDidChangeTextDocument((event) => this.#changed(event)),
		);
	}

	/** Whether all of them are what they were. */
	get isQuiet(): boolean {
		return this.#isQuiet;
	}

	/** Texts that were edited, and were others by then: as they were before that. */
	get others(): ReadonlyMap<string, string> {
		return this.#others;
	}

	/** The editor begins to. Of texts that are open it knows itself whether they changed. */
	expect(edits: ReadonlyMap<string, readonly ReadyEdit[]>): void {
		this.#edits = edits;
	}

	dispose(): void {
		this.#listening.dispose();
	}

	#opened(document: TextDocument) {
		const path = pathOf(document.uri);
		const planned = this.#fingerprints.get(path);
		if (planned === undefined) return;
		const text = document.getText();
		const isPlanned = fingerprint(text) === planned;
		if (!isPlanned) this.#isQuiet = false;
		const edits = this.#edits?.get(path);
		if (!edits) return;
		const at = edits.map(({ range, newText }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end), newText }));
		if (!isPlanned) this.#others.set(path, text);
		else this.#edited.set(path, fingerprintOfLines(applyEdits(text, at)));
	}

	#changed({ document, contentChanges }: TextDocumentChangeEvent) {
		const path = pathOf(document.uri);
		if (contentChanges.length === 0 || !this.#fingerprints.has(path)) return;
		this.#isQuiet = false;
		const edited = this.#edited.get(path);
		if (edited === undefined) return;
		// The first change is ours, or it is one too many.
		this.#edited.delete(path);
		const text = document.getText();
		if (fingerprintOfLines(text) !== edited) this.#others.set(path, text);
	}
}

/** However they end: the editor gives all lines of a text the same end, those of an edit too. */
function fingerprintOfLines(text: string): string {
	return fingerprint(text.replaceAll('\r\n', '\n'));
}

/** What somebody else had written was edited as if it were what had been planned for. It becomes what it was, on the disk too. */
export async function putBack(texts: ReadonlyMap<string, string>): Promise<boolean> {
	const edit = new WorkspaceEdit();
	for (const [path, text] of texts) edit.replace(uriOf(path), wholeText, text);
	const isBack = await workspace.applyEdit(edit);
	await save(texts.keys());
	return isBack;
}
