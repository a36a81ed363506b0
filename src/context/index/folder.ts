import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { languageOf } from '../../completion/language.ts';
import type { Definition } from '../code-index.ts';
import type { ContextSnippet } from '../snippet.ts';
import { declarationAt } from './declaration.ts';
import { FolderIndex, type Place } from './folder-index.ts';
import { IgnoreRules } from './ignore-rules.ts';
import { distance, importedPaths, isImported } from './imports.ts';
import { loadIndex, saveIndex } from './index-file.ts';
import { RecentTexts } from './recent-texts.ts';
import { isGenerated, readableText, readPart, readSource, type SourceFile, statFile } from './source-file.ts';
import { isWantedName, walk } from './walk.ts';

/** How far a scan has come. */
export interface Progress {
	readonly done: number;
	readonly total: number;
}

/** What is imported is nearer than anything else, by more folders than there are. */
const nearer = 1000;
const mostDeclarations = { found: 200, perName: 3 };
const never = () => false;

/** A folder of the workspace with its index, which it keeps like the files are. */
export class Folder {
	readonly root: string;
	#index = new FolderIndex();
	readonly #rules: IgnoreRules;
	readonly #mostBytes: number;
	/** Of documents that are not saved. */
	readonly #unsaved = new Map<string, string>();
	readonly #texts = new RecentTexts();
	#isSaved = false;
	/** Files that there was no room for. */
	#leftOut = 0;

	constructor(root: string, exclude: readonly string[], within: readonly string[], mostBytes: number) {
		this.root = root;
		this.#rules = new IgnoreRules(root, exclude, within);
		this.#mostBytes = mostBytes;
	}

	/** Takes what was saved; the next scan makes it what the files are now. Returns what is wrong with the file, if anything is. */
	load(file: string): string | undefined {
		const loaded = loadIndex(file);
		if ('fault' in loaded) return loaded.fault;
		this.#index = loaded.index;
		this.#isSaved = true;
		return undefined;
	}

	/** What was crossed out is left out, from then on here as well. */
	save(file: string): void {
		if (this.#index.isScattered) this.#index = this.#index.compacted();
		saveIndex(file, this.#index);
		this.#isSaved = true;
	}

	/** Whether the file has all that is known. */
	get isSaved(): boolean {
		return this.#isSaved;
	}

	get fileCount(): number {
		return this.#index.fileCount;
	}

	get chunkCount(): number {
		return this.#index.chunkCount;
	}

	get leftOut(): number {
		return this.#leftOut;
	}

	/**
	 * Makes the index what the files are, a file at a time. Those that are as they were are not read. Throws where the folder cannot be read
	 * now: a disk that is gone for a while has not lost its files.
	 */
	*scan(): Generator<Progress> {
		readdirSync(this.root);
		const paths = new Set<string>();
		this.#leftOut = 0;
		this.#rules.forget();
		for (const path of walk(this.root, this.#rules)) {
			if (path === undefined) yield { done: 0, total: paths.size };
			else paths.add(path);
		}
		this.#rules.forget();
		for (const { path } of [...this.#index.files]) if (!paths.has(path)) this.#remove(path);
		let done = 0;
		for (const path of paths) {
			this.#refresh(path);
			yield { done: ++done, total: paths.size };
		}
	}

	/** A file was created or changed, or is open with a text that is not saved. */
	changed(path: string, text: string | undefined): void {
		if (text === undefined) this.#unsaved.delete(path);
		if (!isWantedName(join(this.root, path)) || this.#rules.isIgnoredWithParents(path)) {
			this.#unsaved.delete(path);
			this.#remove(path);
		} else if (text === undefined) {
			this.#refresh(path);
		} else {
			this.#enterUnsaved(path, text);
		}
	}

	/** A file or a folder is gone. */
	deleted(path: string): void {
		this.#unsaved.delete(path);
		this.#remove(path);
		for (const file of [...this.#index.files]) if (file.path.startsWith(`${path}/`)) this.#remove(file.path);
	}

	/** Reads nothing any more as soon as it is late. */
	search(text: string, except: string, limit: number, isLate = never): ContextSnippet[] {
		const found = this.#index.search(text, except, limit).map((place): ContextSnippet => {
			const { path, startLine, endLine, score } = place;
			return { path, startLine, endLine, text: isLate() ? '' : this.#textAt(place).trimEnd(), source: 'similar', score };
		});
		return found.filter((snippet) => snippet.text !== '');
	}

	/** What another file imports counts as near. Reads nothing any more as soon as it is late. */
	definitions(name: string, path: string, imported: ReadonlySet<string>, isLate = never): Definition[] {
		const places = this.#index.declarations(name, mostDeclarations.found).filter((place) => place.path !== path);
		const near = places.map((place) => ({ ...place, far: distance(place.path, path) - (isImported(place.path, imported) ? nearer : 0) }));
		const found: Definition[] = [];
		for (const place of near.toSorted((a, b) => a.far - b.far || a.line - b.line)) {
			if (found.length === mostDeclarations.perName || isLate()) break;
			const definition = this.#definitionAt(name, place.path, place.line);
			if (definition) found.push(definition);
		}
		return found;
	}

	/** What a file imports, for `definitions`. */
	importsOf(path: string): ReadonlySet<string> {
		return importedPaths(this.#textOf(path) ?? '');
	}

	#definitionAt(name: string, path: string, line: number): Definition | undefined {
		const lines = this.#textOf(path)?.split('\n');
		if (!lines?.[line]?.includes(name)) return undefined;
		return { name, path, ...declarationAt(lines, line, languageOf(path)) };
	}

	/** Empty if it has become another. */
	#textAt({ path, from, to }: Place): string {
		const known = this.#index.file(path);
		if (known?.isPlain) return readPart(join(this.root, path), known, from, to) ?? '';
		return this.#textOf(path)?.slice(from, to) ?? '';
	}

	/** The text that the index knows; undefined if it has become another. */
	#textOf(path: string): string | undefined {
		const known = this.#index.file(path);
		if (!known) return undefined;
		return this.#unsaved.get(path) ?? this.#texts.get(join(this.root, path), known);
	}

	#refresh(path: string): void {
		if (this.#unsaved.has(path)) return;
		const known = this.#index.file(path);
		const stat = statFile(join(this.root, path));
		if (stat && known && stat.mtimeMs === known.modified && stat.size === known.size) return;
		const found = stat && readSource(join(this.root, path));
		if (found && !isGenerated(found.text)) this.#enter(path, found);
		else this.#remove(path);
	}

	#enterUnsaved(path: string, text: string): void {
		const readable = readableText(text);
		if (isGenerated(readable)) {
			this.#remove(path);
			return;
		}
		this.#unsaved.set(path, readable);
		this.#enter(path, { text: readable, modified: 0, size: 0, isPlain: false });
	}

	#enter(path: string, file: SourceFile): void {
		if (this.#index.bytes > this.#mostBytes && !this.#index.file(path)) {
			this.#leftOut++;
			return;
		}
		this.#index.put(path, file);
		this.#isSaved = false;
	}

	#remove(path: string): void {
		if (this.#index.remove(path)) this.#isSaved = false;
	}
}
