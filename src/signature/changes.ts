import { changeOf, type SignatureChange } from './diff.ts';
import type { Declaration } from './signature.ts';

/** A file whose declarations are compared. */
interface Place {
	readonly path: string;
	readonly languageId: string;
}

/**
 * What changed between two states of a file, by what its functions are called and what they belong to. One that has another name and
 * is the same otherwise was renamed; one that is only there before or after is gone or new, and nobody's signature changed.
 */
export function changesBetween(place: Place, before: readonly Declaration[], after: readonly Declaration[]): SignatureChange[] {
	const groups = new Map<string, [Declaration[], Declaration[]]>();
	for (const [side, declarations] of [before, after].entries()) {
		for (const declaration of declarations) {
			const group = groups.get(keyOf(declaration)) ?? [[], []];
			group[side]?.push(declaration);
			groups.set(keyOf(declaration), group);
		}
	}
	const pairs: (readonly [Declaration, Declaration, readonly Declaration[]])[] = [];
	const gone: Declaration[] = [];
	const added: Declaration[] = [];
	for (const [old, now] of groups.values()) {
		const rest = { old: [...old], now: [...now] };
		for (const one of old) {
			const same = rest.now.find((other) => shape(other) === shape(one));
			if (same) remove(rest, one, same);
		}
		for (const [index, one] of rest.old.entries()) {
			const other = rest.now[index];
			if (other) pairs.push([one, other, callable(old)]);
		}
		gone.push(...rest.old.slice(rest.now.length));
		added.push(...rest.now.slice(rest.old.length));
	}
	for (const one of gone) {
		const others = added.filter((other) => isRenamed(one, other));
		const [other] = others;
		if (other && others.length === 1) pairs.push([one, other, [one]]);
	}
	const changes = pairs.map(([old, now, siblings]) => changeOf({ ...place, siblings }, old, now));
	return changes
		.filter(({ operations }) => operations.length > 0)
		.toSorted((left, right) => left.after.range.start - right.after.range.start);
}

function remove(rest: { old: Declaration[]; now: Declaration[] }, old: Declaration, now: Declaration) {
	rest.old = rest.old.filter((one) => one !== old);
	rest.now = rest.now.filter((one) => one !== now);
}

function keyOf({ container = '', name, kind, isImplied = false, scope }: Declaration): string {
	return [container, name, kind === 'constructor', isImplied, scope !== undefined].join('\0');
}

/** All that callers see of it, as it is written. */
function shape({ parameters, returns, isAsync, isGenerator, isStatic, receiver, typeParameters, throws }: Declaration): string {
	const written = parameters.map(({ kind, text }) => [kind, text.replace(/\s+/g, ' ')]);
	return JSON.stringify([written, returns, isAsync, isGenerator, isStatic, receiver, typeParameters, throws]);
}

/** Where there are overloads without a body, the body's own signature is nothing that a call could mean. */
export function callable(declarations: readonly Declaration[]): readonly Declaration[] {
	const overloads = declarations.filter(({ bodyRange }) => bodyRange === undefined);
	return overloads.length > 0 && overloads.length < declarations.length ? overloads : declarations;
}

function isRenamed(before: Declaration, after: Declaration): boolean {
	const isAlike = before.container === after.container && before.kind === after.kind && before.kind !== 'constructor' && !before.isImplied;
	return isAlike && before.parameters.length > 0 && shape(before) === shape(after);
}
