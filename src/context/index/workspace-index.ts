import { sep } from 'node:path';
import type { CodeIndex, Definition, IndexQuery } from '../code-index.ts';
import type { ContextSnippet } from '../snippet.ts';
import { Folder } from './folder.ts';

/** A folder of the workspace. */
export interface FolderPlace {
	readonly root: string;
	/** As the user knows it. */
	readonly name: string;
	/** Globs of what is hidden there, from the folder. */
	readonly exclude: readonly string[];
}

interface Entry {
	readonly place: FolderPlace;
	readonly folder: Folder;
	/** Folders of the workspace that are in this one. */
	readonly within: readonly string[];
}

/** The folders of a workspace as one. Paths from the workspace begin with the folder's name where there are several. */
export class WorkspaceIndex implements CodeIndex {
	readonly #mostBytes: number;
	readonly #readingMs: number;
	#entries: readonly Entry[] = [];

	/** `readingMs` is how long an answer may read files. What would come later is not in it: on a slow disk nobody waits for that. */
	constructor(mostBytes: number, readingMs = Number.POSITIVE_INFINITY) {
		this.#mostBytes = mostBytes;
		this.#readingMs = readingMs;
	}

	get folders(): readonly Folder[] {
		return this.#entries.map(({ folder }) => folder);
	}

	/** Folders that stay keep what is known of them. Returns those that are new. */
	setFolders(places: readonly FolderPlace[]): Folder[] {
		const before = this.#entries;
		this.#entries = places.map((place) => {
			const within = places.map(({ root }) => pathIn(place.root, root) ?? '').filter((path) => path !== '');
			const kept = before.find((entry) => isSame(entry, place, within));
			return kept ?? { place, within, folder: new Folder(place.root, place.exclude, within, this.#mostBytes) };
		});
		return this.#entries.filter((entry) => !before.includes(entry)).map(({ folder }) => folder);
	}

	async search({ text, path, limit }: IndexQuery, signal: AbortSignal): Promise<ContextSnippet[]> {
		signal.throwIfAborted();
		const isLate = this.#lateness();
		const found = this.#entries.flatMap((entry) =>
			entry.folder.search(text, this.#pathFrom(entry, path), limit, isLate).map((snippet) => this.#named(entry, snippet)),
		);
		return found.toSorted((a, b) => b.score - a.score).slice(0, limit);
	}

	async definitions(names: readonly string[], path: string, signal: AbortSignal): Promise<Definition[]> {
		signal.throwIfAborted();
		const isLate = this.#lateness();
		const own = this.#entries.find((entry) => this.#pathFrom(entry, path) !== '');
		const imported = own?.folder.importsOf(this.#pathFrom(own, path)) ?? new Set();
		const entries = this.#entries.toSorted((a, b) => Number(b === own) - Number(a === own));
		return names.flatMap((name) =>
			entries.flatMap((entry) =>
				entry.folder.definitions(name, this.#pathFrom(entry, path), imported, isLate).map((definition) => this.#named(entry, definition)),
			),
		);
	}

	/** A file of the disk was created or changed, or is open with a text that is not saved. */
	changed(file: string, text: string | undefined): void {
		const [folder, path] = this.#locate(file);
		if (path !== '') folder?.changed(path, text);
	}

	deleted(file: string): void {
		const [folder, path] = this.#locate(file);
		if (path !== '') folder?.deleted(path);
	}

	#lateness(): () => boolean {
		const until = performance.now() + this.#readingMs;
		return () => performance.now() > until;
	}

	/** The innermost folder that a file of the disk is in, and its path from there. */
	#locate(file: string): readonly [Folder | undefined, string] {
		const inside = this.#entries.map((entry) => ({ entry, path: pathIn(entry.place.root, file) ?? '' })).filter(({ path }) => path !== '');
		const [innermost] = inside.toSorted((a, b) => a.path.length - b.path.length);
		return [innermost?.entry.folder, innermost?.path ?? ''];
	}

	#named<T extends { readonly path: string }>(entry: Entry, found: T): T {
		return this.#entries.length > 1 ? { ...found, path: `${entry.place.name}/${found.path}` } : found;
	}

	/** Empty for the path of a file in another folder. */
	#pathFrom({ place }: Entry, path: string): string {
		if (this.#entries.length === 1) return path;
		return path.startsWith(`${place.name}/`) ? path.slice(place.name.length + 1) : '';
	}
}

function isSame(entry: Entry, place: FolderPlace, within: readonly string[]): boolean {
	return JSON.stringify([entry.place, entry.within]) === JSON.stringify([place, within]);
}

/** Where a file is in a folder, with `/`; undefined if it is not. */
function pathIn(root: string, file: string): string | undefined {
	if (file === root) return '';
	const start = root.endsWith(sep) ? root : `${root}${sep}`;
	return file.startsWith(start) ? file.slice(start.length).replaceAll(sep, '/') : undefined;
}
