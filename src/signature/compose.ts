import { editArguments } from './argument-edit.ts';
import { worst } from './call-context.ts';
import type { Dependent, Draft } from './dependent.ts';
import type { TextEdit } from './text-edit.ts';

interface Composed {
	readonly draft: Draft;
	edits: readonly TextEdit[];
	class: Draft['class'];
	reason: string;
}

/**
 * Makes the edits of a file's dependents, inner calls before outer ones. Where an outer call moves an argument in which there is another
 * call, the edit of the inner one becomes a part of the outer's: no two edits overlap.
 */
export function compose(text: string, drafts: readonly Draft[]): Dependent[] {
	const byStart = drafts.toSorted((left, right) => left.range.start - right.range.start);
	const composed = byStart.map((draft): Composed => ({ draft, edits: draft.edits, class: draft.class, reason: draft.reason }));
	for (const one of composed.toSorted((left, right) => width(left) - width(right))) {
		for (const { list, next } of one.draft.lists) {
			const inside = within(composed, one);
			const inner = inside.flatMap(({ edits }) => edits);
			const { edits, taken } = editArguments(text, list, next, inner);
			for (const other of taken.length > 0 ? inside : []) if (other.edits.some((edit) => taken.includes(edit))) absorb(one, other, taken);
			one.edits = [...one.edits, ...edits];
		}
	}
	const inOrder = withoutOverlap(composed).toSorted(
		(left, right) => left.draft.range.start - right.draft.range.start || right.draft.range.end - left.draft.range.end,
	);
	return inOrder.map(({ draft: { lists, caller, ...draft }, edits, class: kind, reason }) => ({
		...draft,
		edits,
		class: kind,
		reason,
	}));
}

/** Those that are inside of one, and itself: they are in the order of their starts, and may be thousands. */
function within(composed: readonly Composed[], one: Composed): readonly Composed[] {
	const at = ({ draft: { range } }: Composed) => range.start;
	let [low, high] = [0, composed.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		const found = composed[middle];
		if (found && at(found) < at(one)) low = middle + 1;
		else high = middle;
	}
	const end = composed.findIndex((other, index) => index >= low && at(other) >= one.draft.range.end);
	return composed.slice(low, end < 0 ? undefined : end);
}

function width({ draft: { range, lists } }: Composed): number {
	const [first] = lists;
	return first ? first.list.range.end - first.list.range.start : range.end - range.start;
}

function absorb(outer: Composed, inner: Composed, taken: readonly TextEdit[]) {
	inner.edits = inner.edits.filter((edit) => !taken.includes(edit));
	if (inner === outer) return;
	outer.class = worst(outer.class, inner.class);
	if (!inner.reason.endsWith(together)) inner.reason = `${inner.reason} ${together}`.trim();
}

const together = 'Its edit is a part of that of the call around it.';

/**
 * Two dependents may want the same: a function that calls two that wait has to wait only once. Two changes may want different things at
 * one place; the first has it, and the other is said and not done.
 */
function withoutOverlap(composed: readonly Composed[]): readonly Composed[] {
	const seen = new Set<string>();
	for (const one of composed) {
		one.edits = one.edits.filter(({ start, end, newText }) => !seen.has(`${start}-${end}:${newText}`));
		for (const { start, end, newText } of one.edits) seen.add(`${start}-${end}:${newText}`);
	}
	const owned = composed.flatMap((one) => one.edits.map((edit) => ({ one, edit })));
	let last: (typeof owned)[number] | undefined;
	for (const next of owned.toSorted((left, right) => left.edit.start - right.edit.start || left.edit.end - right.edit.end)) {
		if (last && last.one !== next.one && next.edit.start < last.edit.end) drop(next.one);
		else last = next;
	}
	return composed;
}

function drop(one: Composed) {
	one.edits = [];
	one.class = 'W';
	one.reason = `${one.reason} Another change edits the same place; apply that first.`.trim();
}
