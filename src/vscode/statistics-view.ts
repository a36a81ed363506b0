import { randomBytes } from 'node:crypto';
import { type Disposable, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { figuresOf } from '../completion/figures.ts';
import type { Bookkeeper } from './statistics.ts';
import { page, sections } from './statistics-page.ts';

/** The page follows what happens, not every keystroke. */
const refreshMs = 1000;

/** The statistics as a page in the editor, kept up to date while it is open; and as a file. */
export class StatisticsView implements Disposable {
	readonly #books: Bookkeeper;
	readonly #media: Uri;
	#panel: WebviewPanel | undefined;

	constructor(books: Bookkeeper, extension: Uri) {
		this.#books = books;
		this.#media = Uri.joinPath(extension, 'media');
	}

	/** Opens the page, or goes to the one that is open. */
	show(): void {
		if (this.#panel) this.#panel.reveal();
		else this.#panel = this.#open();
	}

	/** Asks for a file and writes everything to it that the page shows, and more exactly. */
	async export(): Promise<void> {
		const { statistics, today } = this.#books;
		const folder = workspace.workspaceFolders?.[0]?.uri;
		const name = `co-clone-statistics-${today}.json`;
		const file = await window.showSaveDialog({
			title: 'Export Statistics',
			filters: { JSON: ['json'] },
			...(folder && { defaultUri: Uri.joinPath(folder, name) }),
		});
		if (!file) return;
		const content = { exportedOn: today, ...figuresOf(statistics, today) };
		await workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(content, null, '\t')}\n`));
	}

	async reset(): Promise<void> {
		const question = 'Reset Co-Clone’s statistics?';
		const detail = 'All figures are deleted. Export them first if you want to keep them.';
		const chosen = await window.showWarningMessage(question, { modal: true, detail }, 'Reset');
		if (chosen === 'Reset') await this.#books.reset();
	}

	dispose(): void {
		this.#panel?.dispose();
	}

	#open(): WebviewPanel {
		const options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [this.#media] };
		const panel = window.createWebviewPanel('co-clone.statisticsView', 'Co-Clone Statistics', ViewColumn.Active, options);
		const { webview } = panel;
		const source = (name: string) => webview.asWebviewUri(Uri.joinPath(this.#media, name)).toString();
		let due: NodeJS.Timeout | undefined;
		const refresh = () => {
			due = undefined;
			void webview.postMessage(sections(figuresOf(this.#books.statistics, this.#books.today)));
		};
		const stop = this.#books.onChange(() => {
			due ??= setTimeout(refresh, refreshMs);
		});
		webview.onDidReceiveMessage((message: unknown) => {
			if (message === 'ready') refresh();
			else if (message === 'export') void this.export();
			else if (message === 'reset') void this.reset();
		});
		panel.onDidDispose(() => {
			stop();
			clearTimeout(due);
			this.#panel = undefined;
		});
		const nonce = randomBytes(16).toString('base64');
		webview.html = page({ cspSource: webview.cspSource, nonce, style: source('statistics.css'), script: source('statistics.js') });
		return panel;
	}
}
