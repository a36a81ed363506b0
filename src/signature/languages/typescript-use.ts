import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { ArgumentList, Use } from '../language.ts';
import { around, field, fieldText, isComment, isField, isSame, listOf, rangeOf, withoutLeading } from './read.ts';
import { requirement, scopes, unquoted } from './typescript-nodes.ts';

/** What changes nothing about which function is meant: `(f!)(1)`. */
const wrappers = ['parenthesized_expression', 'non_null_expression', 'as_expression', 'satisfies_expression', 'instantiation_expression'];
const names = [
	'identifier',
	'property_identifier',
	'private_property_identifier',
	'shorthand_property_identifier',
	'shorthand_property_identifier_pattern',
	'type_identifier',
	'super',
];
/** Functions that call what they get with the arguments after it, and how many others come before those. */
const forwarders: Readonly<Record<string, number>> = { setTimeout: 2, setInterval: 2, setImmediate: 1, nextTick: 1 };
const expectations: Readonly<Record<string, number>> = {
	toHaveBeenCalledWith: 0,
	toBeCalledWith: 0,
	toHaveBeenLastCalledWith: 0,
	lastCalledWith: 0,
	toHaveBeenNthCalledWith: 1,
	nthCalledWith: 1,
	calledWith: 0,
	calledOnceWith: 0,
};

export function use(name: SyntaxNode): Use | undefined {
	if (!names.includes(name.type) || !name.parent) return undefined;
	if (name.parent.type === 'import_specifier' || name.parent.type === 'import_clause') return { kind: 'import', node: name.parent };
	if (name.parent.type === 'export_specifier') return exported(name);
	const taken = destructured(name);
	if (taken) return taken;
	if (isDeclared(name)) return undefined;
	const member = name.parent.type === 'member_expression' && isField(name, 'property') ? name.parent : undefined;
	if (name.type.endsWith('property_identifier') && !member && name.type !== 'shorthand_property_identifier') return undefined;
	const expression = unwrapped(member ?? name);
	const qualifier = field(member, 'object');
	if (name.type === 'type_identifier') return typeUse(name);
	const found = called(expression, qualifier !== undefined) ?? named(expression);
	return found && { ...found, qualifier };
}

function unwrapped(node: SyntaxNode): SyntaxNode {
	let at = node;
	while (at.parent && wrappers.includes(at.parent.type) && isSame(at.parent.namedChildren[0], at)) at = at.parent;
	return at;
}

/** `const { m } = object` and `const { m: other } = object`: the name of it that calls use. */
function destructured(name: SyntaxNode): Use | undefined {
	const isShort = name.type === 'shorthand_property_identifier_pattern';
	const pair = name.parent?.type === 'pair_pattern' && isField(name, 'key') ? name.parent : undefined;
	const pattern = isShort ? name.parent : pair?.parent;
	const declarator = pattern?.parent?.type === 'variable_declarator' ? pattern.parent : undefined;
	const qualifier = field(declarator, 'value');
	const local = isShort ? name : field(pair, 'value');
	if (pattern?.type !== 'object_pattern' || !declarator || !qualifier || !local || requirement.test(qualifier.text)) return undefined;
	const isName = isShort || local.type === 'identifier';
	return { kind: 'by-name', node: pair ?? name, qualifier, alias: isName ? aliasOf(local.text, declarator) : undefined };
}

function aliasOf(name: string, declarator: SyntaxNode): NonNullable<Use['alias']> {
	const scope = around(declarator, scopes);
	return { name, ...(scope && { scope: rangeOf(scope) }) };
}

/** `type F = typeof f`, and `const g: F`. */
function typeUse(name: SyntaxNode): Use | undefined {
	const parent = name.parent;
	if (parent?.type === 'type_query') return { kind: 'type', node: parent, alias: typed(parent) };
	const alias = typed(name);
	return alias && { kind: 'type', node: name, alias, isOfObjects: true };
}

/** What has a type: a type of another name, a variable or a parameter. */
function typed(type: SyntaxNode): Use['alias'] {
	const owner = type.parent?.type === 'type_annotation' ? type.parent.parent : type.parent;
	const name = field(owner, 'name') ?? field(owner, 'pattern');
	if (!owner || !name || !['identifier', 'type_identifier'].includes(name.type)) return undefined;
	if (owner.type === 'type_alias_declaration' && isField(type, 'value')) return aliasOf(name.text, owner);
	if (owner.type === 'variable_declarator') return aliasOf(name.text, owner);
	return ['required_parameter', 'optional_parameter'].includes(owner.type) ? aliasOf(name.text, owner) : undefined;
}

/** `export { f as g } from './f'`. */
function exported(name: SyntaxNode): Use | undefined {
	return isField(name, 'name') ? { kind: 'import', node: name.parent ?? name } : undefined;
}

function isDeclared(name: SyntaxNode): boolean {
	const parent = name.parent;
	if (!parent || parent.type === 'member_expression') return false;
	const isName = isField(name, 'name') && !parent.type.startsWith('jsx');
	const isKey = (parent.type === 'pair' && isField(name, 'key')) || parent.type === 'pair_pattern';
	const isParameter = [
		'required_parameter',
		'optional_parameter',
		'formal_parameters',
		'object_pattern',
		'array_pattern',
		'rest_pattern',
	].includes(parent.type);
	return isName || isKey || (isParameter && !isField(name, 'value')) || (parent.type === 'arrow_function' && isField(name, 'parameter'));
}

function called(expression: SyntaxNode, isMember: boolean): Use | undefined {
	const parent = expression.parent;
	if (!parent) return undefined;
	if (parent.type === 'call_expression' && isField(expression, 'function')) return call(expression, parent, isMember);
	if (parent.type === 'new_expression' && isField(expression, 'constructor')) {
		const list = field(parent, 'arguments');
		return { kind: 'new', node: parent, list: list ? listOf(list, argument) : bare(parent), typeArguments: typeArguments(parent) };
	}
	if (parent.type.startsWith('jsx_') && isField(expression, 'name')) return jsx(parent);
	if (parent.type === 'decorator') return { kind: 'decorator', node: parent };
	if (parent.type === 'type_query') return { kind: 'type', node: parent, alias: typed(parent) };
	if (parent.type === 'member_expression' && isField(expression, 'object')) return viaFunction(parent);
	return undefined;
}

function call(expression: SyntaxNode, node: SyntaxNode, isMember: boolean): Use {
	const list = field(node, 'arguments');
	if (list?.type === 'template_string') return { kind: 'tagged-template', node };
	const isDecorator = node.parent?.type === 'decorator';
	const kind = isDecorator ? 'decorator' : expression.type === 'super' ? 'super' : isMember ? 'member-call' : 'call';
	return { kind, node, list: list && listOf(list, argument), typeArguments: typeArguments(node) };
}

/** `new A`: the brackets have to be written, too. */
function bare(node: SyntaxNode): ArgumentList {
	const at = { start: node.endIndex, end: node.endIndex };
	return { range: at, arguments: [], write: (values) => (values.length > 0 ? [{ ...at, newText: `(${values.join(', ')})` }] : []) };
}

/** `f.call(null, 1)`, `f.apply(null, [1])`, `f.bind(null, 1)`. */
function viaFunction(member: SyntaxNode): Use | undefined {
	const method = fieldText(member, 'property');
	const node = member.parent;
	const list = node?.type === 'call_expression' && isField(member, 'function') ? field(node, 'arguments') : undefined;
	if (!node || !list) return undefined;
	const all = listOf(list, argument);
	switch (method) {
		case 'call':
			return { kind: 'call-apply-bind', node, list: withoutLeading(all, 1) };
		case 'bind':
			return { kind: 'call-apply-bind', node, list: withoutLeading(all, 1), isPartial: true };
		case 'apply': {
			const array = all.arguments[1]?.value;
			return { kind: 'call-apply-bind', node, list: array?.type === 'array' ? listOf(array, argument) : spread(all) };
		}
		default:
			return undefined;
	}
}

/** The list that `apply` gets is somewhere else: as if it were spread. */
function spread(list: ArgumentList): ArgumentList {
	const [, values] = list.arguments;
	return { range: list.range, arguments: values ? [{ ...values, spread: 'rest' }] : [], write: () => [] };
}

/** The name without a call. */
function named(expression: SyntaxNode): Use | undefined {
	const parent = expression.parent;
	if (!parent) return undefined;
	if (parent.type === 'variable_declarator' && isField(expression, 'value')) {
		const alias = field(parent, 'name');
		if (alias?.type === 'identifier' && !field(parent, 'type'))
			return { kind: 'by-name', node: expression, alias: aliasOf(alias.text, parent) };
	}
	if (parent.type === 'arguments') return passed(expression, parent) ?? { kind: 'by-name', node: expression };
	if (parent.type === 'extends_clause' || parent.type === 'class_heritage' || parent.type === 'assignment_expression') return undefined;
	if (parent.type === 'export_statement') return { kind: 'import', node: parent };
	return { kind: 'by-name', node: expression };
}

function passed(expression: SyntaxNode, list: SyntaxNode): Use | undefined {
	const node = list.parent;
	const to = field(node, 'function');
	if (!node || !to) return undefined;
	const values = listOf(list, argument);
	const lead = forwarders[fieldText(to, 'property') ?? to.text];
	if (lead !== undefined && isSame(values.arguments[0]?.value, expression) && values.arguments.length > 1)
		return { kind: 'partial', node, list: withoutLeading(values, lead) };
	return to.text === 'expect' ? expectation(node) : undefined;
}

/** `expect(f).toHaveBeenCalledWith(1)`. */
function expectation(node: SyntaxNode): Use | undefined {
	for (let at = node.parent; at?.type === 'member_expression'; at = at.parent) {
		const lead = expectations[fieldText(at, 'property') ?? ''];
		const list = at.parent?.type === 'call_expression' ? field(at.parent, 'arguments') : undefined;
		if (lead !== undefined && at.parent && list)
			return { kind: 'test-double', node: at.parent, list: withoutLeading(listOf(list, argument), lead) };
	}
	return { kind: 'test-double', node };
}

/** `jest.spyOn(object, 'name')`. */
export function spelled(node: SyntaxNode, name: string): Use | undefined {
	const text = node.type === 'string' ? node : around(node, ['string']);
	const call = text?.parent?.type === 'arguments' ? text.parent.parent : undefined;
	const isFound = /(?:^|\.)(?:spyOn|stub|replaceProperty)$/.test(fieldText(call, 'function') ?? '');
	return text && isFound && unquoted(text.text) === name ? { kind: 'string', node: text } : undefined;
}

/** The attributes of an element are the properties of the one argument. */
function jsx(element: SyntaxNode): Use | undefined {
	if (element.type === 'jsx_closing_element') return undefined;
	const attributes = element.namedChildren.filter(({ type }) => type === 'jsx_attribute' || type === 'jsx_expression');
	const name = field(element, 'name');
	const start = (field(element, 'type_arguments') ?? name ?? element).endIndex;
	const end = attributes.at(-1)?.endIndex ?? start;
	const list: ArgumentList = {
		range: { start, end },
		separator: ' ',
		lead: ' ',
		isNamed: true,
		arguments: attributes.map((node) => {
			const [key, value] = node.namedChildren;
			const isSpread = node.type === 'jsx_expression';
			return {
				range: rangeOf(node),
				value: (isSpread ? key : value) ?? node,
				...(isSpread ? { spread: 'keywords' } : { name: key?.text }),
			};
		}),
	};
	return { kind: 'jsx', node: element, list };
}

function argument(value: SyntaxNode) {
	const spreadValue = value.type === 'spread_element' ? value.namedChildren[0] : undefined;
	return spreadValue ? { value: spreadValue, spread: 'rest' as const } : {};
}

export function entries(value: SyntaxNode): ArgumentList | undefined {
	if (value.type !== 'object') return undefined;
	const list = listOf(value, (node) => {
		if (node.type === 'shorthand_property_identifier') return { name: node.text, isShorthand: true };
		if (node.type === 'spread_element') return { spread: 'keywords', value: node.namedChildren[0] ?? node };
		const name = unquoted(fieldText(node, 'key') ?? fieldText(node, 'name') ?? '');
		return { name, value: field(node, 'value') ?? node };
	});
	const isEmpty = list.arguments.length === 0;
	return isEmpty
		? { ...list, isNamed: true, write: (values) => [{ ...list.range, newText: ` ${values.join(', ')} ` }] }
		: { ...list, isNamed: true };
}

export function elements(value: SyntaxNode): ArgumentList | undefined {
	return value.type === 'array' ? listOf(value, argument) : undefined;
}

function typeArguments(node: SyntaxNode): ArgumentList | undefined {
	const list = field(node, 'type_arguments') ?? node.namedChildren.find(({ type }) => type === 'type_arguments');
	return (
		list && {
			range: { start: list.startIndex + 1, end: list.endIndex - 1 },
			arguments: list.namedChildren.filter(({ type }) => !isComment(type)).map((value) => ({ value, range: rangeOf(value) })),
		}
	);
}
