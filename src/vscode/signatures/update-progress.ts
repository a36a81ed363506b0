import { type Disposable, ProgressLocation } from 'vscode';
import { LateProgress } from '../late-progress.ts';

/** In milliseconds: what is done by then nobody is told about. */
const silent = 1000;
const title = 'Co-Clone updates callers';

/** What is seen of an update that takes long. It can be stopped until the editor has the edits. */
export class UpdateProgress implements Disposable {
	readonly #controller = new AbortController();
	readonly #planning: LateProgress;
	readonly #editing = new LateProgress(title, silent, { location: ProgressLocation.Notification });

	constructor() {
		const stop = () => this.#controller.abort();
		this.#planning = new LateProgress(title, silent, { location: ProgressLocation.Notification, stop });
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	plans(): void {
		this.#editing.end();
		this.#planning.report('Looking for what has changed');
	}

	/** From here on it goes to its end: nobody wants half of it, and the editor saves all files at once when it has edited the last. */
	edits(files: number): void {
		this.#planning.end();
		this.#editing.report(files === 1 ? '1 file is edited' : `${files} files are edited`);
	}

	dispose(): void {
		this.#planning.end();
		this.#editing.end();
	}
}
