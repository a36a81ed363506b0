import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding, ClassOutline, Outline } from '../language.ts';
import type { Declaration, Parameter, TypeParameter } from '../signature.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, hasToken, inside, notEmpty, rangeOf } from './read.ts';

const classes = ['class_specifier', 'struct_specifier', 'union_specifier'];
const holders = ['function_definition', 'declaration', 'field_declaration'];
const scopes = [
	'compound_statement',
	'function_definition',
	'for_statement',
	'for_range_loop',
	'lambda_expression',
	'catch_clause',
	'translation_unit',
];
const names = ['identifier', 'field_identifier', 'type_identifier', 'destructor_name', 'operator_name'];

const gatheredTypes = [
	...classes,
	'function_declarator',
	'declaration',
	'field_declaration',
	'parameter_declaration',
	'optional_parameter_declaration',
	'for_range_loop',
];

export function outline(tree: SyntaxNode): Outline {
	const root = gathered(tree, gatheredTypes);
	return {
		declarations: root.descendantsOfType('function_declarator').map(declaration).filter(notEmpty),
		bindings: [...variables(root), ...parameterBindings(root)],
		imports: [],
		classes: root.descendantsOfType(classes).map(classOutline).filter(notEmpty),
	};
}

function classOutline(node: SyntaxNode): ClassOutline | undefined {
	const name = fieldText(node, 'name');
	if (name === undefined || !field(node, 'body')) return undefined;
	const bases = childrenOf(node, 'base_class_clause').flatMap(({ namedChildren }) =>
		namedChildren.filter(({ type }) => /type|qualified/.test(type)),
	);
	return { name, bases: bases.map(({ text }) => bare(text)), range: rangeOf(node) };
}

/** `a::B<T>` is `B`. */
export function bare(type: string): string {
	return type.replace(/<.*$/s, '').replace(/^.*::/s, '').trim();
}

function declaration(node: SyntaxNode): Declaration | undefined {
	const [declarator, list] = [field(node, 'declarator'), field(node, 'parameters')];
	const holder = around(node, [
		...holders,
		'parameter_declaration',
		'optional_parameter_declaration',
		'type_definition',
		'lambda_expression',
		'compound_statement',
	]);
	const name = declarator && lastName(declarator);
	if (!declarator || !list || !name || !holder || !holders.includes(holder.type)) return undefined;
	const owner = around(holder, [...classes, 'function_definition']);
	const inner = owner && classes.includes(owner.type) ? fieldText(owner, 'name') : undefined;
	const container =
		inner ?? (declarator.type === 'qualified_identifier' ? bare(fieldText(declarator, 'scope') ?? '') || undefined : undefined);
	const body = field(holder, 'body');
	const isConstructor = container !== undefined && name.text === container;
	const type = field(holder, 'type');
	// `S s(2);` within a function is a variable, whatever the grammar takes it for.
	if (owner?.type === 'function_definition' && !body) return undefined;
	return {
		name: name.text,
		container,
		kind: isConstructor ? 'constructor' : container === undefined ? 'function' : 'method',
		isAsync: false,
		isGenerator: false,
		isStatic: childrenOf(holder, 'storage_class_specifier').some(({ text }) => text === 'static') && container !== undefined,
		parameters: list.namedChildren.map(parameter).filter(notEmpty),
		returns: isConstructor ? undefined : type?.text,
		returnsRange: isConstructor || !type ? undefined : rangeOf(type),
		typeParameters: templateParameters(holder),
		throws: [],
		range: rangeOf(holder),
		nameRange: rangeOf(name),
		parametersRange: inside(list),
		bodyRange: body && rangeOf(body),
	};
}

function lastName(declarator: SyntaxNode): SyntaxNode | undefined {
	if (names.includes(declarator.type)) return declarator;
	const inner =
		declarator.type === 'qualified_identifier' || declarator.type === 'template_function' ? field(declarator, 'name') : undefined;
	return inner && lastName(inner);
}

function templateParameters(holder: SyntaxNode): TypeParameter[] {
	const list = holder.parent?.type === 'template_declaration' ? field(holder.parent, 'parameters') : undefined;
	return (list?.namedChildren ?? []).map((node) => {
		const name = node.descendantsOfType(['type_identifier', 'identifier']).at(0)?.text ?? node.text;
		return { name, default: fieldText(node, 'default_type') ?? fieldText(node, 'default_value') };
	});
}

function parameter(node: SyntaxNode): Parameter | undefined {
	if (!['parameter_declaration', 'optional_parameter_declaration', 'variadic_parameter_declaration'].includes(node.type)) return undefined;
	const value = field(node, 'default_value');
	const declarator = field(node, 'declarator');
	const name = declarator?.type === 'identifier' ? declarator : declarator?.descendantsOfType('identifier')[0];
	const end = value ? (value.previousSibling?.startIndex ?? value.startIndex) : node.endIndex;
	const whole = node.text.slice(0, end - node.startIndex).trim();
	const isVoid = whole === 'void' && !name;
	if (isVoid) return undefined;
	const type = name ? (whole.slice(0, name.startIndex - node.startIndex) + whole.slice(name.endIndex - node.startIndex)).trim() : whole;
	const typeEnd =
		name && name.endIndex === node.startIndex + whole.length
			? node.startIndex + whole.slice(0, name.startIndex - node.startIndex).trimEnd().length
			: node.startIndex + whole.length;
	return {
		name: name?.text ?? '',
		type: type.replace(/\s+([&*])/g, '$1'),
		typeRange: { start: node.startIndex, end: typeEnd },
		default: value?.text,
		isOptional: value !== undefined,
		kind: node.type === 'variadic_parameter_declaration' ? 'rest' : 'plain',
		text: node.text,
		range: rangeOf(node),
	};
}

function variables(root: Gathered): Binding[] {
	return root.descendantsOfType(['declaration', 'field_declaration']).flatMap((node) => {
		const isField = node.type === 'field_declaration';
		const scope = around(node, isField ? classes : scopes);
		const type = field(node, 'type');
		if (!scope || !type) return [];
		return node.childrenForFieldName('declarator').flatMap((declarator): Binding[] => {
			const value = declarator.type === 'init_declarator' ? field(declarator, 'value') : undefined;
			const inner = declarator.type === 'init_declarator' ? field(declarator, 'declarator') : declarator;
			const name =
				inner &&
				(names.includes(inner.type) ? inner : inner.type === 'function_declarator' ? undefined : inner.descendantsOfType(names)[0]);
			if (!name) return [];
			const known = type.text === 'auto' ? { type: value && literalType(value), made: value && madeBy(value) } : { type: type.text };
			const start = isField ? scope.startIndex : node.endIndex;
			return [{ name: name.text, ...known, scope: { start, end: scope.endIndex }, nameRange: rangeOf(name), ...(isField && { isField }) }];
		});
	});
}

function madeBy(value: SyntaxNode): string | undefined {
	const text = /^(?:new\s+)?(?:std::make_(?:unique|shared)<)?([\w:]+)>?\s*[({]/.exec(value.text)?.[1];
	return text === undefined ? undefined : bare(text);
}

function parameterBindings(root: Gathered): Binding[] {
	return root.descendantsOfType(['parameter_declaration', 'optional_parameter_declaration', 'for_range_loop']).flatMap((node) => {
		const owner =
			node.type === 'for_range_loop'
				? node
				: around(node, ['function_definition', 'lambda_expression', 'declaration', 'field_declaration']);
		const declarator = field(node, 'declarator');
		const name = declarator?.type === 'identifier' ? declarator : declarator?.descendantsOfType('identifier')[0];
		if (!name || !owner || hasToken(owner, ';')) return [];
		return [{ name: name.text, type: fieldText(node, 'type'), scope: rangeOf(owner), nameRange: rangeOf(name) }];
	});
}

export function literalType(node: SyntaxNode): string | undefined {
	switch (node.type) {
		case 'number_literal':
			return /[.]|^\d+e/i.test(node.text) ? (/f$/i.test(node.text) ? 'float' : 'double') : 'int';
		case 'string_literal':
		case 'raw_string_literal':
			return 'const char*';
		case 'char_literal':
			return 'char';
		case 'true':
		case 'false':
			return 'bool';
		case 'null':
			return 'nullptr_t';
		case 'unary_expression':
			return node.namedChildren[0] ? literalType(node.namedChildren[0]) : undefined;
		case 'compound_literal_expression':
			return fieldText(node, 'type');
		default:
			return undefined;
	}
}
