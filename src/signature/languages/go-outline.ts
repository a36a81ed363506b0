import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding, ClassOutline, Outline } from '../language.ts';
import type { Declaration, Parameter } from '../signature.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, inside, isSame, notEmpty, rangeOf } from './read.ts';

const scopes = ['block', 'function_declaration', 'method_declaration', 'func_literal', 'for_statement', 'if_statement', 'source_file'];

const gatheredTypes = [
	'function_declaration',
	'method_declaration',
	'method_elem',
	'method_spec',
	'type_spec',
	'short_var_declaration',
	'var_spec',
	'const_spec',
	'range_clause',
	'parameter_declaration',
	'variadic_parameter_declaration',
];

export function outline(tree: SyntaxNode): Outline {
	const root = gathered(tree, gatheredTypes);
	return {
		declarations: root
			.descendantsOfType(['function_declaration', 'method_declaration', 'method_elem', 'method_spec'])
			.map(declaration)
			.filter(notEmpty),
		bindings: [...variables(root), ...parameterBindings(root)],
		imports: [],
		classes: root.descendantsOfType('type_spec').map(classOutline),
	};
}

/** An embedded type is as good as a base: it lends its methods. */
function classOutline(node: SyntaxNode): ClassOutline {
	const embedded = node.descendantsOfType('field_declaration').filter((child) => child.childrenForFieldName('name').length === 0);
	return {
		name: fieldText(node, 'name') ?? '',
		bases: embedded.map((child) => bare(fieldText(child, 'type') ?? '')),
		range: rangeOf(node),
	};
}

/** `*pkg.T[K]` is `T`. */
function bare(type: string): string {
	return type.replace(/^\*/, '').replace(/\[.*$/s, '').replace(/^.*\./, '');
}

function declaration(node: SyntaxNode): Declaration | undefined {
	const [name, list, result, body] = [field(node, 'name'), field(node, 'parameters'), field(node, 'result'), field(node, 'body')];
	if (!name || !list) return undefined;
	const receiver = field(node, 'receiver');
	const owner = node.type.startsWith('method_e') || node.type === 'method_spec' ? around(node, ['type_spec']) : undefined;
	const container = owner ? fieldText(owner, 'name') : receiver && bare(fieldText(receiver.namedChildren[0], 'type') ?? '');
	return {
		name: name.text,
		container,
		kind: container === undefined ? 'function' : 'method',
		isAsync: false,
		isGenerator: false,
		isStatic: false,
		receiver: receiver?.text,
		parameters: list.namedChildren.flatMap(parameters),
		returns: result?.text,
		returnsRange: result && rangeOf(result),
		typeParameters: (field(node, 'type_parameters')?.namedChildren ?? []).flatMap((one) =>
			one.childrenForFieldName('name').map(({ text }) => ({ name: text })),
		),
		throws: [],
		range: rangeOf(node),
		nameRange: rangeOf(name),
		parametersRange: inside(list),
		bodyRange: body && rangeOf(body),
	};
}

/** `a, b int` are two. */
function parameters(node: SyntaxNode): Parameter[] {
	if (node.type !== 'parameter_declaration' && node.type !== 'variadic_parameter_declaration') return [];
	const isRest = node.type === 'variadic_parameter_declaration';
	const type = field(node, 'type');
	const names = node.childrenForFieldName('name');
	const common = { type: type?.text, typeRange: type && rangeOf(type), isOptional: isRest, kind: isRest ? 'rest' : 'plain' } as const;
	if (names.length === 0) return [{ ...common, name: '', text: node.text, range: rangeOf(node) }];
	return names.map((name, index) => {
		const isLast = index === names.length - 1;
		const range = isLast ? { start: name.startIndex, end: node.endIndex } : rangeOf(name);
		return { ...common, name: name.text, text: `${name.text} ${isRest ? '...' : ''}${type?.text ?? ''}`, range };
	});
}

function variables(root: Gathered): Binding[] {
	return root.descendantsOfType(['short_var_declaration', 'var_spec', 'const_spec', 'range_clause']).flatMap((node) => {
		const scope = around(node, scopes);
		const left = field(node, 'left')?.namedChildren ?? node.childrenForFieldName('name');
		const right = field(node, 'right') ?? field(node, 'value');
		const values = right?.type === 'expression_list' ? right.namedChildren : right ? [right] : [];
		const type = fieldText(node, 'type');
		const start = node.type === 'range_clause' ? node.startIndex : node.endIndex;
		return left
			.filter(({ type: kind }) => kind === 'identifier')
			.map((name, index) => {
				const value = values.length === left.length && node.type !== 'range_clause' ? values[index] : undefined;
				const known = { type: type ?? (value && literalType(value)), made: values[0] && index === 0 ? made(values[0]) : undefined };
				return { name: name.text, ...known, scope: { start, end: scope?.endIndex ?? root.endIndex }, nameRange: rangeOf(name) };
			});
	});
}

/** `T{…}`, `&T{…}`, and `NewT(…)` by custom. */
function made(value: SyntaxNode): string | undefined {
	const inner = value.type === 'unary_expression' ? (field(value, 'operand') ?? value) : value;
	if (inner.type === 'composite_literal') return bare(fieldText(inner, 'type') ?? '');
	const callee = inner.type === 'call_expression' ? fieldText(inner, 'function') : undefined;
	return /(?:^|\.)New([A-Z]\w*)$/.exec(callee ?? '')?.[1];
}

function parameterBindings(root: Gathered): Binding[] {
	return root.descendantsOfType(['parameter_declaration', 'variadic_parameter_declaration']).flatMap((node) => {
		const owner = around(node, [
			'function_declaration',
			'method_declaration',
			'func_literal',
			'function_type',
			'method_elem',
			'method_spec',
		]);
		const isResult = isSame(field(owner, 'result'), node.parent);
		if (!owner || isResult || !field(owner, 'body')) return [];
		return node
			.childrenForFieldName('name')
			.map((name) => ({ name: name.text, type: fieldText(node, 'type'), scope: rangeOf(owner), nameRange: rangeOf(name) }));
	});
}

export function literalType(node: SyntaxNode): string | undefined {
	switch (node.type) {
		case 'int_literal':
			return 'int';
		case 'float_literal':
			return 'float64';
		case 'interpreted_string_literal':
		case 'raw_string_literal':
			return 'string';
		case 'rune_literal':
			return 'rune';
		case 'true':
		case 'false':
			return 'bool';
		case 'unary_expression':
			return childrenOf(node, 'int_literal', 'float_literal').map(literalType)[0];
		default:
			return undefined;
	}
}
