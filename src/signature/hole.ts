import type { Range, TextEdit } from './text-edit.ts';

/** A value that nobody can know from the two signatures. Where it goes is certain, what it is is not. */
export interface Hole {
	readonly id: number;
	/** The parameter; for a conversion that whose type changed. */
	readonly name: string;
	readonly type: string | undefined;
	/** What stood there before, where something did. */
	readonly original?: string | undefined;
	/** The place of its function's change among the changes. */
	readonly change: number;
}

/** While edits are made, a hole is a mark that no source text has. */
export function markOf({ id }: Hole): string {
	return `\uE000${id}\uE001`;
}

const marks = /\uE000(\d+)\uE001/g;

/** The holes in a text, in its order. */
export function holesIn(text: string): number[] {
	return [...text.matchAll(marks)].map(([, id]) => Number(id));
}

/** A name that nothing has: it is seen in the editor, and no compiler accepts it. Never a `null` or a 0 that would go unnoticed. */
export function placeholderOf({ name, original }: Pick<Hole, 'name' | 'original'>): string {
	const word = `TODO_${name.replace(/\W/g, '') || 'value'}`;
	return original === undefined ? word : `${word}(${original})`;
}

/** The text of an edit, with values for the holes that there are values for and placeholders in the others. */
export function fillHoles(text: string, holes: ReadonlyMap<number, Hole>, values: ReadonlyMap<number, string> = new Map()): string {
	return text.replaceAll(marks, (mark, digits) => {
		const hole = holes.get(Number(digits));
		return hole === undefined ? mark : (values.get(hole.id) ?? placeholderOf(hole));
	});
}

/** A text with values in the place of their marks, and where each of them is in it. */
export function placeValues(
	text: string,
	values: ReadonlyMap<number, string>,
): { readonly text: string; readonly places: readonly ({ readonly hole: number } & Range)[] } {
	const places: ({ readonly hole: number } & Range)[] = [];
	let moved = 0;
	const placed = text.replaceAll(marks, (mark, digits, at: number) => {
		const value = values.get(Number(digits));
		if (value === undefined) return mark;
		places.push({ hole: Number(digits), start: at + moved, end: at + moved + value.length });
		moved += value.length - mark.length;
		return value;
	});
	return { text: placed, places };
}

export function fillEdits(
	edits: readonly TextEdit[],
	holes: ReadonlyMap<number, Hole>,
	values?: ReadonlyMap<number, string>,
): readonly TextEdit[] {
	return edits.map((edit) => ({ ...edit, newText: fillHoles(edit.newText, holes, values) }));
}
