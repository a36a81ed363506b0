import { EventEmitter, once } from 'node:events';
import { dirname } from 'node:path';
import { FolderRules, type Question, type Verdict } from './folder-rules.ts';
import { IgnoreRules, repositoryAround } from './index/ignore-rules.ts';
import { readLater } from './index/rule-files.ts';
import type { FolderPlace } from './index/workspace-index.ts';

type Place = Pick<FolderPlace, 'root' | 'exclude'>;

/**
 * Which files are not to be used. Paths are as addresses have them, with `/`; a cell of a notebook has `#` and its name behind that.
 *
 * Asking never waits: what is not in memory is `unknown`, and read from then on. Whoever holds `unknown` for a yes sends nothing too much.
 */
export class Ignored {
	readonly #places: () => readonly Place[];
	readonly #read: typeof readLater;
	readonly #news = new EventEmitter<{ news: [] }>().setMaxListeners(0);
	#folders: readonly FolderRules[] = [];
	#isOld = true;

	/** `read` may take as long as it likes. */
	constructor(places: () => readonly Place[], read = readLater) {
		this.#places = places;
		this.#read = read;
	}

	/** Whether `.co-cloneignore` lists a file: nothing of it is sent, wherever the cursor is. */
	isListed(path: string): Verdict {
		return this.#ask('isListed', path);
	}

	/** Whether a file is listed, or left out by Git or hidden: nothing of it is shown to a model while somebody works on another. */
	isLeftOut(path: string): Verdict {
		return this.#ask('isIgnoredWithParents', path);
	}

	/** Resolves when both are known of a file. */
	async untilKnown(path: string, signal: AbortSignal): Promise<void> {
		while (this.isListed(path) === 'unknown' || this.isLeftOut(path) === 'unknown') await once(this.#news, 'news', { signal });
	}

	/** Called when something may be known that was not when it was asked. */
	onNews(listener: () => void): void {
		this.#news.on('news', listener);
	}

	/** Reads everything anew when it is needed: after the folders or what is said in them changed. */
	forget(): void {
		this.#isOld = true;
		this.#news.emit('news');
	}

	#ask(question: Question, path: string): Verdict {
		const paths = new Set([path, path.replace(/#[^#/]*$/, '')]);
		const said = this.#current().flatMap((folder) =>
			[...paths]
				.filter((each) => each.startsWith(`${folder.path}/`))
				.map((each) => folder.says(question, each.slice(folder.path.length + 1))),
		);
		return said.includes(true) || (said.includes('unknown') && 'unknown');
	}

	/** A folder stays the same as long as it is one of ours: what it is still reading is not read a second time beside that. */
	#current(): readonly FolderRules[] {
		if (!this.#isOld) return this.#folders;
		this.#isOld = false;
		const before = new Map(this.#folders.map((folder) => [folder.path, folder]));
		this.#folders = this.#places().map(({ root, exclude }) => {
			const path = addressed(root);
			const folder = before.get(path) ?? new FolderRules(path, root, this.#read, () => this.#news.emit('news'));
			before.delete(path);
			folder.begin(exclude);
			return folder;
		});
		for (const gone of before.values()) gone.end();
		return this.#folders;
	}
}

/** `C:\\project` is `/C:/project`. */
export function addressed(root: string): string {
	const path = root.replaceAll('\\', '/').replace(/\/$/, '');
	return path.startsWith('/') ? path : `/${path}`;
}

/** Whether a `.co-cloneignore` lists a file of the disk: one next to it, or in a folder above up to that of the repository. Waits for the disk. */
export function isListedAnywhere(file: string): boolean {
	const root = repositoryAround(dirname(file)) ?? dirname(file);
	return new IgnoreRules(root, []).isListed(file.slice(root.length + 1).replaceAll('\\', '/'));
}
