import { fits, takesPlace } from './assignment.ts';
import { type BoundUse, isArgument, nothing, type Outcome, warning } from './bound-use.ts';
import { type CallContext, worst } from './call-context.ts';
import { adjustCall, parameterChange } from './call-site.ts';
import type { Draft } from './dependent.ts';
import { markOf } from './hole.ts';
import { matchParameters } from './identity.ts';
import { knownValue } from './known-value.ts';
import type { ArgumentList, DependentClass } from './language.ts';
import { misplaced } from './ownership.ts';
import { lookUp } from './project.ts';
import { type Parameter, sameType } from './signature.ts';
import { isSilent } from './silent.ts';
import type { TextEdit } from './text-edit.ts';
import { typeArguments } from './type-arguments.ts';

/** What becomes of one use of a changed function. */
export function draftOf(bound: BoundUse): Draft {
	const { use, parsed, change, target } = bound;
	const call = calling(bound);
	const isDone = call.reasons.includes(upToDate);
	const [owner, result] = [owned(bound), resulting(bound)];
	const outcomes = isDone ? [call] : [call, owner, renaming(bound, call), typeArguments(bound), result];
	const reasons = outcomes.flatMap(({ reasons }) => reasons);
	const edits = outcomes.flatMap(({ edits }) => edits);
	const lists = outcomes.flatMap(({ lists }) => lists);
	const kind = outcomes.reduce<DependentClass>((sofar, outcome) => worst(sofar, outcome.class), 'D');
	const { startIndex: start, endIndex: end } = use.node;
	const reason =
		reasons.join(' ') || (edits.length + lists.length > 0 ? 'Its arguments follow from the old ones.' : 'Nothing changes here.');
	const draft = {
		path: parsed.file.path,
		range: { start, end },
		kind: use.kind,
		class: kind,
		reason,
		edits,
		lists,
		change,
		caller: result.caller,
	};
	const isHeard =
		(edits.length > 0 && use.kind !== 'by-name') || owner.reasons.length > 0 || (result.reasons.length > 0 && !isAlone(bound));
	return { ...draft, isSilent: !isDone && (!isHeard || isAlone(bound)) && isSilent(use, target) };
}

/** Nobody takes the result: that it has to be waited for no checker says. */
function isAlone({ use: { node }, target: { change } }: BoundUse): boolean {
	return node.parent?.type === 'expression_statement' && !change.before.isAsync && change.after.isAsync;
}

/** Somebody was here since the signature changed. */
export const upToDate = 'It is up to date.';

function calling(bound: BoundUse): Outcome {
	const { use } = bound;
	if (use.kind === 'import') return nothing;
	if (use.kind === 'type') return changesPlaces(bound) ? warning('Its type is used here.') : nothing;
	if (use.kind === 'tagged-template') return changesPlaces(bound) ? warning('A template calls it.') : nothing;
	if (use.kind === 'implementation') return changesPlaces(bound) ? warning('A function that is written here stands for it.') : nothing;
	if (use.list) return listed(bound, use.list);
	if (use.alias) return nothing;
	if (use.kind === 'decorator') return changesPlaces(bound) ? warning('It is called as a decorator.') : nothing;
	return byName(bound);
}

function owned({ use, target }: BoundUse): Outcome {
	const reason = misplaced(use, target);
	return reason === undefined ? nothing : warning(reason);
}

/** Everything is as it was to who calls it with positions only. */
function changesPlaces({ target: { change } }: BoundUse): boolean {
	const quiet = ['name', 'rename', 'return', 'async', 'generator', 'throws', 'static', 'receiver', 'type-parameter'];
	return change.operations.some(({ kind }) => !quiet.includes(kind));
}

function listed(bound: BoundUse, list: ArgumentList): Outcome {
	const { use, target } = bound;
	const { change, language } = target;
	const isJsx = use.kind === 'jsx';
	const before = isJsx ? (change.before.parameters[0]?.keys ?? []) : change.before.parameters;
	const after = isJsx ? (change.after.parameters[0]?.keys ?? []) : change.after.parameters;
	const from = isJsx ? matchParameters(before, after).from : parameterChange(change).from;
	const effective = { before, after, from };
	const context = contextOf(bound);
	const adjusted = adjustCall(list, effective, isJsx ? jsxContext(context) : context, use.isPartial ?? false);
	if (isUpToDate(bound, list, before, after)) {
		return {
			...nothing,
			class: typeof adjusted === 'string' ? classOfNew(bound) : worst(adjusted.class === 'W' ? 'D' : adjusted.class, 'D'),
			reasons: [upToDate],
		};
	}
	if (typeof adjusted === 'string') return warning(adjusted);
	const isTest = use.kind === 'test-double';
	const isChanged =
		adjusted.nested.length > 0 ||
		adjusted.next.length !== list.arguments.length ||
		adjusted.next.some((pieces, index) => !isArgument(pieces, list.arguments[index]));
	const kind = isTest && isChanged ? worst(adjusted.class, 'C') : adjusted.class;
	const lists = isChanged ? [...adjusted.nested, { list, next: adjusted.next }] : [];
	const silent = language.style.skip !== undefined && use.isPartial && changesPlaces(bound);
	return { class: silent ? worst(kind, 'C') : kind, edits: [], lists, reasons: adjusted.reasons };
}

function jsxContext(context: CallContext): CallContext {
	return { ...context, isJsx: true };
}

/** It was edited since the old signature held, and it fits the new one. */
function isUpToDate(
	{ parsed: { file }, use, target: { change } }: BoundUse,
	list: ArgumentList,
	before: readonly Parameter[],
	after: readonly Parameter[],
): boolean {
	if (!fits(after, list.arguments, use.isPartial) || use.kind === 'jsx') return false;
	if (!fits(before, list.arguments, use.isPartial)) return true;
	const isKnown = file.before === undefined || file.before === file.text || file.before.includes(use.node.text);
	return !isKnown && change.operations.length > 0;
}

function classOfNew({ target: { change } }: BoundUse): DependentClass {
	const needsValue = change.after.parameters.some(
		({ isOptional, kind }, index) => change.match.from[index] === undefined && !isOptional && kind !== 'rest',
	);
	return needsValue ? 'L' : 'D';
}

/** A function that is passed on is called with arguments that nobody sees here. */
function byName(bound: BoundUse): Outcome {
	const { use, target, name } = bound;
	const { change, language } = target;
	if (!changesPlaces(bound) || use.kind === 'string') return nothing;
	const { lambda, skip } = language.style;
	const { before, after } = change;
	const isAddedToTheEnd = change.match.from.every((old, index) => (index < before.parameters.length ? old === index : old === undefined));
	const onlyOptional =
		isAddedToTheEnd && after.parameters.slice(before.parameters.length).every(({ isOptional, kind }) => isOptional || kind === 'rest');
	const isSame =
		before.parameters.length <= after.parameters.length &&
		after.parameters.slice(0, before.parameters.length).every((parameter, index) => isTakenAlike(before.parameters[index], parameter));
	// JavaScript passes as many arguments as it likes; elsewhere a function of more parameters has another type.
	if (onlyOptional && isSame && (skip === undefined ? language.style.named !== undefined : use.node.parent?.type !== 'arguments'))
		return nothing;
	const isUnbound = before.kind === 'method' && !before.isStatic && use.qualifier?.text === before.container;
	if (use.kind === 'test-double' || lambda === undefined || isUnbound)
		return warning('It is passed on, and called with arguments that are not seen here.');
	const arguments_ = argumentsOf(bound);
	if (arguments_ === undefined) return warning('It is passed on, and called with arguments that are not seen here.');
	const call = `${callee(bound)}(${arguments_.text})`;
	const prefix = name.type === 'shorthand_property_identifier' ? `${name.text}: ` : '';
	const { startIndex: start, endIndex: end } = use.node;
	const newText = prefix + lambda(before.parameters, call, change);
	return {
		class: arguments_.class,
		edits: [{ start, end, newText }],
		lists: [],
		reasons: [`It is passed on; it is called with its old arguments.`, ...arguments_.reasons],
	};
}

/** Whether what was given to one by its place can be given to the other. */
function isTakenAlike(before: Parameter | undefined, after: Parameter): boolean {
	const isPlace = ({ kind }: Parameter) => kind === 'plain' || kind === 'positionalOnly';
	return before !== undefined && sameType(before.type, after.type) && (before.kind === after.kind || (isPlace(before) && isPlace(after)));
}

function callee({ use, name, target, parsed }: BoundUse): string {
	const text = use.node.text;
	const renamed = target.change.after.name;
	const written =
		name.text === target.change.before.name
			? `${text.slice(0, name.startIndex - use.node.startIndex)}${renamed}${text.slice(name.endIndex - use.node.startIndex)}`
			: text;
	return target.language.calleeOf?.(use, written, parsed) ?? written;
}

function argumentsOf(
	bound: BoundUse,
): { readonly text: string; readonly class: DependentClass; readonly reasons: readonly string[] } | undefined {
	const { target } = bound;
	const { change, language } = target;
	const { before, after } = change;
	const context = contextOf(bound);
	const values: string[] = [];
	const reasons: string[] = [];
	let kind: DependentClass = 'C';
	let isNaming = false;
	for (const [index, parameter] of after.parameters.entries()) {
		const old = before.parameters[change.match.from[index] ?? -1];
		if (old === undefined && (parameter.isOptional || parameter.kind === 'rest' || parameter.kind === 'keywordRest')) {
			if (parameter.kind === 'rest' || !takesPlace(parameter) || !isBeforeOld(change, index)) continue;
			// What comes after it has to be named, or something stands for it.
			if (language.style.named) isNaming = true;
			else values.push(language.style.skip ?? parameter.default ?? markOf(context.holeFor(parameter)));
			continue;
		}
		const known = old ? undefined : context.valueOf(parameter);
		const value = old ? old.name || `a${index}` : (known?.text ?? markOf(context.holeFor(parameter)));
		if (!old && !known) kind = 'L';
		if (!old) reasons.push(known?.reason ?? `There is no value for ${parameter.name}.`);
		if (old?.keys && old.name === '') return undefined;
		const spread = old?.kind === 'rest' && parameter.kind === 'rest' ? (language.style.spread?.(value) ?? value) : value;
		values.push(
			parameter.kind === 'keywordOnly' || (isNaming && parameter.kind === 'plain')
				? (language.style.named?.(parameter.name, spread) ?? spread)
				: spread,
		);
	}
	return { text: values.join(', '), class: kind, reasons };
}

function isBeforeOld({ match: { from } }: BoundUse['target']['change'], index: number): boolean {
	return from.slice(index + 1).some((old) => old !== undefined);
}

function renaming({ name, target: { change, language }, use, isOtherName }: BoundUse, call: Outcome): Outcome {
	const { before, after } = change;
	const isUnnamed = language.constructors.includes(name.text) || name.text !== before.name;
	// A function around it has the new name in it already.
	const isWritten = use.kind === 'by-name' && call.edits.length > 0;
	if (before.name === after.name || isUnnamed || isWritten || isOtherName) return nothing;
	const written: Readonly<Record<string, string>> = {
		shorthand_property_identifier: `${before.name}: ${after.name}`,
		shorthand_property_identifier_pattern: `${after.name}: ${before.name}`,
	};
	const edit: TextEdit = { start: name.startIndex, end: name.endIndex, newText: written[name.type] ?? after.name };
	return { class: 'D', edits: [edit], lists: [], reasons: [`It is called ${after.name} now.`] };
}

function resulting({ use, target, parsed, holes, change }: BoundUse): Outcome {
	if (!use.list && use.kind !== 'decorator') return nothing;
	const found = target.language.result(use, target.change, parsed);
	if (!found) return nothing;
	const { edits, class: kind, reason, fallback, caller } = found;
	const isDone =
		edits.length > 0 &&
		parsed.file.before !== undefined &&
		parsed.file.before !== parsed.file.text &&
		!parsed.file.before.includes(use.node.text);
	if (isDone) return { ...nothing, caller };
	if (!fallback) return { class: kind, edits, lists: [], reasons: [reason], caller };
	const hole = holes.add(change, target.change.after.name, fallback.type);
	const text = `${fallback.before}${markOf(hole)}${fallback.after ?? ''}`;
	return { class: kind, edits: [...edits, { start: fallback.at, end: fallback.at, newText: text }], lists: [], reasons: [reason] };
}

function contextOf(bound: BoundUse): CallContext {
	const { target, parsed, use, holes, change } = bound;
	const { language } = target;
	return {
		language,
		valueOf: (parameter) => {
			const chosen = bound.chosen?.(parameter.name);
			return chosen === 'hole' ? undefined : (chosen ?? knownValue(parameter, use, parsed));
		},
		typeOf: ({ value }) => language.literalType(value) ?? lookUp(parsed.outline, value.text, value.startIndex)?.type,
		holeFor: ({ name, type }, original) => holes.add(change, name || use.kind, type, original),
		entriesOf: ({ value }) => language.entries?.(value),
		elementsOf: ({ value }) => language.elements(value)?.arguments,
	};
}
