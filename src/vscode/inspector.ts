import { type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode';
import { inspectionText } from './inspection-text.ts';
import type { Journal } from './journal.ts';

const scheme = 'co-clone-inspect';
const page = Uri.from({ scheme, path: 'Last Request.md' });

/** “Inspect Last Request”: a document that nobody can edit and that is written nowhere. It stays as it is until it is asked for again. */
export class Inspector implements TextDocumentContentProvider, Disposable {
	readonly #journal: Journal;
	readonly #changed = new EventEmitter<Uri>();
	readonly #registration: Disposable;
	readonly onDidChange = this.#changed.event;
	#text = '';

	constructor(journal: Journal) {
		this.#journal = journal;
		this.#registration = workspace.registerTextDocumentContentProvider(scheme, this);
	}

	provideTextDocumentContent(): string {
		return this.#text;
	}

	async show(): Promise<void> {
		const { last, lastAsked } = this.#journal;
		this.#text = inspectionText(last, lastAsked);
		this.#changed.fire(page);
		await window.showTextDocument(await workspace.openTextDocument(page), { preview: false });
	}

	dispose(): void {
		this.#registration.dispose();
		this.#changed.dispose();
	}
}
