import { Marker } from './marker.ts';
import type { TextEdit } from './text-edit.ts';

const most = 5;

/** The latest names that were typed where none was before. A function whose name is one of them is still being written: nobody calls it yet. */
export class NewNames {
	readonly #markers: Marker[] = [];

	take(edit: TextEdit, before: string): void {
		for (const marker of this.#markers) marker.take(edit);
		const { start, end, newText } = edit;
		const open = this.#markers.findLast((marker) => marker.end === start && marker.start < marker.end);
		if (open && /^[\p{L}\p{N}_$]+$/u.test(newText)) open.end += newText.length;
		else if (/[\p{L}_$]/u.test(newText) && !isWord(before.slice(start, end)) && !isWord(before.charAt(start - 1) + before.charAt(end)))
			this.#add(start, newText);
	}

	has(start: number): boolean {
		return this.#markers.some((marker) => !marker.isGone && marker.start <= start && start < Math.max(marker.end, marker.start + 1));
	}

	/** What is pasted has more than one name; all of them are in it. */
	#add(start: number, text: string) {
		this.#markers.push(new Marker({ start, end: start + text.length }));
		if (this.#markers.length > most) this.#markers.shift();
	}
}

function isWord(text: string): boolean {
	return /[\p{L}\p{N}_$]/u.test(text);
}
