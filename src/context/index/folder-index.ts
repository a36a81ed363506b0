import { languageOf } from '../../completion/language.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { Column } from './column.ts';
import { Postings } from './postings.ts';
import { Ranking } from './ranking.ts';
import { declaredNames } from './symbols.ts';
import { TermTable } from './term-table.ts';
import { hashName, hashWords } from './words.ts';

/** A file as it was when it was read. */
export interface IndexedFile {
	/** From the folder, with `/`. */
	readonly path: string;
	/** When it was changed, in milliseconds; 0 for a text that is not on the disk. */
	readonly modified: number;
	readonly size: number;
	readonly firstChunk: number;
	readonly chunkCount: number;
	readonly firstName: number;
	readonly nameCount: number;
}

/** Lines of a file. */
export interface Place {
	readonly path: string;
	readonly startLine: number;
	readonly endLine: number;
	/** From 0 to 1. */
	readonly score: number;
}

/** A file that is not there any more. */
const gone = 0;
const bufferLength = 1 << 14;

/**
 * What is known of the files of one folder: which words are in which chunks, and where names are declared; no text. A file that changes is
 * entered anew, and what was known of it is crossed out until `compacted` makes a new index without it.
 */
export class FolderIndex {
	readonly #files = new Map<string, IndexedFile>();
	/** By number of the file; 0 is for what is gone. */
	readonly #paths: string[] = [''];
	readonly #terms = new TermTable();
	readonly #postings = new Postings();
	/** By chunk: the number of its file, its lines, how many words it has. */
	readonly #chunkFiles = new Column();
	readonly #chunkStarts = new Column();
	readonly #chunkEnds = new Column();
	readonly #chunkWords = new Column();
	/** By declaration: the name, the number of its file, its line, and one more than the declaration of the same name before it. */
	readonly #names = new TermTable();
	readonly #latest = new Column();
	readonly #nameFiles = new Column();
	readonly #nameLines = new Column();
	readonly #earlier = new Column();
	readonly #nameTerms = new Column();
	readonly #ranking = new Ranking();
	#crossedOut = 0;
	#words = 0;
	/** Of the chunk that is being entered: how often a term is in it. */
	readonly #buffer = new Uint32Array(bufferLength);
	#times = new Uint8Array(1 << 14);

	get fileCount(): number {
		return this.#files.size;
	}

	get chunkCount(): number {
		return this.#chunkFiles.length - this.#crossedOut;
	}

	/** What it takes in memory, about. */
	get bytes(): number {
		return (
			this.#postings.bytes + this.#terms.size * 16 + this.#chunkFiles.length * 16 + this.#nameFiles.length * 28 + this.#paths.length * 300
		);
	}

	/** Worth the work of making it small again. */
	get isScattered(): boolean {
		return this.#crossedOut > 1000 && this.#crossedOut * 3 > this.#chunkFiles.length;
	}

	file(path: string): IndexedFile | undefined {
		return this.#files.get(path);
	}

	get files(): IterableIterator<IndexedFile> {
		return this.#files.values();
	}

	/** Enters the text of a file, or what it has become. */
	put(path: string, text: string, modified: number, size: number): void {
		this.remove(path);
		const number = this.#paths.push(path) - 1;
		const firstChunk = this.#chunkFiles.length;
		const firstName = this.#nameFiles.length;
		for (const chunk of chunksOf(text)) this.#putChunk(chunk, text, number);
		for (const { name, line } of declaredNames(text, languageOf(path))) this.#putName(hashName(name), number, line);
		const chunkCount = this.#chunkFiles.length - firstChunk;
		const nameCount = this.#nameFiles.length - firstName;
		this.#files.set(path, { path, modified, size, firstChunk, chunkCount, firstName, nameCount });
	}

	remove(path: string): void {
		const file = this.#files.get(path);
		if (!file) return;
		this.#files.delete(path);
		for (let i = 0; i < file.chunkCount; i++) {
			this.#words -= this.#chunkWords.at(file.firstChunk + i);
			this.#chunkFiles.set(file.firstChunk + i, gone);
		}
		for (let i = 0; i < file.nameCount; i++) this.#nameFiles.set(file.firstName + i, gone);
		this.#crossedOut += file.chunkCount;
	}

	/** The chunks that have most in common with a text, those of one file left out. */
	search(text: string, except: string, limit: number): Place[] {
		const words = new Uint32Array(1 << 11);
		const count = hashWords(text, 0, text.length, words);
		const terms = new Set<number>();
		for (let i = 0; i < count; i++) {
			const term = this.#terms.find(words[i] ?? 0);
			if (term !== undefined) terms.add(term);
		}
		const isWanted = (chunk: number) => {
			const file = this.#chunkFiles.at(chunk);
			return file !== gone && this.#paths[file] !== except;
		};
		const chunks = { words: this.#chunkWords, meanWords: this.#words / Math.max(1, this.chunkCount), isWanted };
		return this.#ranking.best([...terms], this.#postings, chunks, limit).map(({ chunk, score }) => ({
			path: this.#paths[this.#chunkFiles.at(chunk)] ?? '',
			startLine: this.#chunkStarts.at(chunk),
			endLine: this.#chunkEnds.at(chunk),
			score,
		}));
	}

	/** Where a name is declared, the last one entered first. */
	declarations(name: string, limit: number): { readonly path: string; readonly line: number }[] {
		const found: { path: string; line: number }[] = [];
		const place = this.#names.find(hashName(name));
		for (let at = place === undefined ? 0 : this.#latest.at(place); at > 0 && found.length < limit; at = this.#earlier.at(at - 1)) {
			const file = this.#nameFiles.at(at - 1);
			if (file !== gone) found.push({ path: this.#paths[file] ?? '', line: this.#nameLines.at(at - 1) });
		}
		return found;
	}

	#putChunk(chunk: Chunk, text: string, file: number): void {
		const count = hashWords(text, chunk.from, chunk.to, this.#buffer);
		const number = this.#chunkFiles.push(file);
		this.#chunkStarts.push(chunk.startLine);
		this.#chunkEnds.push(chunk.endLine);
		this.#chunkWords.push(count);
		this.#words += count;
		// The terms of the chunk, each once, take the place of its words in the buffer.
		let unique = 0;
		for (let i = 0; i < count; i++) {
			const term = this.#terms.place(this.#buffer[i] ?? 0);
			if (term >= this.#times.length) this.#growTimes();
			const times = this.#times[term] ?? 0;
			if (times === 0) this.#buffer[unique++] = term;
			if (times < 255) this.#times[term] = times + 1;
		}
		for (let i = 0; i < unique; i++) {
			const term = this.#buffer[i] ?? 0;
			this.#postings.add(term, number, this.#times[term] ?? 1);
			this.#times[term] = 0;
		}
	}

	#growTimes(): void {
		const grown = new Uint8Array(this.#times.length * 2);
		grown.set(this.#times);
		this.#times = grown;
	}

	#putName(name: number, file: number, line: number): void {
		const place = this.#names.place(name);
		if (place === this.#latest.length) this.#latest.push(0);
		this.#nameFiles.push(file);
		this.#nameLines.push(line);
		this.#earlier.push(this.#latest.at(place));
		this.#latest.set(place, this.#nameTerms.push(place) + 1);
	}
}
