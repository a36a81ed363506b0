import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentList, ArgumentPlace, Language, ResultEdit, Use } from '../language.ts';
import type { ParsedFile, Project, SourceFile } from '../project.ts';
import { type Parameter, sameType } from '../signature.ts';
import type { TextEdit } from '../text-edit.ts';
import { bare, literalType, outline } from './csharp-outline.ts';
import { isTask, taskIn, taskOf } from './csharp-tasks.ts';
import { around, childrenOf, field, fieldText, hasAny, isField, isSame, listOf, rangeOf, unawaited, withoutLeading } from './read.ts';

export const csharp: Language = {
	ids: ['csharp'],
	style: {
		named: (name, value) => `${name}: ${value}`,
		array: (values) => `new[] { ${values.join(', ')} }`,
		spread: (value) => value,
		lambda,
		self: ['this'],
		parent: ['base'],
		implicitSelf: true,
		around: (call) => `class C { void G() { ${call}; } }`,
	},
	projectFiles: /\.csproj$|(?:^|\/)Directory\.Build\.props$/,
	constructors: ['base', 'this'],
	outline,
	use,
	unbound,
	retype,
	result,
	literalType,
	resolve: () => undefined,
	sees,
	inherited: ({ text }) => text,
	elements,
	hasEffect: (value: SyntaxNode) =>
		hasAny(value, [
			'invocation_expression',
			'object_creation_expression',
			'assignment_expression',
			'postfix_unary_expression',
			'await_expression',
		]) && value.type !== 'lambda_expression',
};

function use(name: SyntaxNode): Use | undefined {
	const parent = name.parent;
	if (!parent) return undefined;
	if ((name.type === 'base' || name.type === 'this') && parent.type === 'constructor_initializer') {
		const list = childrenOf(parent, 'argument_list')[0];
		return { kind: 'super', node: parent, list: list && callList(list) };
	}
	if (name.type !== 'identifier') return undefined;
	const generic = parent.type === 'generic_name' ? parent : undefined;
	const path = generic ?? name;
	const isCreated = path.parent?.type === 'object_creation_expression' && isField(path, 'type');
	if (isCreated && path.parent) return { kind: 'new', node: path.parent, list: argumentsOf(path.parent) ?? bareList(path) };
	const implied =
		path.parent?.type === 'variable_declaration' ? path.parent.descendantsOfType('implicit_object_creation_expression')[0] : undefined;
	const impliedList = childrenOf(implied, 'argument_list')[0];
	if (implied && impliedList && isField(path, 'type')) return { kind: 'new', node: implied, list: callList(impliedList) };
	if (path.parent?.type === 'base_list') return baseCall(path.parent);
	const member =
		path.parent && ['member_access_expression', 'member_binding_expression'].includes(path.parent.type) && isField(path, 'name')
			? path.parent
			: undefined;
	if (!member && isDeclared(path)) return undefined;
	const conditional = member?.type === 'member_binding_expression' ? (around(member, ['conditional_access_expression']) ?? member) : member;
	const qualifier = conditional?.children[0];
	const expression = conditional ?? path;
	const call = expression.parent;
	if (call?.type === 'invocation_expression' && isField(expression, 'function')) {
		const types = childrenOf(generic, 'type_argument_list')[0];
		return {
			kind: qualifier ? 'member-call' : 'call',
			node: call,
			qualifier,
			list: argumentsOf(call),
			typeArguments: types && listOf(types),
		};
	}
	return { kind: 'by-name', node: expression, qualifier };
}

function isDeclared(name: SyntaxNode): boolean {
	const parent = name.parent;
	if (!parent) return true;
	const isPart = isField(name, 'name') || isField(name, 'type') || isField(name, 'returns');
	return (
		isPart ||
		/(_list|_type|_declaration|_directive|^qualified_name|^type_argument_list|_constraint|^cast_expression|^typeof_expression)$/.test(
			parent.type,
		) ||
		parent.type === 'member_access_expression'
	);
}

function argumentsOf(node: SyntaxNode): ArgumentList | undefined {
	const list = field(node, 'arguments');
	return list && callList(list);
}

function callList(list: SyntaxNode): ArgumentList {
	return listOf(list, (argument) => {
		const name = field(argument, 'name');
		const values = argument.namedChildren.filter((child) => !isSame(child, name));
		return name
			? { name: name.text, value: values.at(-1) ?? argument }
			: { value: argument.children.length > 1 ? argument : (values.at(-1) ?? argument) };
	});
}

/** `new C { X = 1 }` has no brackets. */
function bareList({ endIndex }: SyntaxNode): ArgumentList {
	const at = { start: endIndex, end: endIndex };
	return { range: at, arguments: [], write: (values) => (values.length > 0 ? [{ ...at, newText: `(${values.join(', ')})` }] : []) };
}

/** `class D(int a) : B(a)` and `record D(int A) : B(A)`. */
function baseCall(list: SyntaxNode): Use | undefined {
	const values = childrenOf(list, 'argument_list')[0] ?? list.descendantsOfType('argument_list')[0];
	return values && { kind: 'super', node: list, list: callList(values) };
}

/** An extension that is called as what it is: `Extensions.F(x, 1)`. */
function unbound(use: Use, { before }: SignatureChange): Use {
	const isClass = use.qualifier !== undefined && bare(use.qualifier.text) === before.container;
	return isClass && before.receiver !== undefined && use.list ? { ...use, list: withoutLeading(use.list, 1) } : use;
}

function lambda(parameters: readonly Parameter[], call: string): string {
	const names = parameters.map(({ name }) => name);
	return `${names.length === 1 ? names[0] : `(${names.join(', ')})`} => ${call}`;
}

function elements(value: SyntaxNode): ArgumentList | undefined {
	const isArray = ['array_creation_expression', 'implicit_array_creation_expression'].includes(value.type);
	const list = isArray ? childrenOf(value, 'initializer_expression')[0] : undefined;
	return list && listOf(list);
}

const widths = ['byte', 'short', 'int', 'long', 'float', 'double'];

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const wraps = (before: string, after: string, kind: Adapted['class'] = 'C'): Adapted => ({
		before,
		after,
		class: kind,
		reason: `It has to be ${to} now.`,
	});
	const modifier = /^(ref|out|in) (.*)$/.exec(to);
	if (modifier?.[2] === from && modifier[1] !== 'in')
		return value.type === 'identifier' ? wraps(`${modifier[1]} `, '', modifier[1] === 'ref' ? 'D' : 'C') : undefined;
	if (/^(?:ref|out|in) /.test(from) && from.endsWith(` ${to}`)) {
		const length = /^(?:ref|out|in)\s+/.exec(value.text)?.[0].length ?? 0;
		return { ...wraps('', '', 'D'), keep: { start: value.startIndex + length, end: value.endIndex } };
	}
	const own = type ?? from;
	if (own === to || to === 'object' || to === `${from}?` || to === `IEnumerable<${from}>?`) return wraps('', '', 'D');
	const [old, now] = [widths.indexOf(own), widths.indexOf(to)];
	if (old >= 0 && now >= 0) return old < now || (literalType(value) === 'int' && now < old) ? wraps('', '', 'D') : wraps(`(${to})`, '');
	if (/^(IEnumerable|IReadOnlyList|IReadOnlyCollection|IList|ICollection)<(.*)>$/.exec(to)?.[2] === from || to === `${from}[]`)
		return wraps('new[] { ', ' }');
	if (to === `List<${from}>`) return wraps(`new ${to} { `, ' }');
	if (to === `Func<${from}>`) return wraps('() => ', '');
	return to === 'string' && widths.includes(own) ? wraps('', '.ToString()') : undefined;
}

function result({ node }: Use, { before, after }: SignatureChange, parsed: ParsedFile): ResultEdit | undefined {
	const [from, to] = [before.returns ?? '', after.returns ?? ''];
	if (node.type !== 'invocation_expression') return undefined;
	// What has to wait because it calls something that does is asynchronous, whatever its type is.
	const follows = !before.isAsync && after.isAsync && !isTask(from);
	if (follows || (isTask(to) && taskOf(from, to.replace(/<.*$/s, '')) === to))
		return awaited(node, `${after.name} is asynchronous now.`, parsed);
	if (sameType(from, to)) return undefined;
	if (isTask(from) && taskOf(to, from.replace(/<.*$/s, '')) === from) return unawaited(node, after.name, 'await_expression');
	const reason = `It returns ${to} now, and returned ${from}.`;
	if (node.parent?.type === 'expression_statement' || from === 'void') return undefined;
	if (to === `${from}?`) return { edits: [], class: 'L', reason, fallback: { at: node.endIndex, before: ' ?? ', type: from } };
	return { edits: [], class: 'W', reason };
}

/** Functions of which one can be around a call, and where nobody may wait. */
const callers = [
	'method_declaration',
	'local_function_statement',
	'lambda_expression',
	'anonymous_method_expression',
	'constructor_declaration',
	'accessor_declaration',
	'property_declaration',
	'lock_statement',
];
/** What tasks are asked for, where their result is not. */
const ofTasks = ['Result', 'Wait', 'GetAwaiter', 'ContinueWith', 'ConfigureAwait'];

function awaited(node: SyntaxNode, reason: string, parsed: ParsedFile): ResultEdit {
	const { parent } = node;
	const caller = around(node, callers);
	const body = field(caller, 'body');
	const known = { reason, ...(caller && body && { caller: { start: caller.startIndex, end: body.endIndex } }) };
	const isAccessed = parent?.type === 'member_access_expression';
	if (isAccessed && ofTasks.includes(fieldText(parent, 'name') ?? '')) return { ...known, edits: [], class: 'D' };
	if (parent?.type === 'await_expression') return { ...known, edits: [], class: 'D' };
	const isTight = isAccessed || parent?.type === 'element_access_expression';
	const start = { start: node.startIndex, end: node.startIndex, newText: isTight ? '(await ' : 'await ' };
	const edits = isTight ? [start, { start: node.endIndex, end: node.endIndex, newText: ')' }] : [start];
	if (!caller || modifiersOf(caller).includes('async')) return { ...known, edits, class: 'C' };
	const cascade = madeAsync(caller, parsed);
	if (!cascade) return { edits: [], class: 'W', reason: `${reason} What calls it cannot wait for it.` };
	const spread = `${reason} ${fieldText(caller, 'name')} has to be asynchronous as well, and so has what calls that.`;
	return { ...known, edits: [...edits, cascade], class: 'C', reason: spread };
}

function modifiersOf(node: SyntaxNode): string[] {
	return childrenOf(node, 'modifier').map(({ text }) => text);
}

/** Undefined where that would be more than a word and a type: it yields, it gives back a task already, its base says what it gives back. */
function madeAsync(caller: SyntaxNode, parsed: ParsedFile): TextEdit | undefined {
	const type = field(caller, 'returns') ?? field(caller, 'type');
	const isFunction = caller.type === 'method_declaration' || caller.type === 'local_function_statement';
	const isBound = modifiersOf(caller).some((modifier) => ['override', 'partial', 'unsafe'].includes(modifier));
	const isByReference = childrenOf(field(caller, 'parameters'), 'parameter').some((one) =>
		modifiersOf(one).some((modifier) => ['ref', 'out', 'in'].includes(modifier)),
	);
	if (!isFunction || !type || isBound || isByReference || isTask(type.text) || hasAny(caller, ['yield_statement'])) return undefined;
	return { ...rangeOf(type), newText: `async ${taskOf(type.text, taskIn(parsed))}` };
}

/** Of one namespace, or one that uses the other. */
function sees(file: SourceFile, declaredIn: string, project: Project): boolean {
	if (file.path === declaredIn) return true;
	const namespaceOf = (text: string) => /^\s*namespace\s+([\w.]+)/m.exec(text)?.[1] ?? '';
	const wanted = namespaceOf(project.files.get(declaredIn)?.text ?? '');
	const own = namespaceOf(file.text);
	return (
		wanted === '' ||
		own === wanted ||
		own.startsWith(`${wanted}.`) ||
		new RegExp(`^\\s*(?:global\\s+)?using\\s+(?:static\\s+)?${wanted.replaceAll('.', '\\.')}\\b`, 'm').test(file.text)
	);
}
