import { type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode';
import { usedText } from './context/what-was-used.ts';
import { inspectionText } from './inspection-text.ts';
import type { Journal } from './journal.ts';

const scheme = 'co-clone-inspect';
const pages = { request: Uri.from({ scheme, path: 'Last Request.md' }), used: Uri.from({ scheme, path: 'What Was Used.md' }) };

/**
 * “Inspect Last Request” and “Show What Was Used”: documents that nobody can edit and that are written nowhere. They stay as they are until they
 * are asked for again.
 */
export class Inspector implements TextDocumentContentProvider, Disposable {
	readonly #journal: Journal;
	readonly #changed = new EventEmitter<Uri>();
	readonly #registration: Disposable;
	readonly onDidChange = this.#changed.event;
	readonly #texts = new Map<string, string>();

	constructor(journal: Journal) {
		this.#journal = journal;
		this.#registration = workspace.registerTextDocumentContentProvider(scheme, this);
	}

	provideTextDocumentContent(page: Uri): string {
		return this.#texts.get(page.toString()) ?? '';
	}

	async show(): Promise<void> {
		const { last, lastAsked } = this.#journal;
		await this.#open(pages.request, inspectionText(last, lastAsked));
	}

	/** The code from elsewhere that the last answer was made with. */
	async showUsed(): Promise<void> {
		await this.#open(pages.used, usedText(this.#journal.lastAsked));
	}

	async #open(page: Uri, text: string): Promise<void> {
		this.#texts.set(page.toString(), text);
		this.#changed.fire(page);
		await window.showTextDocument(await workspace.openTextDocument(page), { preview: false });
	}

	dispose(): void {
		this.#registration.dispose();
		this.#changed.dispose();
	}
}
