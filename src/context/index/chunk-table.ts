import { Column } from './column.ts';

/** The number of the file of what is crossed out. */
export const gone = 0;

/** By number of a chunk: the number of its file, its lines, and how many words it has. */
export class ChunkTable {
	readonly files: Column;
	readonly starts: Column;
	readonly ends: Column;
	readonly words: Column;
	#crossedOut = 0;
	/** Of those that are not crossed out. */
	#sum = 0;

	constructor([files, starts, ends, words]: readonly Uint32Array[] = []) {
		this.files = new Column(files);
		this.starts = new Column(starts);
		this.ends = new Column(ends);
		this.words = new Column(words);
		for (const count of this.words.values) this.#sum += count;
	}

	get parts(): Uint32Array[] {
		return [this.files, this.starts, this.ends, this.words].map(({ values }) => values);
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

	push(file: number, start: number, end: number, words: number): number {
		this.starts.push(start);
		this.ends.push(end);
		this.words.push(words);
		this.#sum += words;
		return this.files.push(file);
	}

	crossOut(first: number, count: number): void {
		for (let chunk = first; chunk < first + count; chunk++) {
			this.files.set(chunk, gone);
			this.#sum -= this.words.at(chunk);
		}
		this.#crossedOut += count;
	}
}
