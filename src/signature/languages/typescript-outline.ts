import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { ClassOutline, Import, Outline } from '../language.ts';
import type { Declaration, Parameter, TypeParameter } from '../signature.ts';
import type { Range } from '../text-edit.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, hasToken, inside, isField, notEmpty, rangeOf } from './read.ts';
import { bindingsIn, bindingTypes } from './typescript-bindings.ts';
import { classes, enclosing, functions, methods, requirement, unquoted, type Variable, values, variablesIn } from './typescript-nodes.ts';

const types = [
	...functions,
	...methods,
	...values,
	...classes,
	...bindingTypes,
	'property_signature',
	'type_alias_declaration',
	'variable_declarator',
];

export function outline(tree: SyntaxNode, names?: ReadonlySet<string>): Outline {
	const root = gathered(tree, types);
	const variables = variablesIn(root);
	const defaults = defaultExports(root.source);
	return {
		declarations: root
			.descendantsOfType([...functions, ...methods, ...values, 'property_signature', 'type_alias_declaration'])
			.map((node) => declaration(node, defaults, names))
			.filter(notEmpty),
		bindings: bindingsIn(root, variables),
		imports: [...imports(root), ...requires(variables)],
		classes: [...root.descendantsOfType(classes).map(classOutline), ...variables.map(objectOutline)].filter(notEmpty),
	};
}

function classOutline(node: SyntaxNode): ClassOutline | undefined {
	const name = fieldText(node, 'name');
	if (name === undefined) return undefined;
	const heritage = [...childrenOf(node, 'class_heritage', 'extends_type_clause')];
	const clauses = heritage.flatMap((child) =>
		child.type === 'class_heritage' ? (hasClause(child) ? child.namedChildren : [child]) : [child],
	);
	const bases = clauses.flatMap(({ namedChildren }) => namedChildren.map(baseName)).filter(notEmpty);
	return { name, bases, range: rangeOf(node) };
}

/** `const api: Api = { f(a) {} }`: the object is as good as a class of one. */
function objectOutline({ node, plain }: Variable): ClassOutline | undefined {
	if (plain && plain.opener !== '{') return undefined;
	const value = field(node, 'value');
	if (value?.type !== 'object') return undefined;
	if (plain) return { name: plain.name, bases: [], range: rangeOf(value) };
	const name = field(node, 'name');
	if (name?.type !== 'identifier') return undefined;
	const base = field(node, 'type')?.namedChildren[0];
	return { name: name.text, bases: [base && baseName(base)].filter(notEmpty), range: rangeOf(value) };
}

function hasClause(heritage: SyntaxNode): boolean {
	return heritage.namedChildren.some(({ type }) => type.endsWith('_clause'));
}

function baseName(node: SyntaxNode): string | undefined {
	if (node.type === 'type_arguments') return undefined;
	return /([\w$]+)(?:<.*>)?$/s.exec(node.text)?.[1];
}

function declaration(node: SyntaxNode, defaults: ReadonlySet<string>, names?: ReadonlySet<string>): Declaration | undefined {
	if (node.type === 'property_signature') return propertyDeclaration(node);
	if (node.type === 'type_alias_declaration') return typeDeclaration(node);
	const holder = values.includes(node.type) ? holderOf(node) : node;
	const assigned = holder?.type === 'assignment_expression' ? field(holder, 'left') : undefined;
	const name = assigned ? field(assigned, 'property') : (field(holder, 'name') ?? field(holder, 'key') ?? field(holder, 'property'));
	if (names && name && name.text !== 'constructor' && !names.has(name.text)) return undefined;
	const parameters = field(node, 'parameters') ?? field(node, 'parameter');
	if (holder === undefined || name === undefined || parameters === undefined || name.type.endsWith('_pattern')) return undefined;
	const container = assigned ? assignedTo(assigned) : containerOf(holder);
	if (hasToken(node, 'get', 'set')) return undefined;
	const isConstructor = methods.includes(node.type) && name.text === 'constructor';
	return {
		...functionParts(node, parameters),
		name: isConstructor ? (container ?? 'constructor') : name.text,
		container,
		kind: isConstructor ? 'constructor' : container === undefined ? 'function' : 'method',
		isStatic: hasToken(holder, 'static'),
		range: rangeOf(holder),
		nameRange: rangeOf(name),
		exportedAs: exportedAs(holder, name.text, defaults),
		scope: container === undefined ? scopeOf(holder) : undefined,
	};
}

/** `f(a: number): void` and `f: (a: number) => void` are the same to who calls it. */
function propertyDeclaration(node: SyntaxNode): Declaration | undefined {
	const type = field(node, 'type')?.namedChildren.find((child) => child.type === 'function_type');
	const name = field(node, 'name');
	const parameters = field(type, 'parameters');
	const container = containerOf(node);
	if (!type || !name || !parameters || container === undefined) return undefined;
	const parts = { ...functionParts(type, parameters), name: name.text, container, kind: 'method' as const };
	return { ...parts, isStatic: false, range: rangeOf(node), nameRange: rangeOf(name) };
}

/** `type F = (a: number) => void`: what has the type is called by it. */
function typeDeclaration(node: SyntaxNode): Declaration | undefined {
	const type = field(node, 'value');
	const name = field(node, 'name');
	const parameters = type?.type === 'function_type' ? field(type, 'parameters') : undefined;
	if (!type || !name || !parameters) return undefined;
	const parts = { ...functionParts(type, parameters), name: name.text, kind: 'function' as const, scope: scopeOf(node) };
	return { ...parts, isStatic: false, range: rangeOf(node), nameRange: rangeOf(name) };
}

function functionParts(node: SyntaxNode, parameters: SyntaxNode) {
	const result = field(node, 'return_type');
	const type = result?.type === 'type_annotation' ? result.namedChildren[0] : result;
	const body = field(node, 'body');
	const isBare = parameters.type === 'identifier';
	return {
		isAsync: hasToken(node, 'async'),
		isGenerator: hasToken(node, '*') || node.type.startsWith('generator'),
		parameters: isBare ? [plainParameter(parameters)] : parameters.namedChildren.map(parameter).filter(notEmpty),
		parametersRange: isBare ? rangeOf(parameters) : inside(parameters),
		bodyRange: body && rangeOf(body),
		returns: type?.text,
		returnsRange: type && rangeOf(type),
		typeParameters: childrenOf(field(node, 'type_parameters'), 'type_parameter').map(typeParameter),
		throws: [],
	};
}

/** What gives a function without a name its name. */
function holderOf(node: SyntaxNode): SyntaxNode | undefined {
	const parent = node.parent;
	if (parent === null) return undefined;
	if (parent.type === 'assignment_expression' && isField(node, 'right')) return parent;
	const isValue = ['variable_declarator', 'public_field_definition', 'field_definition', 'pair'].includes(parent.type);
	return isValue && isField(node, 'value') ? parent : undefined;
}

function containerOf(node: SyntaxNode): string | undefined {
	const body = node.parent;
	if (body === null) return undefined;
	if (['class_body', 'interface_body', 'object_type'].includes(body.type)) {
		const owner = body.parent;
		if (owner?.type === 'class') return fieldText(owner, 'name') ?? fieldText(owner.parent, 'name');
		return fieldText(owner, 'name');
	}
	if (body.type === 'object' && fieldText(body.parent, 'left') === 'module.exports') return undefined;
	// `const api = { f(a) {} }`: the object is as good as a class of one.
	if (body.type === 'object' && body.parent?.type === 'variable_declarator') return fieldText(body.parent, 'name');
	return node.type === 'pair' || node.type === 'method_definition' ? '{}' : undefined;
}

/** `A.prototype.f = …` is a method, `exports.f = …` a function. */
function assignedTo(left: SyntaxNode): string | undefined {
	const object = fieldText(left, 'object') ?? '';
	return /^(module\.)?exports$/.test(object) ? undefined : object.replace(/\.prototype$/, '');
}

function exportedAs(node: SyntaxNode, name: string, defaults: ReadonlySet<string>): string | undefined {
	const statement = node.parent;
	const isDefault = statement?.type === 'export_statement' && hasToken(statement, 'default');
	return isDefault || defaults.has(name) ? 'default' : undefined;
}

/** `export default f` and `module.exports = f`, somewhere else than where `f` is declared. */
function defaultExports(text: string): ReadonlySet<string> {
	const statements = text.matchAll(/^(?:export default|module\.exports =) ([\w$]+)\s*;?\s*$/gm);
	return new Set([...statements].map(([, name = '']) => name));
}

/** A function within a function. */
function scopeOf(node: SyntaxNode): Range | undefined {
	const scope = around(node, [...enclosing, 'statement_block']);
	return scope && rangeOf(scope);
}

function typeParameter(node: SyntaxNode): TypeParameter {
	const value = field(node, 'value');
	return { name: fieldText(node, 'name') ?? node.text, default: value?.namedChildren[0]?.text };
}

function parameter(node: SyntaxNode): Parameter | undefined {
	if (node.type.endsWith('comment') || node.type === 'this' || field(node, 'pattern')?.type === 'this') return undefined;
	if (node.type === 'identifier' || node.type === 'rest_pattern' || node.type.endsWith('_pattern')) return untyped(node);
	const pattern = field(node, 'pattern');
	if (!pattern) return undefined;
	const type = field(node, 'type')?.namedChildren[0];
	const value = field(node, 'value');
	return {
		...patternParts(pattern, type),
		type: type?.text,
		typeRange: type && rangeOf(type),
		default: value?.text,
		isOptional: node.type === 'optional_parameter' || value !== undefined,
		text: node.text,
		range: rangeOf(node),
	};
}

function untyped(node: SyntaxNode): Parameter {
	const isDefault = node.type === 'assignment_pattern';
	const pattern = (isDefault ? field(node, 'left') : undefined) ?? node;
	const value = isDefault ? field(node, 'right') : undefined;
	return {
		...patternParts(pattern, undefined),
		default: value?.text,
		isOptional: value !== undefined,
		text: node.text,
		range: rangeOf(node),
	};
}

function plainParameter(node: SyntaxNode): Parameter {
	return { name: node.text, kind: 'plain', isOptional: false, text: node.text, range: rangeOf(node) };
}

function patternParts(pattern: SyntaxNode, type: SyntaxNode | undefined) {
	if (pattern.type === 'rest_pattern') return { name: pattern.namedChildren[0]?.text ?? '', kind: 'rest' as const };
	const keys = keysOf(pattern, type);
	return { name: pattern.type === 'identifier' ? pattern.text : '', kind: 'plain' as const, ...(keys && { keys }) };
}

/** The properties of an object that is taken apart, or whose type is written out. */
function keysOf(pattern: SyntaxNode, type: SyntaxNode | undefined): Parameter[] | undefined {
	const declared = type?.type === 'object_type' ? childrenOf(type, 'property_signature') : [];
	if (pattern.type !== 'object_pattern' && declared.length === 0) return undefined;
	const taken = pattern.type === 'object_pattern' ? pattern.namedChildren.map(takenKey).filter(notEmpty) : [];
	const names = [...new Set([...declared.map((key) => fieldText(key, 'name') ?? ''), ...taken.map(({ name }) => name)])].filter(Boolean);
	return names.map((name) => {
		const written = declared.find((key) => fieldText(key, 'name') === name);
		const value = taken.find((key) => key.name === name)?.value;
		const keyType = field(written, 'type')?.namedChildren[0]?.text;
		const isOptional = value !== undefined || (written !== undefined && hasToken(written, '?'));
		const text = `${name}${isOptional ? '?' : ''}: ${keyType} = ${value}`;
		return { name, type: keyType, default: value, isOptional, kind: 'keywordOnly', text, range: rangeOf(pattern) };
	});
}

function takenKey(node: SyntaxNode): { readonly name: string; readonly value: string | undefined } | undefined {
	if (node.type === 'shorthand_property_identifier_pattern') return { name: node.text, value: undefined };
	if (node.type === 'object_assignment_pattern') return { name: fieldText(node, 'left') ?? '', value: fieldText(node, 'right') };
	if (node.type !== 'pair_pattern') return undefined;
	return { name: fieldText(node, 'key') ?? '', value: fieldText(field(node, 'value'), 'right') };
}

function imports(root: Gathered): Import[] {
	return root.namedChildren
		.filter(({ type }) => type === 'import_statement')
		.flatMap((node) => {
			const from = unquoted(fieldText(node, 'source') ?? '');
			const names = node.descendantsOfType(['import_specifier', 'namespace_import', 'import_clause']);
			return names.flatMap((at): Import[] => {
				if (at.type === 'namespace_import') return [{ local: at.namedChildren[0]?.text ?? '', imported: '*', from }];
				if (at.type === 'import_clause')
					return childrenOf(at, 'identifier').map(({ text }) => ({ local: text, imported: 'default', from }));
				const imported = fieldText(at, 'name') ?? '';
				return [{ local: fieldText(at, 'alias') ?? imported, imported, from }];
			});
		});
}

/** `const { f } = require('./f')` and `const f = require('./f')`. */
function requires(variables: readonly Variable[]): Import[] {
	return variables.flatMap(({ node, plain }): Import[] => {
		if (plain) return [];
		const value = field(node, 'value');
		const from = requirement.exec(value?.text ?? '')?.[2];
		const name = field(node, 'name');
		if (from === undefined || !name) return [];
		if (name.type === 'identifier') return [{ local: name.text, imported: '*', from }];
		return name.namedChildren.flatMap((at) => {
			if (at.type === 'pair_pattern') return [{ local: fieldText(at, 'value') ?? '', imported: fieldText(at, 'key') ?? '', from }];
			return at.type === 'shorthand_property_identifier_pattern' ? [{ local: at.text, imported: at.text, from }] : [];
		});
	});
}
