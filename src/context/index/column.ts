/** A list of numbers that grows, four bytes each. */
export class Column {
	#values: Uint32Array;
	#length: number;

	/** With the numbers of another time. */
	constructor(values: Uint32Array = new Uint32Array(0)) {
		this.#values = values;
		this.#length = values.length;
	}

	get length(): number {
		return this.#length;
	}

	at(index: number): number {
		return this.#values[index] ?? 0;
	}

	/** Returns where it is. */
	push(value: number): number {
		if (this.#length === this.#values.length) this.#grow();
		this.#values[this.#length] = value;
		return this.#length++;
	}

	set(index: number, value: number): void {
		this.#values[index] = value;
	}

	/** The numbers as they are now. */
	get values(): Uint32Array {
		return this.#values.subarray(0, this.#length);
	}

	/** By a third, because half of a large list may stay unused otherwise. */
	#grow(): void {
		const grown = new Uint32Array(Math.ceil(this.#values.length * 1.34) + 64);
		grown.set(this.#values);
		this.#values = grown;
	}
}
