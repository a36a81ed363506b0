import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Argument, ArgumentList, ResultEdit, Use } from '../language.ts';
import { isDeclared } from './python-outline.ts';
import {
	around,
	childrenOf,
	field,
	fieldText,
	hasToken,
	isComment,
	isField,
	isSame,
	listOf,
	rangeOf,
	unawaited,
	withoutLeading,
} from './read.ts';

/** What calls a function that it gets with the arguments after it, and how many others come before those. */
const forwarders: Readonly<Record<string, number>> = {
	partial: 1,
	partialmethod: 1,
	submit: 1,
	to_thread: 1,
	call_soon: 1,
	call_soon_threadsafe: 1,
	call_later: 2,
	call_at: 2,
	run_in_executor: 2,
	register: 1,
	create_task_with: 1,
	start_new_thread: 1,
};
const assertions = ['assert_called_with', 'assert_called_once_with', 'assert_any_call'];

export function use(name: SyntaxNode): Use | undefined {
	if (name.type !== 'identifier' || !name.parent) return undefined;
	if (around(name, ['import_statement', 'import_from_statement'])) return { kind: 'import', node: name.parent };
	if (isDeclared(name)) return undefined;
	const member = name.parent.type === 'attribute' && isField(name, 'attribute') ? name.parent : undefined;
	if (name.parent.type === 'attribute' && !member) return undefined;
	const expression = unwrapped(member ?? name);
	const found = called(expression, member !== undefined) ?? named(expression, name);
	return found && { ...found, qualifier: field(member, 'object') };
}

function unwrapped(node: SyntaxNode): SyntaxNode {
	let at = node;
	while (at.parent?.type === 'parenthesized_expression') at = at.parent;
	return at;
}

function called(expression: SyntaxNode, isMember: boolean): Use | undefined {
	const parent = expression.parent;
	if (parent?.type === 'call' && isField(expression, 'function')) {
		const list = field(parent, 'arguments');
		const isDecorator = parent.parent?.type === 'decorator';
		const kind = isDecorator ? 'decorator' : isMember ? 'member-call' : 'call';
		return { kind, node: parent, ...(list?.type === 'argument_list' && { list: callList(list) }) };
	}
	return parent?.type === 'decorator' ? { kind: 'decorator', node: parent } : undefined;
}

function named(expression: SyntaxNode, name: SyntaxNode): Use | undefined {
	const parent = expression.parent;
	if (!parent) return undefined;
	if (parent.type === 'argument_list' && parent.parent?.type === 'class_definition') return undefined;
	if (
		parent.type === 'assignment' &&
		isField(expression, 'right') &&
		field(parent, 'left')?.type === 'identifier' &&
		isSame(expression, name)
	) {
		const scope = around(parent, ['function_definition', 'module']);
		return { kind: 'by-name', node: expression, alias: { name: fieldText(parent, 'left') ?? '', ...(scope && { scope: rangeOf(scope) }) } };
	}
	const argument = parent.type === 'keyword_argument' ? parent : expression;
	const list = argument.parent?.type === 'argument_list' ? argument.parent : undefined;
	return (list && passed(argument, list)) ?? asserted(expression) ?? { kind: 'by-name', node: expression };
}

/** `partial(f, 1)`, `Thread(target=f, args=(1,))`. */
function passed(argument: SyntaxNode, list: SyntaxNode): Use | undefined {
	const node = list.parent;
	const to = field(node, 'function');
	if (!node || !to) return undefined;
	const options = childrenOf(list, 'keyword_argument');
	const args = field(
		options.find((option) => fieldText(option, 'name') === 'args'),
		'value',
	);
	const kwargs = field(
		options.find((option) => fieldText(option, 'name') === 'kwargs'),
		'value',
	);
	const tuple = args ? elements(args) : undefined;
	if (tuple) return { kind: 'partial', node, list: kwargs ? { ...tuple, arguments: tuple.arguments } : tuple };
	const callee = fieldText(to, 'attribute') ?? to.text;
	const lead = Object.hasOwn(forwarders, callee) ? forwarders[callee] : undefined;
	const all = callList(list);
	const at = all.arguments.findIndex(({ value }) => isSame(value, argument));
	if (lead !== undefined && at === lead - 1) {
		const isPartial = callee.startsWith('partial');
		return { kind: 'partial', node, list: withoutLeading(all, lead), isPartial };
	}
	return argument.type === 'keyword_argument' && fieldText(argument, 'name') === 'target' ? threadWithout(node, all) : undefined;
}

/** `Thread(target=f)`: no arguments yet. */
function threadWithout(node: SyntaxNode, { range, arguments: all }: ArgumentList): Use {
	const at = { start: all.at(-1)?.range.end ?? range.end, end: all.at(-1)?.range.end ?? range.end };
	const write = (values: readonly string[]) =>
		values.length === 0 ? [] : [{ ...at, newText: `, args=(${values.join(', ')}${values.length === 1 ? ',' : ''})` }];
	return { kind: 'partial', node, list: { range: at, arguments: [], write } };
}

/** `f.assert_called_with(1)`. */
function asserted(expression: SyntaxNode): Use | undefined {
	const method = expression.parent?.type === 'attribute' ? expression.parent : undefined;
	const node = method?.parent?.type === 'call' ? method.parent : undefined;
	const list = field(node, 'arguments');
	if (!node || !list || !assertions.includes(fieldText(method, 'attribute') ?? '')) return undefined;
	return { kind: 'test-double', node, list: callList(list) };
}

/** What finds something by the name that a text has in it. */
const finders = /(?:^|\.)(?:patch(?:\.\w+)?|[gs]etattr|hasattr|delattr|attrgetter|methodcaller|import_string|resolve_name)$/;

/** `@patch("module.name")` and `getattr(module, "name")`. */
export function spelled(node: SyntaxNode, name: string): Use | undefined {
	const text = node.type === 'string' ? node : around(node, ['string']);
	const call = text?.parent?.type === 'argument_list' ? text.parent.parent : undefined;
	if (!text || !finders.test(fieldText(call, 'function') ?? '')) return undefined;
	return unquoted(text.text).split('.').at(-1) === name ? { kind: 'string', node: text } : undefined;
}

/** The arguments of a call; the entries of a dictionary that is spread are as good as named ones. */
function callList(list: SyntaxNode): ArgumentList {
	const all = listOf(list, (value) => {
		if (value.type === 'keyword_argument') return { name: fieldText(value, 'name'), value: field(value, 'value') ?? value };
		if (value.type === 'list_splat') return { spread: 'rest', value: value.namedChildren[0] ?? value };
		if (value.type === 'dictionary_splat') return { spread: 'keywords', value: value.namedChildren[0] ?? value };
		return {};
	});
	return { ...all, arguments: all.arguments.flatMap(expanded) };
}

function expanded(argument: Argument): readonly Argument[] {
	const { value, spread } = argument;
	if (spread !== 'keywords' || value.type !== 'dictionary') return [argument];
	const pairs = childrenOf(value, 'pair');
	const isPlain =
		pairs.length === value.namedChildren.filter(({ type }) => !isComment(type)).length &&
		pairs.every((pair) => field(pair, 'key')?.type === 'string');
	if (!isPlain || pairs.length === 0) return [argument];
	return pairs.map((pair) => ({
		range: rangeOf(pair),
		value: field(pair, 'value') ?? pair,
		name: unquoted(fieldText(pair, 'key') ?? ''),
		isEntry: true,
	}));
}

function unquoted(text: string): string {
	return text.replace(/^\w?['"]|['"]$/g, '');
}

export function elements(value: SyntaxNode): ArgumentList | undefined {
	if (value.type !== 'list' && value.type !== 'tuple') return undefined;
	const list = listOf(value, (item) => (item.type === 'list_splat' ? { spread: 'rest', value: item.namedChildren[0] ?? item } : {}));
	return value.type === 'tuple' ? { ...list, needsCommaWhenSingle: true } : list;
}

/** `C.m(object, 1)` is `object.m(1)`. */
export function unbound(use: Use, { before }: SignatureChange): Use {
	const text = use.qualifier?.text.replace(/^.*\./, '') ?? '';
	const isClass = text === before.container || /^[A-Z]\w*$/.test(text);
	if (!isClass || before.receiver === undefined || before.isStatic || !use.list) return use;
	return { ...use, list: withoutLeading(use.list, 1) };
}

/** What a call needs because its result is another. */
export function result({ node, kind }: Use, { before, after }: SignatureChange): ResultEdit | undefined {
	if (node.type !== 'call' || kind === 'partial' || kind === 'test-double') return undefined;
	if (!before.isAsync && after.isAsync) return awaited(node, after.name);
	if (before.isAsync && !after.isAsync) return unawaited(node, after.name, 'await');
	if (!isLazy(before.returns) && !before.isGenerator && (after.isGenerator || isLazy(after.returns))) return listed(node, after.name);
	if (before.returns === undefined || after.returns === undefined || before.returns === after.returns) return undefined;
	if (node.parent?.type === 'expression_statement') return undefined;
	return { edits: [], class: 'W', reason: `It returns ${after.returns} now, and returned ${before.returns}.` };
}

function isLazy(type: string | undefined): boolean {
	return /^(\w+\.)*(Iterator|Generator|Iterable)\b/.test(type ?? '');
}

function listed(node: SyntaxNode, name: string): ResultEdit {
	const reason = `${name} yields its results one by one now.`;
	const parent = node.parent;
	const isIterated = parent?.type === 'for_statement' || parent?.type === 'for_in_clause';
	const callee = parent?.type === 'argument_list' ? fieldText(parent.parent, 'function') : undefined;
	const isTaken =
		callee !== undefined &&
		['list', 'tuple', 'set', 'sorted', 'sum', 'any', 'all', 'max', 'min', 'enumerate', 'zip', 'map', 'filter', 'iter', 'next'].includes(
			callee,
		);
	if (isIterated || isTaken) return { edits: [], class: 'D', reason };
	const { startIndex: start, endIndex: end } = node;
	return {
		edits: [
			{ start, end: start, newText: 'list(' },
			{ start: end, end, newText: ')' },
		],
		class: 'L',
		reason,
	};
}

function awaited(node: SyntaxNode, name: string): ResultEdit {
	const reason = `${name} is asynchronous now.`;
	const parent = node.parent;
	const caller = around(node, ['function_definition', 'lambda']);
	const known = { reason, ...(caller && { caller: rangeOf(caller) }) };
	if (parent?.type === 'await') return { ...known, edits: [], class: 'D' };
	const callee = parent?.type === 'argument_list' ? (fieldText(parent.parent, 'function') ?? '') : '';
	if (/(^|\.)(run|create_task|gather|wait_for|ensure_future|run_until_complete)$/.test(callee)) return { edits: [], class: 'D', reason };
	const { startIndex: start, endIndex: end } = node;
	if (!caller) {
		const edits = [
			{ start, end: start, newText: 'asyncio.run(' },
			{ start: end, end, newText: ')' },
		];
		return { edits, class: 'C', reason: `${reason} It is called outside of a function; asyncio has to be imported.` };
	}
	if (caller.type === 'lambda') return { edits: [], class: 'W', reason: `${reason} A lambda cannot wait for it.` };
	const isTight = parent?.type === 'attribute' || parent?.type === 'subscript' || (parent?.type === 'call' && isField(node, 'function'));
	const edits = [{ start, end: start, newText: isTight ? '(await ' : 'await ' }, ...(isTight ? [{ start: end, end, newText: ')' }] : [])];
	if (hasToken(caller, 'async')) return { ...known, edits, class: 'C' };
	const cascade = { start: caller.startIndex, end: caller.startIndex, newText: 'async ' };
	return {
		...known,
		edits: [...edits, cascade],
		class: 'C',
		reason: `${reason} ${fieldText(caller, 'name')} has to be asynchronous as well, and so has what calls that.`,
	};
}
