/** A stretch of a text. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

/** Characters taken out at a place, and how many came in for them. */
export interface Change {
	readonly offset: number;
	readonly removed: number;
	readonly inserted: number;
}

/** Where a stretch is after a change; it grows and shrinks with what happens inside it, and covers whatever touches it from inside. */
export function afterChange({ start, end }: Span, { offset, removed, inserted }: Change): Span {
	const growth = inserted - removed;
	if (offset >= end) return { start, end };
	if (offset + removed <= start) return { start: start + growth, end: end + growth };
	return { start: Math.min(start, offset), end: Math.max(end, offset + removed) + growth };
}

/** What the changes of one edit put into a text, from the first to the last; all offsets are those before the edit. */
export function insertedSpan(changes: readonly Change[]): Span | undefined {
	const [first, ...others] = changes.toSorted((a, b) => a.offset - b.offset);
	if (!first) return undefined;
	const last = others.at(-1) ?? first;
	const growth = changes.reduce((sum, { inserted, removed }) => sum + inserted - removed, 0);
	return { start: first.offset, end: last.offset + last.removed + growth };
}

/** Whether accepted text is still there; how it is laid out does not matter, formatters change that. */
export function holds(text: string, accepted: string): boolean {
	return squeezed(text).includes(squeezed(accepted));
}

function squeezed(text: string): string {
	return text.replaceAll(/\s+/g, '');
}
