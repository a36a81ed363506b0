import type { Range, TextEdit } from './text-edit.ts';

/**
 * A part of a text that goes along while the text is edited. What is emptied and filled again is still the same part; it is gone for good
 * when an edit takes more than it, or something next to it while it is empty.
 */
export class Marker {
	start: number;
	end: number;
	isGone = false;

	constructor({ start, end }: Range) {
		this.start = start;
		this.end = end;
	}

	take({ start, end, newText }: TextEdit): void {
		const grown = newText.length - (end - start);
		if (this.start === this.end) this.#takeEmpty({ start, end, newText }, grown);
		else if (end <= this.start) this.#move(grown, grown);
		else if (start >= this.end) return;
		else if (start >= this.start && end <= this.end) this.#move(0, grown);
		else if (start <= this.start && end >= this.end) this.#vanish(start);
		else if (start < this.start) this.#move(start + newText.length - this.start, grown);
		else this.end = start;
	}

	/** Whether it is in a part of the text, or at its edge while it is empty. */
	isIn({ start, end }: Range): boolean {
		if (this.isGone) return false;
		return start <= this.start && (this.start === this.end ? this.start <= end : this.start < end);
	}

	#takeEmpty({ start, end, newText }: TextEdit, grown: number) {
		if (start === end && start === this.start) this.end += newText.length;
		else if (start <= this.start && end >= this.start) this.#vanish(start);
		else if (end < this.start) this.#move(grown, grown);
	}

	#move(start: number, end: number) {
		this.start += start;
		this.end += end;
	}

	#vanish(at: number) {
		this.start = at;
		this.end = at;
		this.isGone = true;
	}
}
