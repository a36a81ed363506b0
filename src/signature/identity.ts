import { type Parameter, sameType } from './signature.ts';

/** Which parameter of the new signature was which of the old one. */
export interface ParameterMatch {
	/** For each new parameter the index of the old one; undefined where it is new. */
	readonly from: readonly (number | undefined)[];
	/** New parameters that were matched only because an old one of their type stood in their place. */
	readonly guessed: ReadonlySet<number>;
}

/**
 * What somebody who watched the edit knows better than the two texts tell: the old index by the new one, from markers that went along
 * with the text, or from a name that disappeared and came back.
 */
export type KnownIdentity = ReadonlyMap<number, number>;

/**
 * The identity of parameters survives edits: first by name, then by what was watched, then by type and place. A parameter whose name
 * and type are new is a new parameter.
 */
export function matchParameters(
	before: readonly Parameter[],
	after: readonly Parameter[],
	known: KnownIdentity = new Map(),
): ParameterMatch {
	const from: (number | undefined)[] = after.map(({ name }) => (name === '' ? undefined : before.findIndex((old) => old.name === name)));
	const taken = new Set<number>();
	const take = (index: number, old: number | undefined) => {
		const isFree = old !== undefined && old >= 0 && old < before.length && !taken.has(old);
		from[index] = isFree ? old : undefined;
		if (isFree) taken.add(old);
	};
	for (const [index, old] of from.entries()) take(index, old);
	for (const [index, old] of known) if (index < after.length && from[index] === undefined) take(index, old);
	const guessed = new Set<number>();
	for (const [index, parameter] of after.entries()) {
		if (from[index] !== undefined) continue;
		take(index, guess(parameter, index, before, from, taken));
		if (from[index] !== undefined) guessed.add(index);
	}
	return { from, guessed };
}

/** An old parameter that is gone, of the same type and kind, in the same place. */
function guess(
	parameter: Parameter,
	index: number,
	before: readonly Parameter[],
	from: readonly (number | undefined)[],
	taken: ReadonlySet<number>,
): number | undefined {
	const fits = (old: number) => {
		const candidate = before[old];
		return candidate !== undefined && !taken.has(old) && isAlike(candidate, parameter);
	};
	// Between the same neighbours, if there is one on the left; and else at the same index.
	const left = from.slice(0, index).findLast((old) => old !== undefined);
	const next = left === undefined ? index : left + 1;
	return [next, index].find(fits);
}

function isAlike(left: Parameter, right: Parameter): boolean {
	if (left.kind !== right.kind && (left.kind === 'rest' || right.kind === 'rest' || left.kind.startsWith('keyword'))) return false;
	if (left.keys !== undefined && right.keys !== undefined) return true;
	return (left.keys === undefined) === (right.keys === undefined) && sameType(left.type, right.type);
}
