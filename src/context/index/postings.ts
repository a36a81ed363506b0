import { Column } from './column.ts';

const pageBits = 18;
export const pageSize = 1 << pageBits;
/** Of a block: where the next one is (4 bytes), and how long this one is (2 bytes). */
const header = 6;
const blockBytes = { first: 12, most: 2048 };
/** A posting never needs more. */
const longest = 5;
const mostTimes = 4;

/**
 * For each term the chunks that it is in, and how often (up to four times). A chunk comes with a larger number than all before it, so a list
 * only ever grows at its end, by the difference to the chunk before: one byte, mostly. Lists are chains of blocks that double in size, in
 * pages that never move.
 *
 * Invariant: a posting lies within a block, and the first byte of one is never 0, so that a 0 ends a block that is not full.
 */
export class Postings {
	readonly #pages: Uint8Array[];
	#end: number;
	/** By term: the address of the first block, the last block, and where the next posting goes. */
	readonly #heads: Column;
	readonly #blocks: Column;
	readonly #tails: Column;
	/** By term: one more than the last chunk; how many chunks. */
	readonly #lasts: Column;
	readonly #counts: Column;

	constructor([heads, blocks, tails, lasts, counts]: readonly Uint32Array[] = [], pages: readonly Uint8Array[] = []) {
		this.#heads = new Column(heads);
		this.#blocks = new Column(blocks);
		this.#tails = new Column(tails);
		this.#lasts = new Column(lasts);
		this.#counts = new Column(counts);
		this.#pages = [...pages];
		this.#end = this.#pages.length * pageSize;
	}

	get parts(): Uint32Array[] {
		return [this.#heads, this.#blocks, this.#tails, this.#lasts, this.#counts].map(({ values }) => values);
	}

	get pages(): readonly Uint8Array[] {
		return this.#pages;
	}

	get bytes(): number {
		return this.#pages.length * pageSize + this.#heads.length * 20;
	}

	/** How many chunks a term is in. */
	count(term: number): number {
		return this.#counts.at(term);
	}

	/** Whoever names a term for the first time names the next one in order. */
	add(term: number, chunk: number, times: number): void {
		if (term === this.#heads.length) this.#begin();
		const last = this.#lasts.at(term);
		let value = ((chunk + 1 - last) * mostTimes + Math.min(times, mostTimes) - 1) >>> 0;
		let tail = this.#room(term);
		const page = this.#page(tail);
		while (value >= 0x80) {
			page[tail++ & (pageSize - 1)] = (value & 0x7f) | 0x80;
			value >>>= 7;
		}
		page[tail++ & (pageSize - 1)] = value;
		this.#tails.set(term, tail);
		this.#lasts.set(term, chunk + 1);
		this.#counts.set(term, this.#counts.at(term) + 1);
	}

	/** Writes the chunks of a term and how often it is in each into two buffers, as many as fit. Returns how many. */
	read(term: number, chunks: Uint32Array, times: Uint8Array): number {
		let count = 0;
		let last = 0;
		const all = Math.min(this.#counts.at(term), chunks.length);
		let block = all > 0 ? this.#heads.at(term) : 0;
		while (count < all) {
			const page = this.#page(block);
			let at = (block & (pageSize - 1)) + header;
			const end = (block & (pageSize - 1)) + this.#sizeOf(block);
			while (at < end && count < all && page[at] !== 0) {
				let value = 0;
				let shift = 0;
				let byte = page[at++] ?? 0;
				for (; byte >= 0x80; byte = page[at++] ?? 0) {
					value += (byte & 0x7f) << shift;
					shift += 7;
				}
				value = (value + (byte << shift)) >>> 0;
				last += value >>> 2;
				chunks[count] = last - 1;
				times[count++] = (value & 3) + 1;
			}
			block = this.#nextOf(block);
		}
		return count;
	}

	#begin(): void {
		const block = this.#allocate(blockBytes.first);
		this.#heads.push(block);
		this.#blocks.push(block);
		this.#tails.push(block + header);
		this.#lasts.push(0);
		this.#counts.push(0);
	}

	/** Where the next posting of a term goes. */
	#room(term: number): number {
		const tail = this.#tails.at(term);
		const block = this.#blocks.at(term);
		const size = this.#sizeOf(block);
		if (tail + longest <= block + size) return tail;
		const next = this.#allocate(Math.min(size * 2, blockBytes.most));
		const page = this.#page(block);
		for (let i = 0; i < 4; i++) page[(block & (pageSize - 1)) + i] = (next >>> (8 * i)) & 0xff;
		this.#blocks.set(term, next);
		return next + header;
	}

	/** A block never lies on two pages. */
	#allocate(size: number): number {
		if (this.#end + size > this.#pages.length * pageSize) {
			this.#end = this.#pages.length * pageSize;
			this.#pages.push(new Uint8Array(pageSize));
		}
		const block = this.#end;
		const page = this.#page(block);
		page[(block & (pageSize - 1)) + 4] = size & 0xff;
		page[(block & (pageSize - 1)) + 5] = size >>> 8;
		this.#end += size;
		return block;
	}

	#page(address: number): Uint8Array {
		const page = this.#pages[address >>> pageBits];
		if (!page) throw new Error(`There is no page at ${address}.`);
		return page;
	}

	#sizeOf(block: number): number {
		const page = this.#page(block);
		const at = block & (pageSize - 1);
		return (page[at + 4] ?? 0) | ((page[at + 5] ?? 0) << 8);
	}

	#nextOf(block: number): number {
		const page = this.#page(block);
		const at = block & (pageSize - 1);
		return ((page[at] ?? 0) | ((page[at + 1] ?? 0) << 8) | ((page[at + 2] ?? 0) << 16) | ((page[at + 3] ?? 0) << 24)) >>> 0;
	}
}
