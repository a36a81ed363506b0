import type { Piece } from './argument-edit.ts';
import { takesPlace } from './assignment.ts';
import type { Draft } from './dependent.ts';
import type { ArgumentList, DependentClass } from './language.ts';
import type { ParsedFile } from './project.ts';
import { type Declaration, type Parameter, sameType } from './signature.ts';
import { spanOf } from './span.ts';
import type { Target } from './target.ts';
import type { TextEdit } from './text-edit.ts';

/**
 * Other declarations that have to agree with the changed one: what overrides or implements it, what it overrides itself, its twin in a
 * header or a file of types.
 */
export function relatedDeclarations(
	parsed: ParsedFile,
	target: Target,
	change: number,
	isBound: (offset: number) => boolean = () => false,
): Draft[] {
	return parsed.outline.declarations.flatMap((declaration) => {
		const relation = relationOf(declaration, parsed, target) ?? boundRelation(declaration, parsed, target, isBound);
		return relation ? [draftFor(declaration, relation, parsed, target, change)] : [];
	});
}

/** `bound`: only a language server knows that it is one of these. */
type Relation = 'below' | 'above' | 'twin' | 'bound';

function boundRelation(
	{ name, kind, nameRange }: Declaration,
	{ file }: ParsedFile,
	{ change: { path, before } }: Target,
	isBound: (offset: number) => boolean,
): Relation | undefined {
	const isAlike = before.kind === 'method' && kind === 'method' && name === before.name && file.path !== path;
	return isAlike && isBound(nameRange.start) ? 'bound' : undefined;
}

function relationOf(declaration: Declaration, { file }: ParsedFile, { change, types, ancestors, language }: Target): Relation | undefined {
	const { before, after } = change;
	const isItself = file.path === change.path && declaration.range.start === after.range.start;
	if (isItself || declaration.isImplied || declaration.name !== before.name || declaration.kind !== before.kind) return undefined;
	if (before.container === undefined || before.container === declaration.container) {
		const isOverload = change.siblings.length > 1 && !sameParameters(declaration, before);
		return declaration.container === before.container && !isOverload && language.isTwin?.(declaration, file, change) ? 'twin' : undefined;
	}
	if (before.kind === 'constructor' || declaration.container === undefined || before.isStatic) return undefined;
	if (types.has(declaration.container)) return overrides(declaration, before, change.siblings.length) ? 'below' : undefined;
	if (ancestors.has(declaration.container)) return 'above';
	return language.isImplementation?.(declaration, before) ? 'below' : undefined;
}

/** With overloads, what overrides one has its parameters. */
function overrides(declaration: Declaration, before: Declaration, siblings: number): boolean {
	return siblings === 1 || declaration.parameters.length === before.parameters.length;
}

function sameParameters(left: Declaration, right: Declaration): boolean {
	return (
		left.parameters.length === right.parameters.length &&
		left.parameters.every(({ type }, index) => sameType(type, right.parameters[index]?.type))
	);
}

function draftFor(declaration: Declaration, relation: Relation, { file, language }: ParsedFile, target: Target, change: number): Draft {
	const { before, after } = target.change;
	const common = {
		path: file.path,
		range: declaration.nameRange,
		kind: relation === 'twin' ? 'declaration' : 'implementation',
		change,
	} as const;
	if (agrees(declaration, after) && !agrees(declaration, before))
		return { ...common, class: 'D', reason: 'It is up to date.', edits: [], lists: [] };
	if (declaration.parameters.length !== before.parameters.length)
		return { ...common, class: 'W', reason: 'It has other parameters.', edits: [], lists: [] };
	const misplaced = misplacedDefault(declaration, target);
	if (misplaced !== undefined) return { ...common, class: 'W', reason: misplaced, edits: [], lists: [] };
	const hasBody = declaration.bodyRange !== undefined;
	const next = after.parameters.map((parameter, index): readonly Piece[] => {
		const old = target.change.match.from[index];
		const own = old === undefined ? undefined : declaration.parameters[old];
		if (!own || old === undefined) return [language.inherited(parameter, hasBody)];
		return retyped(own, before.parameters[old], parameter, language.inherited(parameter, hasBody));
	});
	const isSame =
		next.length === declaration.parameters.length &&
		next.every(
			([piece], index) =>
				typeof piece === 'object' &&
				piece.start === declaration.parameters[index]?.range.start &&
				piece.end === declaration.parameters[index]?.range.end,
		);
	const lists = isSame ? [] : [{ list: parametersOf(declaration), next }];
	const edits = [...result(declaration, target), ...renamed(declaration, target)];
	const removed = before.parameters.filter((_, index) => !target.change.match.from.includes(index)).map(({ name }) => name);
	return { ...common, ...judged(declaration, relation, file.text, removed, edits.length + lists.length > 0, target), edits, lists };
}

/** A default of its own may come to stand before what always has to be given. */
function misplacedDefault({ parameters }: Declaration, { change: { before, after, match } }: Target): string | undefined {
	const next = after.parameters.map((parameter, index) => parameters[match.from[index] ?? -1] ?? parameter);
	const found = next.find((own, index) => own.isOptional && takesPlace(own) && next.slice(index + 1).some(isNeeded));
	const isOwn = found && before.parameters.some(({ name, isOptional }) => name === found.name && !isOptional);
	return isOwn ? `Its ${found.name} can be left out, and what comes after it cannot.` : undefined;
}

function isNeeded(parameter: Parameter): boolean {
	return takesPlace(parameter) && parameter.kind !== 'rest' && !parameter.isOptional;
}

function judged(
	declaration: Declaration,
	relation: Relation,
	text: string,
	removed: readonly string[],
	isEdited: boolean,
	{ change }: Target,
): { readonly class: DependentClass; readonly reason: string } {
	if (!isEdited) return { class: 'D', reason: 'Nothing changes here.' };
	const body = declaration.bodyRange ? text.slice(declaration.bodyRange.start, declaration.bodyRange.end) : '';
	const used = removed.find((name) => name !== '' && new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(body));
	if (used !== undefined) return { class: 'C', reason: `Its body uses ${used}.` };
	if (relation === 'bound') return { class: 'C', reason: 'The language server takes it for the same method.' };
	if (relation === 'above') return { class: 'C', reason: `${change.before.container} overrides it.` };
	if (body !== '' && !sameType(change.before.returns, change.after.returns))
		return { class: 'C', reason: 'Its body has to return something else.' };
	return { class: 'D', reason: relation === 'twin' ? 'It declares the same function.' : 'It has to have the same parameters.' };
}

/** Its parameters, for editing them like arguments. */
function parametersOf({ parametersRange, parameters }: Declaration): ArgumentList {
	// Only the places count; there are no values in a declaration.
	return { range: parametersRange, arguments: parameters.map(({ range }) => ({ range, value: placeOnly })) };
}

const placeOnly = spanOf('', 0, 0);

function retyped(own: Parameter, before: Parameter | undefined, after: Parameter, inherited: string): readonly Piece[] {
	if (!before || sameType(before.type, after.type) || !sameType(own.type, before.type)) {
		// Whether it may be left out is a part of its type to who implements it.
		const isAdjusted = before !== undefined && before.isOptional !== after.isOptional && own.text === before.text;
		return isAdjusted ? [inherited] : [own.range];
	}
	if (!own.typeRange || after.type === undefined) return [own.range];
	return [{ start: own.range.start, end: own.typeRange.start }, after.type, { start: own.typeRange.end, end: own.range.end }];
}

function result({ returns, returnsRange, isAsync }: Declaration, { change: { before, after } }: Target): TextEdit[] {
	if (sameType(before.returns, after.returns) || !sameType(returns, before.returns) || !returnsRange || after.returns === undefined)
		return [];
	return isAsync === after.isAsync ? [{ ...returnsRange, newText: after.returns }] : [];
}

function renamed({ nameRange, name }: Declaration, { change: { before, after } }: Target): TextEdit[] {
	return before.name !== after.name && name === before.name ? [{ ...nameRange, newText: after.name }] : [];
}

/** The same parameters, by their types where they have them and else by their names. */
function agrees(declaration: Declaration, { parameters, returns }: Declaration): boolean {
	const isSame = (own: Parameter, other: Parameter | undefined) => {
		if (other === undefined || own.kind !== other.kind) return false;
		return own.type === undefined && other.type === undefined ? own.name === other.name : sameType(own.type, other.type);
	};
	const isSameResult = declaration.returns === undefined || returns === undefined || sameType(declaration.returns, returns);
	return (
		declaration.parameters.length === parameters.length &&
		isSameResult &&
		declaration.parameters.every((own, index) => isSame(own, parameters[index]))
	);
}
