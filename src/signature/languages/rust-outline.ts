import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding, ClassOutline, Import, Outline } from '../language.ts';
import type { Declaration, Parameter, TypeParameter } from '../signature.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, inside, notEmpty, rangeOf } from './read.ts';

const types = ['struct_item', 'enum_item', 'trait_item', 'impl_item'];
const scopes = ['block', 'function_item', 'closure_expression', 'for_expression', 'match_arm', 'source_file'];

const gatheredTypes = [
	...types,
	'function_item',
	'function_signature_item',
	'use_declaration',
	'let_declaration',
	'for_expression',
	'closure_parameters',
	'parameter',
	'field_declaration',
];

export function outline(tree: SyntaxNode): Outline {
	const root = gathered(tree, gatheredTypes);
	return {
		declarations: root.descendantsOfType(['function_item', 'function_signature_item']).map(declaration).filter(notEmpty),
		bindings: [...variables(root), ...parameterBindings(root), ...fields(root)],
		imports: root.descendantsOfType('use_declaration').flatMap((node) => imported(field(node, 'argument'), '')),
		classes: root.descendantsOfType(types).map(classOutline),
	};
}

function classOutline(node: SyntaxNode): ClassOutline {
	const name = bare(fieldText(node, node.type === 'impl_item' ? 'type' : 'name') ?? '');
	const bounds = node.type === 'trait_item' ? (field(node, 'bounds')?.namedChildren.map(({ text }) => bare(text)) ?? []) : [];
	const trait = fieldText(node, 'trait');
	return { name, bases: trait === undefined ? bounds : [bare(trait)], range: rangeOf(node) };
}

/** `a::B<T>` is `B`. */
function bare(type: string): string {
	return type.replace(/<.*$/s, '').replace(/^.*::/s, '').trim();
}

function declaration(node: SyntaxNode): Declaration | undefined {
	const [name, list, returns, body] = [field(node, 'name'), field(node, 'parameters'), field(node, 'return_type'), field(node, 'body')];
	if (!name || !list) return undefined;
	const owner = node.parent?.type === 'declaration_list' ? node.parent.parent : null;
	const container = owner && types.includes(owner.type) ? classOutline(owner).name : undefined;
	const receiver = childrenOf(list, 'self_parameter')[0]?.text;
	const scope = around(node, ['function_item']);
	return {
		name: name.text,
		container,
		kind: container === undefined ? 'function' : 'method',
		isAsync: /\basync\b/.test(childrenOf(node, 'function_modifiers')[0]?.text ?? ''),
		isGenerator: false,
		isStatic: container !== undefined && receiver === undefined,
		receiver,
		parameters: list.namedChildren.map(parameter).filter(notEmpty),
		returns: returns?.text,
		returnsRange: returns && rangeOf(returns),
		typeParameters: (field(node, 'type_parameters')?.namedChildren ?? []).map(typeParameter).filter(notEmpty),
		throws: [],
		range: rangeOf(node),
		nameRange: rangeOf(name),
		parametersRange: receiver === undefined ? inside(list) : afterReceiver(list),
		bodyRange: body && rangeOf(body),
		scope: container === undefined && scope ? rangeOf(scope) : undefined,
	};
}

function afterReceiver(list: SyntaxNode) {
	const start = childrenOf(list, 'self_parameter')[0]?.endIndex ?? list.startIndex;
	return { start, end: inside(list).end };
}

function typeParameter(node: SyntaxNode): TypeParameter | undefined {
	const isLifetime = node.type.includes('lifetime');
	const name = fieldText(node, 'name') ?? fieldText(node, 'left') ?? node.text;
	return { name, default: fieldText(node, 'default_type'), ...(isLifetime && { isImplicit: true }) };
}

function parameter(node: SyntaxNode): Parameter | undefined {
	if (node.type !== 'parameter') return undefined;
	const [pattern, type] = [field(node, 'pattern'), field(node, 'type')];
	const name = /^(?:mut\s+|ref\s+)*(\w+)$/.exec(pattern?.text ?? '')?.[1] ?? '';
	return {
		name,
		type: type?.text,
		typeRange: type && rangeOf(type),
		isOptional: false,
		kind: 'plain',
		text: node.text,
		range: rangeOf(node),
	};
}

function variables(root: Gathered): Binding[] {
	return root.descendantsOfType(['let_declaration', 'for_expression', 'closure_parameters']).flatMap((node) => {
		const scope = around(node, scopes);
		const names = patternNames(node.type === 'closure_parameters' ? node : field(node, 'pattern'));
		const value = field(node, 'value');
		const type = fieldText(node, 'type');
		const known =
			names.length === 1 && node.type === 'let_declaration' ? { type: type ?? (value && literalType(value)), made: made(value) } : {};
		const isInner = node.type !== 'let_declaration';
		const start = isInner ? (node.type === 'for_expression' ? node.startIndex : (node.parent?.startIndex ?? 0)) : node.endIndex;
		const end = node.type === 'for_expression' ? node.endIndex : (scope?.endIndex ?? root.endIndex);
		return names.map((at) => ({ name: at.text, ...known, scope: { start, end }, nameRange: rangeOf(at) }));
	});
}

function patternNames(pattern: SyntaxNode | undefined): readonly SyntaxNode[] {
	if (!pattern) return [];
	return pattern.type === 'identifier'
		? [pattern]
		: pattern.descendantsOfType('identifier').filter((at) => at.parent?.type !== 'scoped_identifier');
}

/** `S::new(…)` and `S { … }` make an `S`. */
function made(value: SyntaxNode | undefined): string | undefined {
	if (value?.type === 'struct_expression') return bare(fieldText(value, 'name') ?? '');
	if (value?.type === 'identifier' && /^[A-Z](?:$|\w*[a-z])/.test(value.text)) return value.text;
	const path = value?.type === 'call_expression' ? field(field(value, 'function'), 'path') : undefined;
	const type = path && bare(path.text);
	return type && /^[A-Z]/.test(type) ? type : undefined;
}

function parameterBindings(root: Gathered): Binding[] {
	return root.descendantsOfType('parameter').flatMap((node) => {
		const owner = around(node, ['function_item', 'function_signature_item', 'closure_expression']);
		if (owner?.type === 'function_signature_item' || !owner) return [];
		return patternNames(field(node, 'pattern')).map((at) => ({
			name: at.text,
			type: fieldText(node, 'type'),
			scope: rangeOf(owner),
			nameRange: rangeOf(at),
		}));
	});
}

/** The fields of a struct, known in what is implemented for it. */
function fields(root: Gathered): Binding[] {
	const impls = root.descendantsOfType('impl_item');
	return root.descendantsOfType('field_declaration').flatMap((node) => {
		const owner = fieldText(around(node, ['struct_item']), 'name');
		const name = field(node, 'name');
		const places = impls.filter((impl) => bare(fieldText(impl, 'type') ?? '') === owner);
		return name
			? places.map((place) => ({
					name: name.text,
					type: fieldText(node, 'type'),
					scope: rangeOf(place),
					nameRange: rangeOf(name),
					isField: true,
				}))
			: [];
	});
}

function imported(node: SyntaxNode | undefined, prefix: string): Import[] {
	if (!node) return [];
	const path = (text: string | undefined) => [prefix, text].filter(Boolean).join('::');
	switch (node.type) {
		case 'scoped_identifier':
			return [{ local: fieldText(node, 'name') ?? '', imported: fieldText(node, 'name') ?? '', from: path(fieldText(node, 'path')) }];
		case 'identifier':
			return [{ local: node.text, imported: node.text, from: prefix }];
		case 'use_as_clause': {
			const [first] = imported(field(node, 'path'), prefix);
			return first ? [{ ...first, local: fieldText(node, 'alias') ?? first.local }] : [];
		}
		case 'scoped_use_list':
			return imported(field(node, 'list'), path(fieldText(node, 'path')));
		case 'use_list':
			return node.namedChildren.flatMap((child) => imported(child, prefix));
		case 'use_wildcard':
			return [{ local: '*', imported: '*', from: path(node.namedChildren[0]?.text) }];
		default:
			return [];
	}
}

export function literalType(node: SyntaxNode): string | undefined {
	switch (node.type) {
		case 'integer_literal':
			return /[iu](?:\d+|size)$/.exec(node.text)?.[0] ?? 'i32';
		case 'float_literal':
			return /f\d+$/.exec(node.text)?.[0] ?? 'f64';
		case 'string_literal':
		case 'raw_string_literal':
			return '&str';
		case 'boolean_literal':
			return 'bool';
		case 'char_literal':
			return 'char';
		case 'unary_expression':
			return node.namedChildren[0] ? literalType(node.namedChildren[0]) : undefined;
		default:
			return undefined;
	}
}
