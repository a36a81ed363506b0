import { gone } from './chunk-table.ts';
import { Column } from './column.ts';
import { TermTable } from './term-table.ts';

/** By number of a declaration: its name, as a number, the number of its file, and its line. */
export class NameTable {
	readonly names: Column;
	readonly files: Column;
	readonly lines: Column;
	/** One more than the declaration of the same name before it, or 0. */
	readonly #earlier = new Column();
	readonly #places = new TermTable();
	/** By place of a name: one more than its last declaration. */
	readonly #latest = new Column();

	constructor([names, files, lines]: readonly Uint32Array[] = []) {
		this.names = new Column(names);
		this.files = new Column(files);
		this.lines = new Column(lines);
		for (let i = 0; i < this.names.length; i++) this.#chain(this.names.at(i), i);
	}

	get parts(): Uint32Array[] {
		return [this.names, this.files, this.lines].map(({ values }) => values);
	}

	get length(): number {
		return this.names.length;
	}

	push(name: number, file: number, line: number): void {
		this.files.push(file);
		this.lines.push(line);
		this.#chain(name, this.names.push(name));
	}

	crossOut(first: number, count: number): void {
		for (let i = first; i < first + count; i++) this.files.set(i, gone);
	}

	/** The declarations of a name, the last one first. */
	*of(name: number): Generator<number> {
		const place = this.#places.find(name);
		for (let at = place === undefined ? 0 : this.#latest.at(place); at > 0; at = this.#earlier.at(at - 1))
			if (this.files.at(at - 1) !== gone) yield at - 1;
	}

	#chain(name: number, declaration: number): void {
		const place = this.#places.place(name);
		this.#earlier.push(place < this.#latest.length ? this.#latest.at(place) : 0);
		if (place === this.#latest.length) this.#latest.push(0);
		this.#latest.set(place, declaration + 1);
	}
}
