import { isUtf8 } from 'node:buffer';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { languageOf } from '../completion/language.ts';
import { IgnoreRules } from '../context/index/ignore-rules.ts';
import { isForeign, lockOf } from '../context/index/source-file.ts';
import { walk } from '../context/index/walk.ts';
import { isProjectFile } from '../signature/languages/all.ts';
import type { Breath } from '../std/breath.ts';
import type { Folder } from './wire.ts';

/** What is larger was not written by hand; and what does not fit into memory with the others is not looked at. */
const mostBytes = 2_000_000;
/** What was generated is only listed: less is worth it. */
const mostGeneratedBytes = 300_000;
const mostCharacters = 100_000_000;

/** A file of the disk. */
export interface DiskFile {
	/** Absolute, with `/`. */
	readonly path: string;
	readonly languageId: string;
	readonly text: string;
	/** Why it is never edited: it cannot be written, or nobody wrote it. */
	readonly locked?: string | undefined;
}

interface Kept extends DiskFile {
	readonly modified: number;
	readonly size: number;
}

/** The source files of the workspace folders that no rule leaves out. Texts are kept while plans are made again and again. */
export class DiskFiles {
	readonly #isWanted: (path: string) => boolean;
	#folders: readonly Folder[] = [];
	#paths: readonly string[] | undefined;
	/** How often what there is became something else. */
	#forgotten = 0;
	readonly #kept = new Map<string, Kept>();

	constructor(isWanted: (path: string) => boolean) {
		this.#isWanted = isWanted;
	}

	setFolders(folders: readonly Folder[]): void {
		this.#folders = folders;
		this.forget();
	}

	/** Which files there are may be different now. */
	forget(): void {
		this.#paths = undefined;
		this.#forgotten += 1;
	}

	/** Nobody has needed the texts for a while. */
	release(): void {
		this.#kept.clear();
	}

	/** The folder that paths are relative to: the one around a file. */
	rootOf(path: string): string {
		const around = this.#folders.map(({ root }) => root).filter((root) => path.startsWith(`${root}/`));
		return around.toSorted((left, right) => right.length - left.length)[0] ?? path.replace(/\/[^/]*$/, '');
	}

	isInside(path: string): boolean {
		return this.#folders.some(({ root }) => path.startsWith(`${root}/`));
	}

	/** Whether no rule leaves it out. */
	mayShow(path: string): boolean {
		const root = this.rootOf(path);
		const folder = this.#folders.find((one) => one.root === root);
		return folder !== undefined && !new IgnoreRules(root, folder.exclude).isIgnoredWithParents(relativePath(root, path));
	}

	/** Why it is never edited, whatever text it has now. */
	lockOf(path: string, text: string, found: Stats | undefined = statOf(path)): string | undefined {
		return lockOf(this.isInside(path) ? relativePath(this.rootOf(path), path) : path, text, found?.mode);
	}

	async read(languageIds: ReadonlySet<string>, breath: Breath): Promise<readonly DiskFile[]> {
		const forgotten = this.#forgotten;
		const paths = this.#paths ?? (await this.#list(breath));
		// What became something else while it was listed is listed again next time.
		if (forgotten === this.#forgotten) this.#paths = paths;
		const files: DiskFile[] = [];
		let characters = 0;
		for (const path of paths) {
			await breath.take();
			const file = isSource(path, languageIds) ? this.file(path) : undefined;
			if (!file) continue;
			characters += file.text.length;
			if (characters > mostCharacters) break;
			files.push(file);
		}
		return files;
	}

	/** A file as it is now; undefined where it is no text or too long, or is not there. */
	file(path: string): DiskFile | undefined {
		const found = statOf(path);
		if (!found?.isFile() || found.size > (isForeign(path) ? mostGeneratedBytes : mostBytes)) return undefined;
		const known = this.#kept.get(path);
		if (known && known.modified === found.mtimeMs && known.size === found.size) return known;
		const text = readText(path);
		if (text === undefined) return undefined;
		const file = {
			path,
			languageId: languageOf(path),
			text,
			locked: this.lockOf(path, text, found),
			modified: found.mtimeMs,
			size: found.size,
		};
		this.#kept.set(path, file);
		return file;
	}

	async #list(breath: Breath): Promise<readonly string[]> {
		const paths = new Set<string>();
		for (const { root, exclude } of this.#folders) {
			const isLeftOut = (path: string) => !this.#isWanted(path);
			for (const path of walk(root, new IgnoreRules(root, exclude), isLeftOut)) {
				if (path === undefined) await breath.take();
				else paths.add(`${root}/${path}`);
			}
		}
		return [...paths];
	}
}

/** Whether it is in one of these languages, or says what code in one of them means. */
export function isSource(path: string, languageIds: ReadonlySet<string>): boolean {
	return languageIds.has(languageOf(path)) || isProjectFile(path, languageIds);
}

/** With `/`, from a folder: `../` where it is not in it. */
export function relativePath(root: string, path: string): string {
	return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : relative(root, path).replaceAll(sep, '/');
}

function statOf(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined;
	}
}

function readText(path: string): string | undefined {
	try {
		const content = readFileSync(path);
		// In another encoding columns would be others.
		return content.includes(0) || !isUtf8(content) ? undefined : content.toString('utf8').replace(/^\uFEFF/, '');
	} catch {
		return undefined;
	}
}
