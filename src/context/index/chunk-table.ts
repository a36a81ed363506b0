import type { Chunk } from './chunks.ts';
import { Column } from './column.ts';

/** The number of the file of what is crossed out. */
export const gone = 0;

/** By number of a chunk: the number of its file, its lines, where it is in the text, and how many words it has. */
export class ChunkTable {
	readonly files: Column;
	readonly #starts: Column;
	readonly #ends: Column;
	readonly #froms: Column;
	readonly #tos: Column;
	readonly words: Column;
	#crossedOut = 0;
	/** Of those that are not crossed out. */
	#sum = 0;

	constructor([files, starts, ends, froms, tos, words]: readonly Uint32Array[] = []) {
		this.files = new Column(files);
		this.#starts = new Column(starts);
		this.#ends = new Column(ends);
		this.#froms = new Column(froms);
		this.#tos = new Column(tos);
		this.words = new Column(words);
		for (const count of this.words.values) this.#sum += count;
	}

	get parts(): Uint32Array[] {
		return [this.files, this.#starts, this.#ends, this.#froms, this.#tos, this.words].map(({ values }) => values);
	}

	get count(): number {
		return this.files.length - this.#crossedOut;
	}

	get crossedOut(): number {
		return this.#crossedOut;
	}

	get meanWords(): number {
		return Math.max(1, this.#sum / Math.max(1, this.count));
	}

	push(file: number, { startLine, endLine, from, to }: Chunk, words: number): number {
		this.#starts.push(startLine);
		this.#ends.push(endLine);
		this.#froms.push(from);
		this.#tos.push(to);
		this.words.push(words);
		this.#sum += words;
		return this.files.push(file);
	}

	at(chunk: number): Chunk {
		return { startLine: this.#starts.at(chunk), endLine: this.#ends.at(chunk), from: this.#froms.at(chunk), to: this.#tos.at(chunk) };
	}

	crossOut(first: number, count: number): void {
		for (let chunk = first; chunk < first + count; chunk++) {
			this.files.set(chunk, gone);
			this.#sum -= this.words.at(chunk);
		}
		this.#crossedOut += count;
	}
}
