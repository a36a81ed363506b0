/** A part of a text, in UTF-16 code units. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

export interface TextEdit extends Range {
	readonly newText: string;
}

/** Counted from 0, columns in UTF-16 code units, as editors do. */
export interface Position {
	readonly line: number;
	readonly character: number;
}

function contains(outer: Range, inner: Range): boolean {
	return outer.start <= inner.start && inner.end <= outer.end;
}

/** Edits in the order of the text. Two insertions at one place stay in the order they were made in. */
function inOrder<T extends Range>(edits: readonly T[]): T[] {
	return edits.toSorted((left, right) => left.start - right.start || left.end - right.end);
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
	let result = '';
	let at = 0;
	for (const { start, end, newText } of inOrder(edits)) {
		if (start < at) throw new Error(`Two edits overlap at ${start}.`);
		result += text.slice(at, start) + newText;
		at = end;
	}
	return result + text.slice(at);
}

/** A part of a text as it is after the edits in it. */
export function editedPart(text: string, range: Range, edits: readonly TextEdit[]): string {
	const inside = edits.filter((edit) => contains(range, edit));
	const moved = inside.map(({ start, end, newText }) => ({ start: start - range.start, end: end - range.start, newText }));
	return applyEdits(text.slice(range.start, range.end), moved);
}

/** Finds positions in one text, any number of them. */
export function positionsIn(text: string): (offset: number) => Position {
	const starts = [0];
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return (offset) => {
		let low = 0;
		let high = starts.length;
		while (high - low > 1) {
			const middle = (low + high) >> 1;
			if ((starts[middle] ?? 0) <= offset) low = middle;
			else high = middle;
		}
		return { line: low, character: offset - (starts[low] ?? 0) };
	};
}
