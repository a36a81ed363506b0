import type { CompletionRequest } from './completion.ts';

/** What follows a change, to find it again in the text before. */
const context = 200;
const longestPiece = 2000;
const mostPieces = 5;
/** In requests, of which there is one for each keystroke. */
const memory = 30;

interface Piece {
	readonly text: string;
	/** Absent when something else happened since. */
	readonly at: number | undefined;
	readonly seen: number;
}

/** What was taken out of a text, found out from one request to the next. */
export class Deletions {
	#last: { readonly path: string; readonly text: string } | undefined;
	#pieces: readonly Piece[] = [];
	#seen = 0;

	/** Notes a request; returns what was taken out of its text a moment ago, the latest last. */
	before({ path, prefix, suffix }: CompletionRequest): readonly string[] {
		const text = prefix + suffix;
		const last = this.#last;
		this.#last = { path, text };
		this.#seen++;
		if (last?.path !== path) this.#pieces = [];
		else if (last.text !== text) this.#changed(last.text, text, prefix.length);
		this.#pieces = this.#pieces.filter(({ seen }) => this.#seen - seen < memory).slice(-mostPieces);
		return this.#pieces.map((piece) => piece.text);
	}

	#changed(before: string, now: string, cursor: number): void {
		let at = 0;
		while (at < cursor && before[at] === now[at]) at++;
		const gone = goneAt(before, now, at) ?? goneAt(before, now, at, 1);
		const last = this.#pieces.at(-1);
		if (gone === undefined || gone.length > longestPiece) {
			this.#pieces = this.#pieces.map((piece) => ({ ...piece, at: undefined }));
			return;
		}
		// One key at a time, backward or forward.
		const merged = last && (at + gone.length === last.at ? gone + last.text : at === last.at ? last.text + gone : undefined);
		const others = merged === undefined ? this.#pieces : this.#pieces.slice(0, -1);
		this.#pieces = [...others, { text: merged ?? gone, at, seen: this.#seen }];
	}
}

/** The characters that are gone at a place, in exchange for so many others. */
function goneAt(before: string, now: string, at: number, inserted = 0): string | undefined {
	const following = now.slice(at + inserted, at + inserted + context);
	const end = following === '' ? before.length : before.indexOf(following, at + 1);
	return end > at ? before.slice(at, end) : undefined;
}
