import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding } from '../language.ts';
import { type Gathered, nesting } from './gather.ts';
import { around, field, fieldText, notEmpty, rangeOf } from './read.ts';
import { bodiless, classes, literalType, requirement, scopes, type Variable } from './typescript-nodes.ts';

/** Where they are. */
export const bindingTypes = [
	...scopes,
	...bodiless,
	'variable_declarator',
	'required_parameter',
	'optional_parameter',
	'formal_parameters',
	'catch_clause',
	'for_in_statement',
	'arrow_function',
	'public_field_definition',
	'field_definition',
];

/** The names that values have: variables, parameters and fields. */
export function bindingsIn(root: Gathered, variables: readonly Variable[]): Binding[] {
	return [...variableBindings(root, variables), ...parameterBindings(root), ...fields(root)];
}

function variableBindings(root: Gathered, variables: readonly Variable[]): Binding[] {
	const scopeAt = nesting(root, scopes);
	return variables.flatMap(({ node, plain }): Binding[] => {
		const scope = scopeAt(node.startIndex);
		if (!scope) return [];
		if (plain) return [{ name: plain.name, scope: { start: node.endIndex, end: scope.end }, nameRange: plain.nameRange }];
		const name = field(node, 'name');
		const value = field(node, 'value');
		if (!name || requirement.test(value?.text ?? '')) return [];
		const type = typeOf(node);
		const names = name.type === 'identifier' ? [name] : name.descendantsOfType(['identifier', 'shorthand_property_identifier_pattern']);
		const known = name.type === 'identifier' ? { type: type ?? (value && literalType(value)), made: made(value) } : {};
		return names.map((at) => ({ name: at.text, ...known, scope: { start: node.endIndex, end: scope.end }, nameRange: rangeOf(at) }));
	});
}

function parameterBindings(root: Gathered): Binding[] {
	const nodes = root.descendantsOfType([
		'required_parameter',
		'optional_parameter',
		'formal_parameters',
		'catch_clause',
		'for_in_statement',
	]);
	const patterns = nodes.flatMap((node) => {
		if (node.type === 'formal_parameters')
			return node.namedChildren.filter(({ type }) => type === 'identifier' || type.endsWith('_pattern'));
		return [field(node, 'pattern') ?? field(node, 'parameter') ?? field(node, 'left')].filter(notEmpty);
	});
	const bare = root
		.descendantsOfType(['arrow_function'])
		.map((node) => field(node, 'parameter'))
		.filter(notEmpty);
	const scopeAt = nesting(root, [...scopes, ...bodiless]);
	return [...patterns, ...bare].flatMap((pattern) => {
		const scope = scopeAt(pattern.startIndex) ?? { start: root.startIndex, end: root.endIndex };
		const names =
			pattern.type === 'identifier' ? [pattern] : pattern.descendantsOfType(['identifier', 'shorthand_property_identifier_pattern']);
		const type = pattern.type === 'identifier' && pattern.parent ? typeOf(pattern.parent) : undefined;
		return names.map((at) => ({
			name: at.text,
			type,
			scope,
			nameRange: rangeOf(at),
		}));
	});
}

function fields(root: Gathered): Binding[] {
	const nodes = root.descendantsOfType(['public_field_definition', 'field_definition', 'required_parameter']);
	return nodes.flatMap((node) => {
		const isParameter = node.type === 'required_parameter';
		if (isParameter && !/^(?:public|private|protected|readonly|override)\b/.test(node.text)) return [];
		const name = field(node, isParameter ? 'pattern' : 'name') ?? field(node, 'property');
		const owner = around(node, classes);
		if (!name || !owner) return [];
		return [
			{
				name: name.text,
				type: typeOf(node),
				made: made(field(node, 'value')),
				scope: rangeOf(owner),
				nameRange: rangeOf(name),
				isField: true,
			},
		];
	});
}

function typeOf(node: SyntaxNode): string | undefined {
	return field(node, 'type')?.namedChildren[0]?.text;
}

function made(value: SyntaxNode | undefined): string | undefined {
	const bare = value?.type === 'await_expression' ? value.namedChildren[0] : value;
	return bare?.type === 'new_expression' ? fieldText(bare, 'constructor') : undefined;
}
