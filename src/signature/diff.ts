import { type KnownIdentity, matchParameters, type ParameterMatch } from './identity.ts';
import { type Declaration, type Parameter, type Signature, sameType } from './signature.ts';

/** One thing that is different, in the words of the command line's output. */
interface Operation {
	readonly kind:
		| 'add'
		| 'remove'
		| 'move'
		| 'rename'
		| 'retype'
		| 'default'
		| 'kind'
		| 'optional'
		| 'pack'
		| 'unpack'
		| 'name'
		| 'return'
		| 'async'
		| 'generator'
		| 'throws'
		| 'static'
		| 'receiver'
		| 'type-parameter';
	/** The parameter, by its new name if it still exists. */
	readonly parameter?: string;
	readonly from?: string | number | null;
	readonly to?: string | number | null;
}

/** What happened to one declaration. */
export interface SignatureChange {
	readonly path: string;
	readonly languageId: string;
	readonly before: Declaration;
	readonly after: Declaration;
	readonly match: ParameterMatch;
	readonly operations: readonly Operation[];
	/** Others of its name in its container, as they were, for telling which of them a call means. */
	readonly siblings: readonly Declaration[];
}

export function changeOf(
	place: { readonly path: string; readonly languageId: string; readonly siblings: readonly Declaration[] },
	before: Declaration,
	after: Declaration,
	known?: KnownIdentity,
): SignatureChange {
	const match = matchParameters(before.parameters, after.parameters, known);
	return { ...place, before, after, match, operations: operationsOf(before, after, match) };
}

function operationsOf(before: Signature, after: Signature, match: ParameterMatch): Operation[] {
	return [...parameterOperations(before.parameters, after.parameters, match), ...otherOperations(before, after)];
}

function parameterOperations(before: readonly Parameter[], after: readonly Parameter[], { from }: ParameterMatch): Operation[] {
	const removed = before.filter((_, index) => !from.includes(index));
	const kept = from.filter((old) => old !== undefined);
	const inOldOrder = kept.toSorted((left, right) => left - right);
	const operations: Operation[] = removed.map(({ name, text }) => ({ kind: 'remove', parameter: name || text }));
	for (const [index, parameter] of after.entries()) {
		const old = from[index];
		const previous = old === undefined ? undefined : before[old];
		if (old === undefined || previous === undefined)
			operations.push({ kind: 'add', parameter: parameter.name || parameter.text, to: index });
		else {
			const isMoved = kept.indexOf(old) !== inOldOrder.indexOf(old);
			operations.push(...(isMoved ? [{ kind: 'move', parameter: parameter.name || parameter.text, from: old, to: index } as const] : []));
			operations.push(...parameterChanges(previous, parameter));
		}
	}
	return operations;
}

function parameterChanges(before: Parameter, after: Parameter): Operation[] {
	const parameter = after.name || after.text;
	const operations: Operation[] = [];
	const compare = (kind: Operation['kind'], from: string | undefined, to: string | undefined) => {
		if (from !== to) operations.push({ kind, parameter, from: from ?? null, to: to ?? null });
	};
	if (before.name !== after.name) compare('rename', before.name, after.name);
	if (!sameType(before.type, after.type) && before.keys === undefined) compare('retype', before.type, after.type);
	compare('default', before.default, after.default);
	if (before.default === after.default) compare('optional', String(before.isOptional), String(after.isOptional));
	compare('kind', before.kind, after.kind);
	if (before.keys && after.keys) operations.push(...parameterOperations(before.keys, after.keys, matchParameters(before.keys, after.keys)));
	return operations.filter(({ kind }) => kind !== 'move' || before.keys === undefined);
}

function otherOperations(before: Signature, after: Signature): Operation[] {
	const operations: Operation[] = [];
	const compare = (kind: Operation['kind'], from: string | undefined, to: string | undefined) => {
		if (!sameType(from, to)) operations.push({ kind, from: from ?? null, to: to ?? null });
	};
	compare('name', before.name, after.name);
	compare('return', before.returns, after.returns);
	compare('async', String(before.isAsync), String(after.isAsync));
	compare('generator', String(before.isGenerator), String(after.isGenerator));
	compare('static', String(before.isStatic), String(after.isStatic));
	compare('receiver', before.receiver, after.receiver);
	compare('throws', before.throws.join(', '), after.throws.join(', '));
	compare('type-parameter', typeParameters(before), typeParameters(after));
	return operations;
}

function typeParameters({ typeParameters }: Signature): string {
	return typeParameters.map(({ name, default: value }) => (value === undefined ? name : `${name} = ${value}`)).join(', ');
}
