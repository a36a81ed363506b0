import { Column } from './column.ts';

/** Gives each term, which is a number other than 0, a place in the order of arrival. */
export class TermTable {
	/** By slot: one more than the place of the term, or 0. */
	#slots: Uint32Array;
	readonly #terms: Column;

	constructor(terms?: Uint32Array) {
		this.#terms = new Column(terms);
		let slots = 1 << 10;
		while (slots < this.#terms.length * 2) slots *= 2;
		this.#slots = new Uint32Array(slots);
		this.#fill();
	}

	get terms(): Uint32Array {
		return this.#terms.values;
	}

	get size(): number {
		return this.#terms.length;
	}

	term(place: number): number {
		return this.#terms.at(place);
	}

	/** Where a term is; undefined for one that never came. */
	find(term: number): number | undefined {
		const found = this.#slots[this.#slotOf(term)] ?? 0;
		return found === 0 ? undefined : found - 1;
	}

	/** Where a term is; at the end when it is new. */
	place(term: number): number {
		const slot = this.#slotOf(term);
		const found = this.#slots[slot] ?? 0;
		if (found !== 0) return found - 1;
		const place = this.#terms.push(term);
		this.#slots[slot] = place + 1;
		if (this.#terms.length * 2 > this.#slots.length) this.#grow();
		return place;
	}

	/** The slot of a term, or the free one where it would be. */
	#slotOf(term: number): number {
		const mask = this.#slots.length - 1;
		let slot = Math.imul(term, 0x9e3779b1) >>> 0;
		slot = (slot ^ (slot >>> 15)) & mask;
		for (;;) {
			const found = this.#slots[slot] ?? 0;
			if (found === 0 || this.#terms.at(found - 1) === term) return slot;
			slot = (slot + 1) & mask;
		}
	}

	#grow(): void {
		this.#slots = new Uint32Array(this.#slots.length * 2);
		this.#fill();
	}

	#fill(): void {
		for (let place = 0; place < this.#terms.length; place++) this.#slots[this.#slotOf(this.#terms.at(place))] = place + 1;
	}
}
