import type { Column } from './column.ts';
import type { Postings } from './postings.ts';

/** A chunk that was found. */
export interface Ranked {
	readonly chunk: number;
	/** From 0 to 1: 1 has every term often. */
	readonly score: number;
}

/** All chunks of an index, by their numbers. */
export interface Chunks {
	/** The words of each. */
	readonly words: Column;
	readonly meanWords: number;
	readonly isWanted: (chunk: number) => boolean;
}

/** BM25, as it is usually set. */
const saturation = 1.2;
const lengthWeight = 0.75;
/** What a codebase repeats everywhere says little, and is not read: a query has to be answered in a millisecond, however large it is. */
const most = { terms: 24, postings: 8000, share: 0.1 };
/** In a small codebase a tenth of the chunks is nothing. */
const alwaysRead = 64;

/** Finds the chunks with most of the rarest terms. Keeps its buffers from one query to the next. */
export class Ranking {
	#scores = new Float32Array(0);
	readonly #touched = new Uint32Array(most.postings);
	readonly #chunks = new Uint32Array(most.postings);
	readonly #times = new Uint8Array(most.postings);

	/** The best first. */
	best(terms: readonly number[], postings: Postings, chunks: Chunks, limit: number): Ranked[] {
		const count = chunks.words.length;
		if (this.#scores.length < count) this.#scores = new Float32Array(Math.ceil(count * 1.2));
		let touched = 0;
		let perfect = 0;
		for (const term of rarest(terms, postings, count)) {
			const found = postings.read(term, this.#chunks, this.#times);
			const weight = Math.log(1 + (count - found + 0.5) / (found + 0.5));
			perfect += weight * (saturation + 1);
			touched = this.#add(weight, found, touched, chunks);
		}
		const ranked = this.#top(touched, chunks.isWanted, limit, perfect);
		for (let i = 0; i < touched; i++) this.#scores[this.#touched[i] ?? 0] = 0;
		return ranked;
	}

	#add(weight: number, found: number, touched: number, { words, meanWords }: Chunks): number {
		for (let i = 0; i < found; i++) {
			const chunk = this.#chunks[i] ?? 0;
			const often = this.#times[i] ?? 1;
			const length = 1 - lengthWeight + (lengthWeight * words.at(chunk)) / meanWords;
			const before = this.#scores[chunk] ?? 0;
			if (before === 0) this.#touched[touched++] = chunk;
			this.#scores[chunk] = before + (weight * often * (saturation + 1)) / (often + saturation * length);
		}
		return touched;
	}

	#top(touched: number, isWanted: (chunk: number) => boolean, limit: number, perfect: number): Ranked[] {
		const best: Ranked[] = [];
		for (let i = 0; i < touched; i++) {
			const chunk = this.#touched[i] ?? 0;
			const score = Math.min(1, (this.#scores[chunk] ?? 0) / perfect);
			const worst = best[limit - 1];
			if ((worst && score <= worst.score) || !isWanted(chunk)) continue;
			let at = best.length;
			while (at > 0 && (best[at - 1]?.score ?? 0) < score) at--;
			best.splice(at, 0, { chunk, score });
			if (best.length > limit) best.pop();
		}
		return best;
	}
}

/** The terms that say most, as many as can be read. */
function rarest(terms: readonly number[], postings: Postings, count: number): number[] {
	const mostChunks = Math.max(alwaysRead, count * most.share);
	const counted = terms.map((term) => ({ term, count: postings.count(term) })).filter((one) => one.count <= mostChunks);
	const kept: number[] = [];
	let sum = 0;
	for (const { term, count } of counted.toSorted((a, b) => a.count - b.count).slice(0, most.terms)) {
		sum += count;
		if (sum > most.postings) break;
		kept.push(term);
	}
	return kept;
}
