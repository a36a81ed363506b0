import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Argument, ArgumentList, ResultEdit, Use } from '../language.ts';
import { spanOf } from '../span.ts';
import type { TextEdit } from '../text-edit.ts';
import { around, childrenOf, field, fieldText, isField, isSame, listOf, rangeOf, unawaited, withoutLeading } from './read.ts';

export function use(name: SyntaxNode): Use | undefined {
	const parent = name.parent;
	if (!parent || !['identifier', 'field_identifier', 'type_identifier'].includes(name.type)) return undefined;
	if (around(name, ['use_declaration'])) return { kind: 'import', node: parent };
	if (parent.type === 'token_tree') return inMacro(name);
	if (name.type === 'type_identifier' || isDeclared(name, parent)) return undefined;
	const isPath = parent.type === 'scoped_identifier' && isField(name, 'name');
	const isMember = parent.type === 'field_expression' && isField(name, 'field');
	if ((parent.type === 'scoped_identifier' || parent.type === 'field_expression') && !isPath && !isMember) return undefined;
	const qualifier = isPath ? field(parent, 'path') : isMember ? field(parent, 'value') : undefined;
	const path = isPath || isMember ? parent : name;
	const generic = path.parent?.type === 'generic_function' ? path.parent : undefined;
	const expression = unwrapped(generic ?? path);
	const typeArguments = generic && listOf(field(generic, 'type_arguments') ?? generic);
	const call = expression.parent;
	if (call?.type === 'call_expression' && isField(expression, 'function')) {
		const list = field(call, 'arguments');
		return { kind: qualifier ? 'member-call' : 'call', node: call, qualifier, list: list && listOf(list), typeArguments };
	}
	if (isMember) return undefined;
	return { ...named(expression, isPath), qualifier };
}

function unwrapped(node: SyntaxNode): SyntaxNode {
	return node.parent?.type === 'parenthesized_expression' ? unwrapped(node.parent) : node;
}

function isDeclared(name: SyntaxNode, parent: SyntaxNode): boolean {
	if (['function_item', 'function_signature_item', 'mod_item', 'const_item', 'static_item'].includes(parent.type))
		return isField(name, 'name');
	return ['parameter', 'let_declaration', 'for_expression'].includes(parent.type)
		? isField(name, 'pattern')
		: ['closure_parameters', 'mut_pattern', 'tuple_pattern', 'shorthand_field_identifier'].includes(parent.type);
}

function named(expression: SyntaxNode, isPath: boolean): Use {
	const parent = expression.parent;
	const pattern = parent?.type === 'let_declaration' && isField(expression, 'value') ? field(parent, 'pattern') : undefined;
	if (pattern?.type !== 'identifier' || isPath || field(parent, 'type')) return { kind: 'by-name', node: expression };
	const scope = around(expression, ['block']);
	return { kind: 'by-name', node: expression, alias: { name: pattern.text, ...(scope && { scope: rangeOf(scope) }) } };
}

/** In a macro there are only tokens: a name and brackets behind it are a call. */
function inMacro(name: SyntaxNode): Use | undefined {
	const list = name.nextSibling;
	const before = name.previousSibling;
	if (list?.type !== 'token_tree' || list.children[0]?.type !== '(') return undefined;
	const isMember = before?.type === '.';
	const isPath = before?.type === '::';
	const qualifier = isMember || isPath ? (before?.previousSibling ?? undefined) : undefined;
	const first = qualifier ?? name;
	const node = spanOf(textBetween(first, list), first.startIndex, list.endIndex);
	return { kind: qualifier ? 'member-call' : 'call', node, qualifier, list: tokenList(list) };
}

function textBetween(first: SyntaxNode, last: SyntaxNode): string {
	const parent = first.parent;
	return parent ? parent.text.slice(first.startIndex - parent.startIndex, last.endIndex - parent.startIndex) : '';
}

function tokenList(list: SyntaxNode): ArgumentList {
	const tokens = list.children.slice(1, -1);
	const groups: SyntaxNode[][] = [[]];
	for (const token of tokens) {
		if (token.type === ',') groups.push([]);
		else groups.at(-1)?.push(token);
	}
	const values = groups.flatMap((group): Argument[] => {
		const [first, last] = [group[0], group.at(-1)];
		if (!first || !last) return [];
		const value = isSame(first, last) ? first : spanOf(textBetween(first, last), first.startIndex, last.endIndex);
		return [{ value, range: { start: first.startIndex, end: last.endIndex } }];
	});
	return { range: { start: list.startIndex + 1, end: list.endIndex - 1 }, arguments: values };
}

/** `S::m(&s, 1)` is `s.m(1)`. */
export function unbound(use: Use, { before }: SignatureChange): Use {
	const isPath = use.qualifier !== undefined && /^(Self|[A-Z]\w*)(<.*>)?$|::[A-Z]\w*$/.test(use.qualifier.text);
	return isPath && before.receiver !== undefined && use.list ? { ...use, list: withoutLeading(use.list, 1) } : use;
}

export function result({ node }: Use, { before, after }: SignatureChange): ResultEdit | undefined {
	if (node.type !== 'call_expression') return undefined;
	if (after.receiver === '&mut self' && before.receiver === '&self')
		return { edits: [], class: 'W', reason: `${after.name} changes its object now; that has to be mutable.` };
	const caller = around(node, ['function_item', 'closure_expression', 'async_block']);
	if (!before.isAsync && after.isAsync) return awaited(node, caller, after.name);
	if (before.isAsync && !after.isAsync) return unawaited(node, after.name, 'await_expression', withoutSuffix);
	const [from, to] = [before.returns ?? '()', after.returns ?? '()'];
	if (from === to) return undefined;
	return fallible(node, from, to, after.name, caller) ?? infallible(node, from, to) ?? other(node, from, to);
}

function awaited(node: SyntaxNode, caller: SyntaxNode | undefined, name: string): ResultEdit {
	const reason = `${name} is asynchronous now.`;
	const known = { reason, ...(caller?.type === 'function_item' && { caller: rangeOf(caller) }) };
	if (node.parent?.type === 'await_expression') return { ...known, edits: [], class: 'D' };
	const edits = [insertion(node, '.await')];
	const isIn = caller?.type === 'async_block' || /^[^{]*\basync\b/.test(caller?.text ?? '');
	if (isIn) return { ...known, edits, class: 'C' };
	const cascade = caller && madeAsync(caller);
	if (!cascade) return { edits: [], class: 'W', reason: `${reason} What calls it cannot wait for it.` };
	const spread = `${reason} ${fieldText(caller, 'name')} has to be asynchronous as well, and so has what calls that.`;
	return { ...known, edits: [...edits, cascade], class: 'C', reason: spread };
}

/** Takes the `.await` behind a call away. */
function withoutSuffix(call: SyntaxNode, awaiting: SyntaxNode): TextEdit[] {
	return [{ start: call.endIndex, end: awaiting.endIndex, newText: '' }];
}

/** Undefined where somebody else decides what it is: a trait, whoever runs it, a compiler that evaluates it. */
function madeAsync(caller: SyntaxNode): TextEdit | undefined {
	const modifiers = childrenOf(caller, 'function_modifiers')[0];
	const owner = around(caller, ['impl_item', 'trait_item', 'function_item']);
	const isOfTrait = owner?.type === 'trait_item' || (owner?.type === 'impl_item' && field(owner, 'trait') !== undefined);
	const isRun = fieldText(caller, 'name') === 'main' || /\btest\b/.test(attributeOf(caller)?.text ?? '');
	const isPlain = caller.type === 'function_item' && !/\b(?:const|extern)\b/.test(modifiers?.text ?? '');
	const at = modifiers ?? caller.children.find(({ type }) => type === 'fn');
	return isPlain && !isOfTrait && !isRun && at ? { start: at.startIndex, end: at.startIndex, newText: 'async ' } : undefined;
}

function attributeOf({ previousSibling }: SyntaxNode): SyntaxNode | undefined {
	return previousSibling?.type === 'attribute_item' ? previousSibling : undefined;
}

function insertion(node: SyntaxNode, newText: string): TextEdit {
	return { start: node.endIndex, end: node.endIndex, newText };
}

function wrapperOf(type: string): 'Result' | 'Option' | undefined {
	const name = /^(?:\w+::)*(Result|Option)\b/.exec(type)?.[1];
	return name === 'Result' || name === 'Option' ? name : undefined;
}

/** A result that may have failed: passed on where the caller's may have, too. */
function fallible(node: SyntaxNode, from: string, to: string, name: string, caller: SyntaxNode | undefined): ResultEdit | undefined {
	const wrapper = wrapperOf(to);
	if (wrapper === undefined || wrapperOf(from) !== undefined) return undefined;
	const reason = `It returns ${to} now.`;
	const parent = node.parent;
	if (parent?.type === 'try_expression' || parent?.type === 'match_expression' || parent?.type === 'let_condition')
		return { edits: [], class: 'D', reason };
	const isPassedOn = caller?.type === 'function_item' && wrapperOf(fieldText(caller, 'return_type') ?? '') === wrapper;
	if (isPassedOn) return { edits: [insertion(node, '?')], class: 'C', reason };
	return {
		edits: [insertion(node, `.expect("${name} failed")`)],
		class: 'L',
		reason: `${reason} What to do when it failed has to be decided.`,
	};
}

/** What took care of a failure is in the way now. */
function infallible(node: SyntaxNode, from: string, to: string): ResultEdit | undefined {
	if (wrapperOf(from) === undefined || wrapperOf(to) !== undefined) return undefined;
	const reason = `It cannot fail any more.`;
	const parent = node.parent;
	if (parent?.type === 'try_expression')
		return { edits: [{ start: node.endIndex, end: parent.endIndex, newText: '' }], class: 'C', reason };
	const call =
		parent?.type === 'field_expression' && ['unwrap', 'expect'].includes(fieldText(parent, 'field') ?? '') ? parent.parent : undefined;
	if (call?.type === 'call_expression') return { edits: [{ start: node.endIndex, end: call.endIndex, newText: '' }], class: 'C', reason };
	return { edits: [], class: 'W', reason };
}

function other(node: SyntaxNode, from: string, to: string): ResultEdit | undefined {
	if (node.parent?.type === 'expression_statement' || from === '()') return undefined;
	return { edits: [], class: 'W', reason: `It returns ${to} now, and returned ${from}.` };
}
