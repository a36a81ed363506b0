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
	const composed = drafts.map((draft): Composed => ({ draft, edits: draft.edits, class: draft.class, reason: draft.reason }));
	for (const one of composed.toSorted((left, right) => width(left) - width(right))) {
		for (const { list, next } of one.draft.lists) {
			const inner = composed.flatMap(({ edits }) => edits);
			const { edits, taken } = editArguments(text, list, next, inner);
			for (const other of composed) if (other.edits.some((edit) => taken.includes(edit))) absorb(one, other, taken);
			one.edits = [...one.edits, ...edits];
		}
	}
	const inOrder = withoutOverlap(composed).toSorted(
		(left, right) => left.draft.range.start - right.draft.range.start || right.draft.range.end - left.draft.range.end,
	);
	return inOrder.map(({ draft: { lists, ...draft }, edits, class: kind, reason }) => ({
		...draft,
		edits,
		class: kind,
		reason,
	}));
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
	const done: TextEdit[] = [];
	for (const one of composed) {
		one.edits = one.edits.filter((edit) => !done.some((other) => isSame(edit, other)));
		if (one.edits.some((edit) => done.some((other) => overlap(edit, other)))) {
			one.edits = [];
			one.class = 'W';
			one.reason = `${one.reason} Another change edits the same place; apply that first.`.trim();
		}
		done.push(...one.edits);
	}
	return composed;
}

function isSame(left: TextEdit, right: TextEdit): boolean {
	return left.start === right.start && left.end === right.end && left.newText === right.newText;
}

function overlap(left: TextEdit, right: TextEdit): boolean {
	return left.start < right.end && right.start < left.end;
}
