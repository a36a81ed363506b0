import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding, ClassOutline, Outline } from '../language.ts';
import type { Declaration, Parameter } from '../signature.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, hasToken, inside, notEmpty, rangeOf } from './read.ts';

const classes = ['class_declaration', 'interface_declaration', 'struct_declaration', 'record_declaration', 'record_struct_declaration'];
const scopes = [
	'block',
	'method_declaration',
	'constructor_declaration',
	'local_function_statement',
	'lambda_expression',
	'foreach_statement',
	'for_statement',
	'compilation_unit',
];
const functions = ['method_declaration', 'constructor_declaration', 'local_function_statement', ...classes];

const gatheredTypes = [
	...functions,
	'variable_declarator',
	'foreach_statement',
	'property_declaration',
	'declaration_expression',
	'parameter_list',
];

export function outline(tree: SyntaxNode): Outline {
	const root = gathered(tree, gatheredTypes);
	return {
		declarations: root.descendantsOfType(functions).map(declaration).filter(notEmpty),
		bindings: [...variables(root), ...parameterBindings(root)],
		imports: [],
		classes: root.descendantsOfType(classes).map(classOutline),
	};
}

function classOutline(node: SyntaxNode): ClassOutline {
	const bases = childrenOf(node, 'base_list').flatMap(({ namedChildren }) => namedChildren.filter(({ type }) => type !== 'argument_list'));
	return { name: fieldText(node, 'name') ?? '', bases: bases.map(({ text }) => bare(text)), range: rangeOf(node) };
}

/** `A.B<T>` is `B`. */
export function bare(type: string): string {
	return type
		.replace(/[<(].*$/s, '')
		.replace(/^.*\./s, '')
		.trim();
}

function declaration(node: SyntaxNode): Declaration | undefined {
	const isClass = classes.includes(node.type);
	const name = field(node, 'name');
	const list = field(node, 'parameters') ?? childrenOf(node, 'parameter_list')[0];
	const container = isClass ? name?.text : fieldText(around(node, classes), 'name');
	if (!name || !list) return undefined;
	const modifiers = childrenOf(node, 'modifier').map(({ text }) => text);
	const all = parameters(list);
	const receiver = all[0]?.text.startsWith('this ') ? all[0].text : undefined;
	const isConstructor = isClass || node.type === 'constructor_declaration';
	const isLocal = node.type === 'local_function_statement';
	const [returns, body] = [field(node, 'returns') ?? field(node, 'type'), field(node, 'body')];
	const scope = isLocal ? around(node, scopes) : undefined;
	return {
		name: name.text,
		container: isLocal ? undefined : container,
		kind: isConstructor ? 'constructor' : isLocal || container === undefined ? 'function' : 'method',
		isAsync: modifiers.includes('async'),
		isGenerator: false,
		isStatic: modifiers.includes('static') && receiver === undefined,
		receiver,
		parameters: receiver === undefined ? all : all.slice(1),
		returns: isConstructor ? undefined : returns?.text,
		returnsRange: isConstructor || !returns ? undefined : rangeOf(returns),
		typeParameters: isClass
			? []
			: childrenOf(field(node, 'type_parameters'), 'type_parameter').map((one) => ({ name: fieldText(one, 'name') ?? one.text })),
		throws: [],
		range: rangeOf(node),
		nameRange: rangeOf(name),
		parametersRange: inside(list),
		bodyRange: body && !isClass && body.text !== ';' ? rangeOf(body) : undefined,
		scope: scope && rangeOf(scope),
		...(isClass && { isImplied: true }),
	};
}

function parameters(list: SyntaxNode): Parameter[] {
	const plain = childrenOf(list, 'parameter').map((node): Parameter => {
		const [type, name] = [field(node, 'type'), field(node, 'name')];
		const value = hasToken(node, '=') ? node.namedChildren.at(-1) : undefined;
		const modifier = childrenOf(node, 'modifier')
			.map(({ text }) => `${text} `)
			.join('');
		return {
			name: name?.text ?? '',
			type: type && modifier.replace('this ', '') + type.text,
			typeRange: type && rangeOf(type),
			default: value?.text,
			isOptional: value !== undefined,
			kind: 'plain',
			text: node.text,
			range: rangeOf(node),
		};
	});
	// The grammar has no node for `params int[] xs`.
	const token = list.children.find(({ type }) => type === 'params');
	const [type, name] = [field(list, 'type'), field(list, 'name')];
	if (!token || !type || !name) return plain;
	const range = { start: token.startIndex, end: name.endIndex };
	const text = `params ${type.text} ${name.text}`;
	return [
		...plain,
		{ name: name.text, type: type.text.replace(/\[\]$/, ''), typeRange: rangeOf(type), isOptional: true, kind: 'rest', text, range },
	];
}

function variables(root: Gathered): Binding[] {
	return root
		.descendantsOfType(['variable_declarator', 'foreach_statement', 'property_declaration', 'declaration_expression'])
		.flatMap((node): Binding[] => {
			const isLoop = node.type === 'foreach_statement';
			const name = field(node, isLoop ? 'left' : 'name');
			const holder = node.type === 'variable_declarator' ? node.parent : node;
			const isField = node.type === 'property_declaration' || holder?.parent?.type === 'field_declaration';
			const scope = isLoop ? node : around(node, isField ? classes : scopes);
			if (!name || !scope) return [];
			const type = field(holder, 'type');
			const value = node.type === 'variable_declarator' ? node.namedChildren.at(-1) : undefined;
			const made = value?.type === 'object_creation_expression' ? fieldText(value, 'type') : undefined;
			const known = type && type.type !== 'implicit_type' ? { type: type.text } : { type: value && literalType(value), made };
			const start = isField || isLoop ? scope.startIndex : node.endIndex;
			return [{ name: name.text, ...known, scope: { start, end: scope.endIndex }, nameRange: rangeOf(name), ...(isField && { isField }) }];
		});
}

function parameterBindings(root: Gathered): Binding[] {
	return root.descendantsOfType('parameter_list').flatMap((list) => {
		const owner = list.parent;
		if (!owner || (!field(owner, 'body') && !classes.includes(owner.type)) || field(owner, 'body')?.text === ';') return [];
		const isField = classes.includes(owner.type);
		return parameters(list).map(({ name, type, range }) => ({
			name,
			type: type?.replace(/^(?:ref|out|in) /, ''),
			scope: rangeOf(owner),
			nameRange: range,
			...(isField && { isField }),
		}));
	});
}

export function literalType(node: SyntaxNode): string | undefined {
	switch (node.type) {
		case 'integer_literal':
			return /l$/i.test(node.text) ? 'long' : 'int';
		case 'real_literal':
			return /f$/i.test(node.text) ? 'float' : /m$/i.test(node.text) ? 'decimal' : 'double';
		case 'string_literal':
		case 'verbatim_string_literal':
		case 'interpolated_string_expression':
			return 'string';
		case 'character_literal':
			return 'char';
		case 'boolean_literal':
			return 'bool';
		case 'prefix_unary_expression':
			return node.namedChildren[0] ? literalType(node.namedChildren[0]) : undefined;
		case 'object_creation_expression':
			return fieldText(node, 'type');
		default:
			return undefined;
	}
}
