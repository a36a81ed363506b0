import type { ArgumentList } from './language.ts';
import { editedPart, type Range, type TextEdit } from './text-edit.ts';

/** A piece of what will stand there: new text, or something that stands somewhere in the file now and goes along with its own edits. */
export type Piece = string | Range;

/**
 * Makes the arguments of a list others with as little as possible: what stays is not touched, nor are comments, line breaks and a comma
 * at the end. `inner` are the edits of calls inside of the arguments; those that are part of a text that is written anew are `taken`.
 */
export function editArguments(
	text: string,
	list: ArgumentList,
	next: readonly (readonly Piece[])[],
	inner: readonly TextEdit[],
): { readonly edits: readonly TextEdit[]; readonly taken: readonly TextEdit[] } {
	const render = (pieces: readonly Piece[]) =>
		pieces.map((piece) => (typeof piece === 'string' ? piece : editedPart(text, piece, inner))).join('');
	const wanted = next.map(render);
	if (list.write) return { edits: list.write(wanted), taken: inner };
	const slots = list.arguments.map(({ range }) => range);
	const present = slots.map((range) => editedPart(text, range, inner));
	const edits = new ListEdit(text, list, slots).edits(align(present, wanted), wanted);
	const isTaken = (edit: TextEdit) => edits.some(({ start, end }) => start < end && start <= edit.start && edit.end <= end);
	return { edits, taken: inner.filter(isTaken) };
}

type Step = { readonly kind: 'keep' | 'replace'; readonly slot: number; readonly wanted: number } | Insert | Delete;
type Insert = { readonly kind: 'insert'; readonly slot: number; readonly wanted: number };
type Delete = { readonly kind: 'delete'; readonly slot: number };

/** The cheapest way from one list to another. */
function align(present: readonly string[], wanted: readonly string[]): Step[] {
	const cost: number[][] = Array.from({ length: present.length + 1 }, () => new Array<number>(wanted.length + 1).fill(0));
	const at = (slot: number, index: number) => cost[slot]?.[index] ?? Number.POSITIVE_INFINITY;
	const change = (slot: number, index: number) => (present[slot] === wanted[index] ? 0 : 1);
	for (let slot = present.length; slot >= 0; slot--) {
		for (let index = wanted.length; index >= 0; index--) {
			const row = cost[slot];
			if (row === undefined || (slot === present.length && index === wanted.length)) continue;
			const both =
				slot < present.length && index < wanted.length ? at(slot + 1, index + 1) + change(slot, index) : Number.POSITIVE_INFINITY;
			row[index] = Math.min(both, at(slot + 1, index) + 1.1, at(slot, index + 1) + 1.1);
		}
	}
	const steps: Step[] = [];
	for (let slot = 0, index = 0; slot < present.length || index < wanted.length; ) {
		const isBoth = slot < present.length && index < wanted.length && at(slot, index) === at(slot + 1, index + 1) + change(slot, index);
		if (isBoth) steps.push({ kind: change(slot, index) ? 'replace' : 'keep', slot: slot++, wanted: index++ });
		else if (index < wanted.length && at(slot, index) === at(slot, index + 1) + 1.1) steps.push({ kind: 'insert', slot, wanted: index++ });
		else steps.push({ kind: 'delete', slot: slot++ });
	}
	return steps;
}

/** Writes the steps down, as the list is laid out. */
class ListEdit {
	readonly #text: string;
	readonly #list: ArgumentList;
	readonly #slots: readonly Range[];

	constructor(text: string, list: ArgumentList, slots: readonly Range[]) {
		this.#text = text;
		this.#list = list;
		this.#slots = slots;
	}

	edits(steps: readonly Step[], wanted: readonly string[]): TextEdit[] {
		if (wanted.length === 0) return this.#emptied();
		const kept = steps.filter(({ kind }) => kind === 'keep' || kind === 'replace').map(({ slot }) => slot);
		const edits: TextEdit[] = [];
		const added: string[] = [];
		for (const step of steps) {
			if (step.kind === 'replace') edits.push({ ...this.#slot(step.slot), newText: wanted[step.wanted] ?? '' });
			else if (step.kind === 'delete') edits.push(...this.#deleted(step.slot, kept));
			else if (step.kind === 'insert' && kept.some((slot) => slot >= step.slot)) edits.push(this.#insertedBefore(step, wanted));
			else if (step.kind === 'insert') added.push(wanted[step.wanted] ?? '');
		}
		if (added.length > 0) edits.push(this.#appended(added, kept.length === 0));
		return this.#withCommaWhenSingle(edits, wanted);
	}

	#slot(index: number): Range {
		return this.#slots[index] ?? { start: this.#list.range.end, end: this.#list.range.end };
	}

	/** What separates two arguments here: what separates the first two, or a line break where the first has a line of its own. */
	get #separator(): string {
		if (this.#list.separator !== undefined) return this.#list.separator;
		const [first, second] = this.#slots;
		if (first === undefined) return ', ';
		const between = second === undefined ? '' : this.#text.slice(first.end, second.start);
		if (/^\s*,\s*$/.test(between)) return between.trimStart();
		const before = this.#text.slice(this.#list.range.start, first.start);
		return /^\s*\n\s*$/.test(before) ? `,${before}` : ', ';
	}

	#insertedBefore({ slot, wanted: index }: Insert, wanted: readonly string[]): TextEdit {
		const { start } = this.#slot(slot);
		return { start, end: start, newText: `${wanted[index]}${this.#separator}` };
	}

	#appended(added: readonly string[], isAlone: boolean): TextEdit {
		const separator = this.#separator;
		const last = this.#slots.at(-1);
		if (last === undefined || isAlone) {
			// Behind what is deleted, or into the empty brackets.
			const start = last?.end ?? this.#list.range.start;
			const lead = last === undefined ? (this.#list.lead ?? '') : '';
			return { start, end: start, newText: lead + added.join(separator) };
		}
		const newText = added.map((text) => separator + text).join('');
		// A comment at the end of the last argument's line stays with it.
		const comment = /^(,?)([ \t]*(?:\/\/|#)[^\r\n]*)/.exec(this.#text.slice(last.end, this.#list.range.end));
		if (!comment) return { start: last.end, end: last.end, newText };
		const [, comma = '', words = ''] = comment;
		const indented = `${newText.replace(/^,/, '')}${comma}`;
		const end = last.end + comma.length + words.length;
		return { start: last.end, end, newText: `,${words}${indented}` };
	}

	#deleted(index: number, kept: readonly number[]): TextEdit[] {
		const slot = this.#slot(index);
		const previous = this.#slots[index - 1];
		const isLast = !kept.some((other) => other > index);
		if (isLast && previous !== undefined && kept.length > 0) return kept.includes(index - 1) ? [this.#cutAfter(previous, slot)] : [];
		return [{ start: slot.start, end: this.#slots[index + 1]?.start ?? slot.end, newText: '' }];
	}

	/** All behind an argument goes: what says something of the argument itself stays, and a comma at the end if there was one. */
	#cutAfter(previous: Range, first: Range): TextEdit {
		const last = this.#slots.at(-1) ?? first;
		const gap = this.#text.slice(previous.end, first.start);
		const comment = /^\s*,([ \t]*(?:\/\/|#)[^\r\n]*)/.exec(gap)?.[1] ?? /^\s*,(\s*\/\*.*\*\/)/s.exec(gap)?.[1] ?? '';
		const [behind = '', comma] = /^(\s*,)?(?:[ \t]*(?:\/\/|#)[^\r\n]*)?/.exec(this.#text.slice(last.end, this.#list.range.end)) ?? [];
		return { start: previous.end, end: last.end + behind.length, newText: comma === undefined ? comment : `,${comment}` };
	}

	#emptied(): TextEdit[] {
		const [first, last] = [this.#slots[0], this.#slots.at(-1)];
		if (first === undefined || last === undefined) return [];
		const comma = /^\s*,/.exec(this.#text.slice(last.end, this.#list.range.end))?.[0] ?? '';
		const isBare = this.#text.slice(this.#list.range.start, first.start).trim() === '' || this.#list.lead !== undefined;
		const start = isBare ? this.#list.range.start : first.start;
		return [{ start, end: last.end + comma.length, newText: '' }];
	}

	/** A tuple of one needs its comma. */
	#withCommaWhenSingle(edits: TextEdit[], wanted: readonly string[]): TextEdit[] {
		const last = this.#slots.at(-1);
		if (!this.#list.needsCommaWhenSingle || last === undefined) return edits;
		const comma = /^\s*,/.exec(this.#text.slice(last.end, this.#list.range.end))?.[0];
		if (wanted.length === 1 && comma === undefined) return [...edits, { start: last.end, end: last.end, newText: ',' }];
		if (wanted.length > 1 && this.#slots.length === 1 && comma !== undefined)
			return [...edits, { start: last.end, end: last.end + comma.length, newText: '' }];
		return edits;
	}
}
