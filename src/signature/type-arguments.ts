import { type BoundUse, isArgument, nothing, type Outcome } from './bound-use.ts';
import { markOf } from './hole.ts';
import type { DependentClass } from './language.ts';

/** What becomes of the types that a call names. */
export function typeArguments({ use, target: { change, language }, holes, change: own }: BoundUse): Outcome {
	const list = use.typeArguments;
	const [before, after] = [change.before, change.after].map(({ typeParameters }) => typeParameters.filter(({ isImplicit }) => !isImplicit));
	if (!list || !before || !after || list.arguments.length === 0 || list.arguments.length > before.length) return nothing;
	if (list.arguments.length === after.length && list.arguments.length !== before.length) return nothing;
	const from = after.map(({ name }, index) => {
		const named = before.findIndex((old) => old.name === name);
		return named >= 0 ? named : before.length === after.length ? index : undefined;
	});
	const next: (readonly (string | { start: number; end: number })[])[] = [];
	let kind: DependentClass = 'D';
	for (const [index, { name, default: value }] of after.entries()) {
		const old = from[index];
		const argument = old === undefined ? undefined : list.arguments[old];
		if (argument) next.push([argument.range]);
		else if (value !== undefined) break;
		else {
			kind = 'L';
			next.push([language.style.anyType ?? markOf(holes.add(own, name, undefined))]);
		}
	}
	if (next.length === list.arguments.length && next.every((pieces, index) => isArgument(pieces, list.arguments[index]))) return nothing;
	return {
		class: kind,
		edits: [],
		lists: [{ list, next }],
		reasons: [kind === 'L' ? 'It has a new type parameter.' : 'Its type parameters changed.'],
	};
}
