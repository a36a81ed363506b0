import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Argument, ArgumentList, ResultEdit } from '../language.ts';
import type { Range, TextEdit } from '../text-edit.ts';

/** What all languages read in the same way from their trees. */

export function rangeOf({ startIndex, endIndex }: SyntaxNode): Range {
	return { start: startIndex, end: endIndex };
}

export function field(node: SyntaxNode | null | undefined, name: string): SyntaxNode | undefined {
	return node?.childForFieldName(name) ?? undefined;
}

export function fieldText(node: SyntaxNode | null | undefined, name: string): string | undefined {
	return field(node, name)?.text;
}

/** The nearest of these types around a node. */
export function around(node: SyntaxNode | null, types: readonly string[]): SyntaxNode | undefined {
	for (let at = node?.parent ?? null; at; at = at.parent) if (types.includes(at.type)) return at;
	return undefined;
}

/** Whether it has a word of its own: `async`, `static`. */
export function hasToken(node: SyntaxNode, ...tokens: readonly string[]): boolean {
	return node.children.some(({ type }) => tokens.includes(type));
}

export function childrenOf(node: SyntaxNode | null | undefined, ...types: readonly string[]): SyntaxNode[] {
	return (node?.namedChildren ?? []).filter(({ type }) => types.includes(type));
}

export function isSame(left: SyntaxNode | null | undefined, right: SyntaxNode | null | undefined): boolean {
	return left?.id === right?.id && left !== undefined && left !== null;
}

/** Whether a node is this field of its parent. */
export function isField(node: SyntaxNode, name: string): boolean {
	return isSame(node.parent?.childForFieldName(name), node);
}

/** What is between the brackets of a node. */
export function inside(node: SyntaxNode): Range {
	const last = node.children.at(-1);
	const first = node.children[0];
	if (first === undefined || last === undefined || node.children.length < 2) return rangeOf(node);
	return { start: first.endIndex, end: last.isMissing ? node.endIndex : last.startIndex };
}

/** The arguments between brackets, without comments. What `read` says of one is added to what all have. */
export function listOf(
	node: SyntaxNode,
	read: (value: SyntaxNode) => Partial<Argument> & { readonly value?: SyntaxNode } = () => ({}),
): ArgumentList {
	const values = node.namedChildren.filter(({ type }) => !isComment(type));
	return {
		range: inside(node),
		arguments: values.map((value) => ({ value, ...read(value), range: { start: startWithComment(value), end: value.endIndex } })),
	};
}

export function isComment(type: string): boolean {
	return type.endsWith('comment');
}

/** A comment directly in front of an argument says what the argument is, so it is a part of it. */
function startWithComment(value: SyntaxNode): number {
	let start = value.startIndex;
	for (let at = value.previousSibling; at && isComment(at.type) && at.text.startsWith('/*'); at = at.previousSibling) start = at.startIndex;
	return start;
}

/** A list without those arguments that come first and are not the function's. */
export function withoutLeading(list: ArgumentList, count: number): ArgumentList {
	if (count === 0) return list;
	const last = list.arguments[count - 1];
	if (last === undefined) return { ...list, arguments: [], lead: '' };
	return { ...list, range: { start: last.range.end, end: list.range.end }, arguments: list.arguments.slice(count), lead: ', ' };
}

/** Whether anything of these types is in it. */
export function hasAny(node: SyntaxNode, types: readonly string[]): boolean {
	return types.includes(node.type) || node.descendantsOfType([...types]).length > 0;
}

/** What a call of a function comes to that is not asynchronous any more. `awaiting` is what waits for one, and `edits` take that away. */
export function unawaited(call: SyntaxNode, name: string, awaiting: string, edits = withoutAwait): ResultEdit {
	const reason = `${name} is not asynchronous any more.`;
	return call.parent?.type === awaiting
		? { edits: edits(call, call.parent), class: 'D', reason }
		: { edits: [], class: 'W', reason: `${reason} Whoever waits for its result has it at once.` };
}

/** Takes the `await` before a call away, and brackets that are there for both only. */
function withoutAwait(call: SyntaxNode, awaiting: SyntaxNode): TextEdit[] {
	const { parent } = awaiting;
	const whole = parent?.type === 'parenthesized_expression' && parent.text === `(${awaiting.text})` ? parent : awaiting;
	const before = { start: whole.startIndex, end: call.startIndex, newText: '' };
	return whole.endIndex === call.endIndex ? [before] : [before, { start: call.endIndex, end: whole.endIndex, newText: '' }];
}

export function notEmpty<T>(value: T | undefined | null): value is T {
	return value !== undefined && value !== null;
}
