import type { ComparedFile } from './gateway.ts';

const key = 'co-clone-files';
const delayMs = 300;

/** Keeps the files of a tab in the browser, so that loading the page again loses nothing. They go nowhere else. */
export class KeptFiles {
	readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
	readonly #alert: (message: string) => void;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(storage: Pick<Storage, 'getItem' | 'setItem'>, alert: (message: string) => void) {
		this.#storage = storage;
		this.#alert = alert;
	}

	/** The files that were kept, or those that everybody starts with. */
	async read(): Promise<readonly ComparedFile[]> {
		const kept = this.#storage.getItem(key);
		if (kept !== null) return JSON.parse(kept);
		const response = await fetch('/playground/examples.json');
		return await response.json();
	}

	keep(files: () => readonly ComparedFile[]): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#write(files()), delayMs);
	}

	/** A browser keeps a few megabytes for a page. */
	#write(files: readonly ComparedFile[]): void {
		try {
			this.#storage.setItem(key, JSON.stringify(files));
		} catch {
			this.#alert(
				'These files are too large for the browser to keep them: they are gone when the page is loaded again. Download what you need.',
			);
		}
	}
}
