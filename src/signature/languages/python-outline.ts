import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Binding, ClassOutline, Import, Outline } from '../language.ts';
import type { Declaration, Parameter } from '../signature.ts';
import { type Gathered, gathered } from './gather.ts';
import { around, childrenOf, field, fieldText, hasToken, inside, isField, isSame, notEmpty, rangeOf } from './read.ts';

const scopes = ['function_definition', 'lambda', 'list_comprehension', 'generator_expression', 'module'];

const types = [
	'function_definition',
	'class_definition',
	'assignment',
	'named_expression',
	'for_statement',
	'as_pattern',
	'for_in_clause',
	'parameters',
	'lambda_parameters',
	'import_statement',
	'import_from_statement',
];

export function outline(tree: SyntaxNode, names?: ReadonlySet<string>): Outline {
	const root = gathered(tree, types);
	return {
		declarations: [
			...root
				.descendantsOfType('function_definition')
				.map((node) => declaration(node, names))
				.filter(notEmpty),
			...root.descendantsOfType('class_definition').map(impliedConstructor).filter(notEmpty),
		],
		bindings: [...assigned(root), ...parameterBindings(root)],
		imports: root.descendantsOfType(['import_statement', 'import_from_statement']).flatMap(importsOf),
		classes: root.descendantsOfType('class_definition').map(classOutline),
	};
}

function classOutline(node: SyntaxNode): ClassOutline {
	const bases = field(node, 'superclasses')?.namedChildren ?? [];
	const names = bases.filter(({ type }) => type !== 'keyword_argument').map(({ text }) => /(\w+)(?:\[.*\])?$/s.exec(text)?.[1] ?? '');
	return { name: fieldText(node, 'name') ?? '', bases: names, range: rangeOf(node) };
}

function decoratorsOf(node: SyntaxNode): string[] {
	const holder = node.parent?.type === 'decorated_definition' ? node.parent : undefined;
	return childrenOf(holder, 'decorator').map(({ text }) => text.replace(/^@\s*/, ''));
}

/** The class whose body a node is directly in. */
function ownerOf(node: SyntaxNode): SyntaxNode | undefined {
	const outer = node.parent?.type === 'decorated_definition' ? node.parent : node;
	const owner = outer.parent?.parent;
	return outer.parent?.type === 'block' && owner?.type === 'class_definition' ? owner : undefined;
}

function declaration(node: SyntaxNode, names?: ReadonlySet<string>): Declaration | undefined {
	const [name, list] = [field(node, 'name'), field(node, 'parameters')];
	if (!name || !list || (names && name.text !== '__init__' && !names.has(name.text))) return undefined;
	const owner = ownerOf(node);
	const container = fieldText(owner, 'name');
	const decorators = decoratorsOf(node);
	if (decorators.some((text) => /^(property|cached_property|functools\.cached_property)$|\.(setter|getter|deleter)$/.test(text)))
		return undefined;
	const isStatic = decorators.includes('staticmethod');
	const hasReceiver = owner !== undefined && !isStatic;
	const all = parameters(list);
	const isConstructor = container !== undefined && name.text === '__init__';
	const body = field(node, 'body');
	const isOverload = decorators.some((text) => /(^|\.)overload$/.test(text));
	const returns = field(node, 'return_type');
	const scope = around(node, ['function_definition']);
	return {
		name: isConstructor ? container : name.text,
		container,
		kind: isConstructor ? 'constructor' : container === undefined ? 'function' : 'method',
		isAsync: hasToken(node, 'async'),
		isGenerator: body !== undefined && ownYield(body, node),
		isStatic: isStatic || decorators.includes('classmethod'),
		receiver: hasReceiver ? all[0]?.text : undefined,
		parameters: hasReceiver ? all.slice(1) : all,
		returns: isConstructor ? undefined : returns?.text,
		typeParameters: [],
		throws: [],
		range: rangeOf(node),
		nameRange: rangeOf(name),
		parametersRange: inside(list),
		bodyRange: body && !isOverload && !isStub(body) ? rangeOf(body) : undefined,
		returnsRange: returns && rangeOf(returns),
		scope: container === undefined && scope ? rangeOf(scope) : undefined,
	};
}

function ownYield(body: SyntaxNode, node: SyntaxNode): boolean {
	return body.descendantsOfType('yield').some((found) => isSame(around(found, ['function_definition', 'lambda']), node));
}

/** `...` alone is only a signature when it is one of several or abstract; nobody calls it a body. */
function isStub(body: SyntaxNode): boolean {
	return body.text.trim() === '...';
}

function parameters(list: SyntaxNode): Parameter[] {
	const slash = list.namedChildren.findIndex(({ type }) => type === 'positional_separator');
	let isNamedOnly = false;
	return list.namedChildren.flatMap((node, index): Parameter[] => {
		const read = parameter(node);
		if (node.type === 'keyword_separator') isNamedOnly = true;
		if (!read) return [];
		const kind = read.kind !== 'plain' ? read.kind : isNamedOnly ? 'keywordOnly' : index < slash ? 'positionalOnly' : 'plain';
		if (read.kind === 'rest') isNamedOnly = true;
		return [{ ...read, kind }];
	});
}

function parameter(node: SyntaxNode): Parameter | undefined {
	if (node.type === 'comment' || node.type.endsWith('_separator')) return undefined;
	const isTyped = node.type === 'typed_parameter';
	const name = isTyped ? node.namedChildren[0] : (field(node, 'name') ?? node);
	const type = field(node, 'type');
	const value = field(node, 'value');
	if (!name) return undefined;
	const kind = name.type === 'list_splat_pattern' ? 'rest' : name.type === 'dictionary_splat_pattern' ? 'keywordRest' : 'plain';
	return {
		name: name.text.replace(/^\*+/, ''),
		type: type?.text,
		typeRange: type && rangeOf(type),
		default: value?.text,
		isOptional: value !== undefined,
		kind,
		text: node.text,
		range: rangeOf(node),
	};
}

/** The constructor that the fields of a data class make. */
function impliedConstructor(node: SyntaxNode): Declaration | undefined {
	const [name, body] = [field(node, 'name'), field(node, 'body')];
	const decorator = decoratorsOf(node).find((text) => /^(?:\w+\.)*(dataclass|define|frozen|attrs|s)\b/.test(text));
	const base = fieldText(node, 'superclasses') ?? '';
	const isModel = /\bBaseModel\b/.test(base);
	if (!name || !body || (decorator === undefined && !isModel && !/\bNamedTuple\b/.test(base))) return undefined;
	if (body.descendantsOfType('function_definition').some((method) => fieldText(method, 'name') === '__init__')) return undefined;
	let isNamedOnly = isModel || /kw_only\s*=\s*True/.test(decorator ?? '');
	const fields = body.namedChildren.flatMap((statement): Parameter[] => {
		const node = statement.type === 'expression_statement' ? statement.namedChildren[0] : undefined;
		const type = fieldText(node, 'type');
		if (node?.type !== 'assignment' || type === undefined || /^(\w+\.)?ClassVar\b/.test(type)) return [];
		if (/^(\w+\.)?KW_ONLY$/.test(type)) isNamedOnly = true;
		const value = fieldText(node, 'right');
		if (/^(\w+\.)?KW_ONLY$/.test(type) || /\binit\s*=\s*False/.test(value ?? '')) return [];
		const isField = /^(\w+\.)?[Ff]ield\(/.test(value ?? '');
		const inner = isField ? /\bdefault\s*=\s*([^,)]+)/.exec(value ?? '')?.[1] : value;
		const isOptional = isField ? /\bdefault(_factory)?\s*=/.test(value ?? '') : value !== undefined;
		const kind = isNamedOnly || /\bkw_only\s*=\s*True/.test(value ?? '') ? 'keywordOnly' : 'plain';
		return [{ name: fieldText(node, 'left') ?? '', type, default: inner, isOptional, kind, text: node.text, range: rangeOf(node) }];
	});
	const common = {
		isAsync: false,
		isGenerator: false,
		isStatic: false,
		typeParameters: [],
		throws: [],
		isImplied: true,
		kind: 'constructor',
	} as const;
	return {
		...common,
		name: name.text,
		container: name.text,
		parameters: fields,
		range: rangeOf(node),
		nameRange: rangeOf(name),
		parametersRange: rangeOf(body),
	};
}

function assigned(root: Gathered): Binding[] {
	const nodes = root.descendantsOfType(['assignment', 'named_expression', 'for_statement', 'as_pattern', 'for_in_clause']);
	return nodes.flatMap((node): Binding[] => {
		const left = field(node, 'left') ?? field(node, 'name') ?? field(node, 'alias');
		const right = field(node, 'right') ?? field(node, 'value') ?? (node.type === 'as_pattern' ? node.namedChildren[0] : undefined);
		if (!left) return [];
		const type = fieldText(node, 'type');
		const given = left.type === 'attribute' && right?.type === 'identifier' ? givenType(right) : undefined;
		const known = { type: type ?? given ?? (right && literalType(right)), made: made(right) };
		const owner = around(node, ['class_definition']);
		if (left.type === 'attribute' || isSame(ownerOf(node.parent ?? node), owner)) return fieldBinding(left, known, owner);
		const scope = around(node, scopes);
		const names =
			left.type === 'identifier' ? [left] : left.descendantsOfType('identifier').filter((at) => at.parent?.type !== 'attribute');
		const single = names.length === 1 && left.type !== 'pattern_list' ? known : {};
		const start = node.type === 'for_in_clause' ? (scope?.startIndex ?? 0) : (right?.endIndex ?? node.endIndex);
		return names.map((at) => ({
			name: at.text,
			...single,
			scope: { start, end: scope?.endIndex ?? root.endIndex },
			nameRange: rangeOf(at),
		}));
	});
}

/** `self.name = …`, and what the body of a class says of its fields. */
function fieldBinding(left: SyntaxNode, known: Pick<Binding, 'type' | 'made'>, owner: SyntaxNode | undefined): Binding[] {
	if (!owner || (left.type === 'attribute' && fieldText(left, 'object') !== 'self')) return [];
	const name = left.type === 'attribute' ? field(left, 'attribute') : left;
	return name ? [{ name: name.text, ...known, scope: rangeOf(owner), nameRange: rangeOf(name), isField: true }] : [];
}

/** The type of a parameter of the function around. */
function givenType(name: SyntaxNode): string | undefined {
	const list = field(around(name, ['function_definition']), 'parameters');
	return list && parameters(list).find((own) => own.name === name.text)?.type;
}

function made(value: SyntaxNode | undefined): string | undefined {
	const callee = value?.type === 'call' ? fieldText(value, 'function') : undefined;
	return callee && /(^|\.)[A-Z]\w*$/.test(callee) ? callee : undefined;
}

function parameterBindings(root: Gathered): Binding[] {
	return root.descendantsOfType(['parameters', 'lambda_parameters']).flatMap((list) => {
		const scope = list.parent;
		const owned = parameters(list);
		// The receiver is what `self` says, not a variable.
		return owned.flatMap((own) => {
			const isReceiver = own.name === 'self' || own.name === 'cls';
			const known = { name: own.name, type: own.type ?? literalOf(own.default), scope: rangeOf(scope ?? list), nameRange: own.range };
			return isReceiver ? [] : [known];
		});
	});
}

function literalOf(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	return /^\d+$/.test(text) ? 'int' : /^["']/.test(text) ? 'str' : /^(True|False)$/.test(text) ? 'bool' : undefined;
}

export function literalType(node: SyntaxNode): string | undefined {
	const types: Readonly<Record<string, string>> = {
		integer: 'int',
		float: 'float',
		string: 'str',
		concatenated_string: 'str',
		true: 'bool',
		false: 'bool',
		none: 'None',
	};
	const inner = node.type === 'unary_operator' ? node.namedChildren[0] : node;
	return inner && Object.hasOwn(types, inner.type) ? types[inner.type] : undefined;
}

function importsOf(node: SyntaxNode): Import[] {
	const from = fieldText(node, 'module_name');
	const names = node.childrenForFieldName('name');
	if (from !== undefined && hasWildcard(node)) return [{ local: '*', imported: '*', from }];
	return names.map((at) => {
		const name = fieldText(at, 'name') ?? at.text;
		const local = fieldText(at, 'alias') ?? name;
		return from === undefined ? { local, imported: '*', from: name } : { local, imported: name, from };
	});
}

function hasWildcard(node: SyntaxNode): boolean {
	return childrenOf(node, 'wildcard_import').length > 0;
}

/** Whether an identifier is where a name is given, not where it is used. */
export function isDeclared(name: SyntaxNode): boolean {
	const parent = name.parent;
	if (!parent) return false;
	if (
		['parameters', 'lambda_parameters', 'typed_parameter', 'list_splat_pattern', 'dictionary_splat_pattern', 'type'].includes(parent.type)
	)
		return true;
	if (['function_definition', 'class_definition', 'default_parameter', 'typed_default_parameter', 'keyword_argument'].includes(parent.type))
		return isField(name, 'name');
	return ['assignment', 'for_statement', 'for_in_clause'].includes(parent.type) && isField(name, 'left');
}
