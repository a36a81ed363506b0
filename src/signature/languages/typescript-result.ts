import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { ResultEdit, Use } from '../language.ts';
import type { TextEdit } from '../text-edit.ts';
import { around, childrenOf, field, fieldText, hasToken, isField, rangeOf } from './read.ts';
import { enclosing } from './typescript-nodes.ts';

/** What needs brackets around `await f()`. */
const tight = ['member_expression', 'call_expression', 'subscript_expression', 'non_null_expression'];

/** What a call needs because its result is another. */
export function result({ node, kind }: Use, { before, after }: SignatureChange): ResultEdit | undefined {
	if (kind === 'new' || kind === 'super' || kind === 'jsx' || node.type !== 'call_expression') return undefined;
	if (!isPromise(before) && isPromise(after)) return awaited(node, after.name);
	if (isPromise(before) && !isPromise(after) && isChained(node))
		return { edits: [], class: 'W', reason: `${after.name} is not asynchronous any more: its result comes at once.` };
	if (before.returns === undefined || after.returns === undefined || before.returns === after.returns) return undefined;
	const [from, to] = [unpromised(before.returns), unpromised(after.returns)];
	if (from === to || node.parent?.type === 'expression_statement') return undefined;
	return (
		restructured(node, from, to) ??
		optional(node, from, to) ?? { edits: [], class: 'W', reason: `It returns ${to} now, and returned ${from}.` }
	);
}

function isPromise({ isAsync, returns }: SignatureChange['after']): boolean {
	return isAsync || /^(Promise|PromiseLike)</.test(returns ?? '');
}

function unpromised(type: string): string {
	return (/^Promise<(.*)>$/s.exec(type)?.[1] ?? type).replace(/\s+/g, ' ').trim();
}

function awaited(node: SyntaxNode, name: string): ResultEdit {
	const reason = `${name} is asynchronous now.`;
	const parent = node.parent;
	if (isChained(node)) return { edits: [], class: 'D', reason };
	const caller = around(node, enclosing);
	const known = { reason, ...(caller && { caller: rangeOf(caller) }) };
	const isInAsync = caller === undefined || hasToken(caller, 'async');
	const isAwaited = parent?.type === 'await_expression' || (isInAsync && parent?.type === 'return_statement');
	if (isAwaited) return { ...known, edits: [], class: 'D' };
	const edits = wrapped(node, 'await ', tight.includes(parent?.type ?? ''));
	if (isInAsync) return { ...known, edits, class: 'C' };
	const cascade = madeAsync(caller);
	if (cascade === undefined) return { edits: [], class: 'W', reason: `${reason} What calls it cannot wait for it.` };
	const callerName = fieldText(caller, 'name') ?? 'The function around it';
	return {
		...known,
		edits: [...edits, ...cascade],
		class: 'C',
		reason: `${reason} ${callerName} has to be asynchronous as well, and so has what calls that.`,
	};
}

function isChained(node: SyntaxNode): boolean {
	const member = node.parent?.type === 'member_expression' ? node.parent : undefined;
	return ['then', 'catch', 'finally'].includes(fieldText(member, 'property') ?? '');
}

function wrapped(node: SyntaxNode, before: string, needsBrackets: boolean): TextEdit[] {
	const [open, close] = needsBrackets ? [`(${before}`, ')'] : [before, ''];
	const start = { start: node.startIndex, end: node.startIndex, newText: open };
	return close === '' ? [start] : [start, { start: node.endIndex, end: node.endIndex, newText: close }];
}

function madeAsync(caller: SyntaxNode): TextEdit[] | undefined {
	const name = fieldText(caller, 'name');
	if (name === 'constructor' || hasToken(caller, 'get', 'set', '*') || caller.type.startsWith('generator')) return undefined;
	// After `static` and `export`, before the name or the parameters.
	const at = caller.type === 'method_definition' ? (field(caller, 'name') ?? caller).startIndex : caller.startIndex;
	const type = field(caller, 'return_type')?.namedChildren[0];
	const promise = type && !/^Promise</.test(type.text) ? [{ ...rangeOf(type), newText: `Promise<${type.text}>` }] : [];
	return [{ start: at, end: at, newText: 'async ' }, ...promise];
}

/** `const [n, s] = f()` and `f()[0]`, from a tuple to an object, and back. */
function restructured(node: SyntaxNode, from: string, to: string): ResultEdit | undefined {
	const [names, places] = [keysOf(to), tupleOf(from)];
	const reason = `It returns ${to} now, and returned ${from}.`;
	if (names && places) return objectFrom(node, names, reason);
	const [oldNames, newPlaces] = [keysOf(from), tupleOf(to)];
	return oldNames && newPlaces ? tupleFrom(node, oldNames, reason) : undefined;
}

function keysOf(type: string): string[] | undefined {
	const inner = /^\{(.*)\}$/s.exec(type)?.[1];
	return inner
		?.split(/[;,]/)
		.map((part) => /^\s*(?:readonly )?([\w$]+)\??\s*:/.exec(part)?.[1] ?? '')
		.filter(Boolean);
}

function tupleOf(type: string): string[] | undefined {
	const inner = /^(?:readonly )?\[(.*)\]$/s.exec(type)?.[1];
	return inner?.split(',');
}

function objectFrom(node: SyntaxNode, names: readonly string[], reason: string): ResultEdit | undefined {
	const outer = node.parent?.type === 'await_expression' ? node.parent : node;
	const parent = outer.parent;
	const pattern = parent?.type === 'variable_declarator' && isField(outer, 'value') ? field(parent, 'name') : undefined;
	if (pattern?.type === 'array_pattern') {
		const taken = pattern.namedChildren.map(({ text }, index) => (names[index] === text ? text : `${names[index]}: ${text}`));
		if (taken.length <= names.length) return { edits: [{ ...rangeOf(pattern), newText: `{ ${taken.join(', ')} }` }], class: 'C', reason };
	}
	const index = parent?.type === 'subscript_expression' ? Number(fieldText(parent, 'index')) : Number.NaN;
	const name = names[index];
	if (!parent || name === undefined) return undefined;
	return { edits: [{ start: outer.endIndex, end: parent.endIndex, newText: `.${name}` }], class: 'C', reason };
}

function tupleFrom(node: SyntaxNode, names: readonly string[], reason: string): ResultEdit | undefined {
	const outer = node.parent?.type === 'await_expression' ? node.parent : node;
	const parent = outer.parent;
	const pattern = parent?.type === 'variable_declarator' && isField(outer, 'value') ? field(parent, 'name') : undefined;
	if (pattern?.type === 'object_pattern') {
		const locals = new Map<string, string>();
		for (const key of childrenOf(pattern, 'shorthand_property_identifier_pattern')) locals.set(key.text, key.text);
		for (const key of childrenOf(pattern, 'pair_pattern')) locals.set(fieldText(key, 'key') ?? '', fieldText(key, 'value') ?? '');
		const taken = names
			.map((name) => locals.get(name) ?? '')
			.join(', ')
			.replace(/(, )+$/, '');
		return { edits: [{ ...rangeOf(pattern), newText: `[${taken}]` }], class: 'C', reason };
	}
	const index = names.indexOf(parent?.type === 'member_expression' ? (fieldText(parent, 'property') ?? '') : '');
	if (!parent || index < 0) return undefined;
	return { edits: [{ start: outer.endIndex, end: parent.endIndex, newText: `[${index}]` }], class: 'C', reason };
}

/** A result that may be absent now needs something to go on with. */
function optional(node: SyntaxNode, from: string, to: string): ResultEdit | undefined {
	const more = to
		.split('|')
		.map((part) => part.trim())
		.filter((part) => !from.split('|').some((old) => old.trim() === part));
	if (more.length === 0) return { edits: [], class: 'D', reason: `It returns ${to} now, which is less than before.` };
	if (!more.every((part) => part === 'undefined' || part === 'null')) return undefined;
	const isHandled =
		node.parent?.type === 'binary_expression' && ['??', '||', '==', '===', '!=', '!=='].includes(node.parent.children[1]?.type ?? '');
	if (isHandled || node.parent?.type === 'non_null_expression')
		return { edits: [], class: 'D', reason: 'That there may be none is taken care of.' };
	return {
		edits: [],
		class: 'L',
		reason: `It may return ${more.join(' or ')} now.`,
		fallback: { at: node.endIndex, before: ' ?? ', type: from },
	};
}
