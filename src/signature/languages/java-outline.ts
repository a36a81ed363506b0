import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding, ClassOutline, Import, Outline } from '../language.ts';
import type { Declaration, Parameter } from '../signature.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, inside, notEmpty, rangeOf } from './read.ts';

export const classes = ['class_declaration', 'interface_declaration', 'enum_declaration', 'record_declaration'];
const scopes = [
	'block',
	'method_declaration',
	'constructor_declaration',
	'lambda_expression',
	'for_statement',
	'enhanced_for_statement',
	'catch_clause',
	'program',
];

/** What gives a name to a value that comes from elsewhere. */
const parameters = [
	'formal_parameter',
	'spread_parameter',
	'catch_formal_parameter',
	'enhanced_for_statement',
	'resource',
	'inferred_parameters',
];

const gatheredTypes = [
	...classes,
	'method_declaration',
	'constructor_declaration',
	'import_declaration',
	'variable_declarator',
	...parameters,
];

export function outline(tree: SyntaxNode): Outline {
	const root = gathered(tree, gatheredTypes);
	return {
		declarations: root
			.descendantsOfType(['method_declaration', 'constructor_declaration', 'record_declaration'])
			.map(declaration)
			.filter(notEmpty),
		bindings: [...variables(root), ...parameterBindings(root)],
		imports: root.descendantsOfType('import_declaration').map(importOf).filter(notEmpty),
		classes: root.descendantsOfType(classes).map(classOutline),
	};
}

function classOutline(node: SyntaxNode): ClassOutline {
	const clauses = childrenOf(node, 'superclass', 'super_interfaces', 'extends_interfaces');
	const types = clauses.flatMap(({ namedChildren }) =>
		namedChildren.flatMap((child) => (child.type === 'type_list' ? child.namedChildren : [child])),
	);
	return { name: fieldText(node, 'name') ?? '', bases: types.map(({ text }) => bare(text)), range: rangeOf(node) };
}

/** `a.b.C<T>` is `C`. */
export function bare(type: string): string {
	return type.replace(/<.*>$/s, '').replace(/^.*\./s, '');
}

function declaration(node: SyntaxNode): Declaration | undefined {
	const [name, list] = [field(node, 'name'), field(node, 'parameters')];
	const owner = node.type === 'record_declaration' ? node : around(node, classes);
	const container = fieldText(owner, 'name');
	if (!name || !list || (node.type === 'record_declaration' && hasConstructor(node))) return undefined;
	const modifiers = childrenOf(node, 'modifiers')[0]?.text ?? '';
	const [type, body] = [field(node, 'type'), field(node, 'body')];
	const isMethod = node.type === 'method_declaration';
	return {
		name: name.text,
		container,
		kind: !isMethod ? 'constructor' : container === undefined ? 'function' : 'method',
		isAsync: false,
		isGenerator: false,
		isStatic: /\bstatic\b/.test(modifiers),
		parameters: list.namedChildren.map(parameter).filter(notEmpty),
		returns: isMethod ? type?.text : undefined,
		returnsRange: isMethod && type ? rangeOf(type) : undefined,
		typeParameters: childrenOf(field(node, 'type_parameters'), 'type_parameter').map(({ namedChildren }) => ({
			name: namedChildren[0]?.text ?? '',
		})),
		throws: childrenOf(node, 'throws').flatMap(({ namedChildren }) => namedChildren.map(({ text }) => text)),
		range: rangeOf(node),
		nameRange: rangeOf(name),
		parametersRange: inside(list),
		bodyRange: isMethod && body ? rangeOf(body) : undefined,
		isImplied: node.type === 'record_declaration',
	};
}

function hasConstructor(record: SyntaxNode): boolean {
	return childrenOf(field(record, 'body'), 'constructor_declaration').length > 0;
}

function parameter(node: SyntaxNode): Parameter | undefined {
	const isRest = node.type === 'spread_parameter';
	if (!isRest && node.type !== 'formal_parameter') return undefined;
	const type = isRest
		? node.namedChildren.find((child) => child.type !== 'modifiers' && child.type !== 'variable_declarator')
		: field(node, 'type');
	const declarator = isRest ? childrenOf(node, 'variable_declarator')[0] : node;
	const name = field(declarator, 'name');
	return {
		name: name?.text ?? '',
		type: type?.text,
		typeRange: type && rangeOf(type),
		isOptional: isRest,
		kind: isRest ? 'rest' : 'plain',
		text: node.text,
		range: rangeOf(node),
	};
}

function variables(root: Gathered): Binding[] {
	return root.descendantsOfType('variable_declarator').flatMap((node) => {
		const [holder, name, value] = [node.parent, field(node, 'name'), field(node, 'value')];
		const isField = holder?.type === 'field_declaration';
		const scope = around(node, isField ? classes : scopes);
		if (!name || !scope) return [];
		const type = fieldText(holder, 'type');
		const made = value?.type === 'object_creation_expression' ? fieldText(value, 'type') : undefined;
		const start = isField ? scope.startIndex : node.endIndex;
		const known = type === undefined || type === 'var' ? { type: value && literalType(value), made } : { type };
		return [{ name: name.text, ...known, scope: { start, end: scope.endIndex }, nameRange: rangeOf(name), ...(isField && { isField }) }];
	});
}

function parameterBindings(root: Gathered): Binding[] {
	return root.descendantsOfType(parameters).flatMap((node): Binding[] => {
		const owner = around(node, scopes);
		const scope = node.type === 'enhanced_for_statement' ? node : owner;
		const record = node.parent?.parent?.type === 'record_declaration' ? node.parent.parent : undefined;
		const isBodiless = owner?.type === 'method_declaration' && !field(owner, 'body');
		if (!scope || isBodiless) return [];
		const names = node.type === 'inferred_parameters' ? node.namedChildren : [field(node, 'name')].filter(notEmpty);
		return names.map((name) => ({
			name: name.text,
			type: fieldText(node, 'type'),
			scope: rangeOf(record ?? scope),
			nameRange: rangeOf(name),
			...(record && { isField: true }),
		}));
	});
}

function importOf(node: SyntaxNode): Import | undefined {
	const path = childrenOf(node, 'scoped_identifier')[0]?.text;
	if (path === undefined) return undefined;
	const local = bare(path);
	const isStatic = /^import\s+static\b/.test(node.text);
	return { local, imported: local, from: isStatic ? path.slice(0, -local.length - 1) : path };
}

export function literalType(node: SyntaxNode): string | undefined {
	switch (node.type) {
		case 'decimal_integer_literal':
		case 'hex_integer_literal':
			return /l$/i.test(node.text) ? 'long' : 'int';
		case 'decimal_floating_point_literal':
			return /f$/i.test(node.text) ? 'float' : 'double';
		case 'string_literal':
			return 'String';
		case 'character_literal':
			return 'char';
		case 'true':
		case 'false':
			return 'boolean';
		case 'unary_expression':
			return node.namedChildren[0] ? literalType(node.namedChildren[0]) : undefined;
		case 'object_creation_expression':
			return fieldText(node, 'type');
		default:
			return undefined;
	}
}
