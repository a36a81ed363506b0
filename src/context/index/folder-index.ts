import { languageOf } from '../../completion/language.ts';
import { ChunkTable, gone } from './chunk-table.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { NameTable } from './name-table.ts';
import { Postings } from './postings.ts';
import { Ranking } from './ranking.ts';
import type { SourceFile } from './source-file.ts';
import { declaredNames } from './symbols.ts';
import { TermTable } from './term-table.ts';
import { hashName, hashWords } from './words.ts';

/** A file as it was when it was read. */
export interface IndexedFile {
	/** From the folder, with `/`. */
	readonly path: string;
	readonly number: number;
	/** When it was changed, in milliseconds; 0 for a text that is not on the disk. */
	readonly modified: number;
	readonly size: number;
	/** Whether each character of the text is a byte of the file, at the same place. */
	readonly isPlain: boolean;
	readonly firstChunk: number;
	readonly chunkCount: number;
	readonly firstName: number;
	readonly nameCount: number;
}

/** Lines of a file. */
export interface Place extends Chunk {
	readonly path: string;
	/** From 0 to 1. */
	readonly score: number;
}

/** All that an index knows, as it is kept on the disk. */
export interface Snapshot {
	readonly files: readonly IndexedFile[];
	readonly terms: Uint32Array;
	readonly chunks: readonly Uint32Array[];
	readonly names: readonly Uint32Array[];
	readonly postings: readonly Uint32Array[];
	readonly pages: readonly Uint8Array[];
}

const most = { wordsOfChunk: 1 << 14, wordsOfQuery: 1 << 11 };

/**
 * What is known of the files of one folder: which words are in which chunks, and where names are declared; no text. A file that changes is
 * entered anew, and what was known of it is crossed out until `compacted` makes a new index without it.
 */
export class FolderIndex {
	readonly #files = new Map<string, IndexedFile>();
	/** By number of the file. */
	readonly #paths: string[] = [''];
	readonly #terms: TermTable;
	readonly #postings: Postings;
	readonly #chunks: ChunkTable;
	readonly #names: NameTable;
	readonly #ranking = new Ranking();
	/** Of the chunk that is being entered: its words, and how often a term is in it. */
	readonly #words = new Uint32Array(most.wordsOfChunk);
	#times = new Uint8Array(1 << 14);

	constructor({ files, terms, chunks, names, postings, pages }: Partial<Snapshot> = {}) {
		this.#terms = new TermTable(terms);
		this.#postings = new Postings(postings, pages);
		this.#chunks = new ChunkTable(chunks);
		this.#names = new NameTable(names);
		for (const file of files ?? []) {
			this.#files.set(file.path, file);
			this.#paths[file.number] = file.path;
		}
	}

	get snapshot(): Snapshot {
		const { parts: postings, pages } = this.#postings;
		const files = [...this.#files.values()];
		return { files, terms: this.#terms.terms, chunks: this.#chunks.parts, names: this.#names.parts, postings, pages };
	}

	get fileCount(): number {
		return this.#files.size;
	}

	get chunkCount(): number {
		return this.#chunks.count;
	}

	/** What it takes in memory, about. */
	get bytes(): number {
		return this.#postings.bytes + this.#terms.size * 16 + this.#chunks.files.length * 24 + this.#names.length * 32 + this.#files.size * 300;
	}

	get isScattered(): boolean {
		return this.#chunks.crossedOut > 0;
	}

	file(path: string): IndexedFile | undefined {
		return this.#files.get(path);
	}

	get files(): IterableIterator<IndexedFile> {
		return this.#files.values();
	}

	/** Enters the text of a file, or what it has become. */
	put(path: string, { text, modified, size, isPlain }: SourceFile): void {
		this.remove(path);
		const number = this.#paths.push(path) - 1;
		const firstChunk = this.#chunks.files.length;
		const firstName = this.#names.length;
		for (const chunk of chunksOf(text)) this.#putChunk(chunk, text, number);
		for (const { name, line } of declaredNames(text, languageOf(path))) this.#names.push(hashName(name), number, line);
		const chunkCount = this.#chunks.files.length - firstChunk;
		const nameCount = this.#names.length - firstName;
		this.#files.set(path, { path, number, modified, size, isPlain, firstChunk, chunkCount, firstName, nameCount });
	}

	/** Whether it was there. */
	remove(path: string): boolean {
		const file = this.#files.get(path);
		if (!file) return false;
		this.#files.delete(path);
		this.#chunks.crossOut(file.firstChunk, file.chunkCount);
		this.#names.crossOut(file.firstName, file.nameCount);
		return true;
	}

	/** The chunks that have most in common with a text, those of one file left out. */
	search(text: string, except: string, limit: number): Place[] {
		const chunks = this.#chunks;
		const isWanted = (chunk: number) => chunks.files.at(chunk) !== gone && this.#pathOf(chunks.files.at(chunk)) !== except;
		const { words, meanWords } = chunks;
		return this.#ranking.best(this.#termsOf(text), this.#postings, { words, meanWords, isWanted }, limit).map(({ chunk, score }) => ({
			...chunks.at(chunk),
			path: this.#pathOf(chunks.files.at(chunk)),
			score,
		}));
	}

	/** Where a name is declared, the last one entered first. */
	declarations(name: string, limit: number): { readonly path: string; readonly line: number }[] {
		const found: { path: string; line: number }[] = [];
		for (const declaration of this.#names.of(hashName(name))) {
			found.push({ path: this.#pathOf(this.#names.files.at(declaration)), line: this.#names.lines.at(declaration) });
			if (found.length === limit) break;
		}
		return found;
	}

	/** The same without what is crossed out. */
	compacted(): FolderIndex {
		const compact = new FolderIndex();
		const chunks = this.#copyChunks(compact);
		const ids = new Uint32Array(this.#chunks.files.length);
		const times = new Uint8Array(ids.length);
		for (let term = 0; term < this.#terms.size; term++) {
			let place: number | undefined;
			const count = this.#postings.read(term, ids, times);
			for (let i = 0; i < count; i++) {
				const chunk = chunks[ids[i] ?? 0] ?? 0;
				if (chunk === 0) continue;
				place ??= compact.#terms.place(this.#terms.terms[term] ?? 0);
				compact.#postings.add(place, chunk - 1, times[i] ?? 1);
			}
		}
		return compact;
	}

	/** Returns one more than the new number of each chunk, or 0. They keep their order. */
	#copyChunks(compact: FolderIndex): Uint32Array {
		const moved = new Uint32Array(this.#chunks.files.length);
		for (const file of [...this.#files.values()].toSorted((a, b) => a.number - b.number)) {
			const number = compact.#paths.push(file.path) - 1;
			const firstChunk = compact.#chunks.files.length;
			const firstName = compact.#names.length;
			for (let old = file.firstChunk; old < file.firstChunk + file.chunkCount; old++) {
				moved[old] = compact.#chunks.push(number, this.#chunks.at(old), this.#chunks.words.at(old)) + 1;
			}
			for (let old = file.firstName; old < file.firstName + file.nameCount; old++)
				compact.#names.push(this.#names.names.at(old), number, this.#names.lines.at(old));
			compact.#files.set(file.path, { ...file, number, firstChunk, firstName });
		}
		return moved;
	}

	#pathOf(file: number): string {
		return this.#paths[file] ?? '';
	}

	#termsOf(text: string): number[] {
		const words = new Uint32Array(most.wordsOfQuery);
		const count = hashWords(text, 0, text.length, words);
		const found = new Set<number>();
		for (let i = 0; i < count; i++) {
			const term = this.#terms.find(words[i] ?? 0);
			if (term !== undefined) found.add(term);
		}
		return [...found];
	}

	#putChunk(chunk: Chunk, text: string, file: number): void {
		const words = this.#words;
		const count = hashWords(text, chunk.from, chunk.to, words);
		const number = this.#chunks.push(file, chunk, count);
		// The terms of the chunk, each once, take the place of its words.
		let unique = 0;
		for (let i = 0; i < count; i++) {
			const term = this.#terms.place(words[i] ?? 0);
			if (term >= this.#times.length) this.#growTimes();
			const times = this.#times[term] ?? 0;
			if (times === 0) words[unique++] = term;
			if (times < 255) this.#times[term] = times + 1;
		}
		// New terms come in their order, as the postings need them.
		for (let i = 0; i < unique; i++) {
			const term = words[i] ?? 0;
			this.#postings.add(term, number, this.#times[term] ?? 1);
			this.#times[term] = 0;
		}
	}

	#growTimes(): void {
		const grown = new Uint8Array(this.#times.length * 2);
		grown.set(this.#times);
		this.#times = grown;
	}
}
