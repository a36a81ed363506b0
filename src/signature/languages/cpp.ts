import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentList, ArgumentPlace, Language, ResultEdit, Use } from '../language.ts';
import type { Project, SourceFile } from '../project.ts';
import { type Declaration, type Parameter, sameType } from '../signature.ts';
import { bare, literalType, outline } from './cpp-outline.ts';
import { around, field, fieldText, hasAny, inside, isField, isSame, listOf } from './read.ts';

export const cpp: Language = {
	ids: ['cpp', 'c'],
	style: {
		array: (values) => `{${values.join(', ')}}`,
		spread: (value) => value,
		lambda,
		self: ['this'],
		parent: [],
		staticOnObjects: true,
		implicitSelf: true,
		around: (call) => `void g() { ${call}; }`,
	},
	constructors: [],
	outline,
	use,
	retype,
	result,
	literalType,
	resolve: () => undefined,
	sees,
	denotes: (qualifier, file, change, project) => sees(file, change.path, project) && !/^std(::|$)/.test(qualifier),
	inherited,
	isTwin,
	elements: (value) => (value.type === 'initializer_list' ? listOf(value) : undefined),
	hasEffect: (value: SyntaxNode) =>
		hasAny(value, ['call_expression', 'new_expression', 'assignment_expression', 'update_expression', 'co_await_expression']) &&
		value.type !== 'lambda_expression',
};

const names = ['identifier', 'field_identifier', 'type_identifier', 'namespace_identifier'];

function use(name: SyntaxNode): Use | undefined {
	if (!names.includes(name.type) || !name.parent) return undefined;
	const parent = name.parent;
	const isQualified = parent.type === 'qualified_identifier' && isField(name, 'name');
	const isMember = parent.type === 'field_expression' && isField(name, 'field');
	const path = isQualified || isMember ? parent : name;
	const qualifier = isQualified ? field(parent, 'scope') : isMember ? field(parent, 'argument') : undefined;
	const template = path.parent?.type === 'template_function' || path.parent?.type === 'template_method' ? path.parent : undefined;
	const outer =
		template?.parent?.type === 'qualified_identifier' || template?.parent?.type === 'field_expression' ? template.parent : template;
	const expression = unwrapped(outer ?? path);
	const typeArguments = template && listOf(field(template, 'arguments') ?? template);
	const call = expression.parent;
	if (call?.type === 'call_expression' && isField(expression, 'function')) {
		const list = field(call, 'arguments');
		return { kind: qualifier ? 'member-call' : 'call', node: call, qualifier, list: list && listOf(list), typeArguments };
	}
	if (name.type === 'type_identifier' || name.type === 'namespace_identifier' || call?.type === 'field_initializer')
		return constructed(expression);
	if (isDeclared(expression)) return undefined;
	return { ...named(expression), qualifier };
}

function unwrapped(node: SyntaxNode): SyntaxNode {
	return node.parent?.type === 'parenthesized_expression' ? unwrapped(node.parent) : node;
}

function isDeclared(name: SyntaxNode): boolean {
	const parent = name.parent;
	if (
		!parent ||
		/declarator$|^(parameter|optional_parameter)_declaration$|_specifier$|^field_expression$|^qualified_identifier$/.test(parent.type)
	) {
		return !(parent?.type === 'init_declarator' && isField(name, 'value')) && !(parent?.type === 'pointer_expression');
	}
	return [
		'field_designator',
		'enumerator',
		'labeled_statement',
		'goto_statement',
		'namespace_definition',
		'using_declaration',
		'declaration',
		'preproc_def',
	].includes(parent.type);
}

/** `new S(1)`, `S s{1}`, `S s = 1`, `S(1)`, `make_unique<S>(1)` and `: S(1)`. */
function constructed(type: SyntaxNode): Use | undefined {
	const parent = type.parent;
	if (!parent) return undefined;
	const list = (node: SyntaxNode | undefined) => node && listOf(node);
	switch (parent.type) {
		case 'new_expression':
			return { kind: 'new', node: parent, list: list(field(parent, 'arguments')) ?? bracketed(parent.endIndex, '(', ')') };
		case 'compound_literal_expression':
			return { kind: 'new', node: parent, list: list(field(parent, 'value')) };
		case 'field_initializer':
			return {
				kind: 'super',
				node: parent,
				list: list(parent.namedChildren.find(({ type }) => type === 'argument_list' || type === 'initializer_list')),
			};
		case 'declaration':
			return isField(type, 'type') ? declared(parent) : undefined;
		case 'type_descriptor':
			return made(parent);
		default:
			return undefined;
	}
}

function declared(node: SyntaxNode): Use | undefined {
	const declarator = field(node, 'declarator');
	if (declarator?.type === 'identifier') return { kind: 'new', node, list: bracketed(declarator.endIndex, '{', '}') };
	const [name, value] = [field(declarator, 'declarator'), field(declarator, 'value')];
	if (declarator?.type !== 'init_declarator' || name?.type !== 'identifier' || !value) return undefined;
	if (value.type === 'argument_list' || value.type === 'initializer_list') return { kind: 'new', node, list: listOf(value) };
	if (literalType(value) === undefined || value.type === 'compound_literal_expression') return undefined;
	// A constructor of one parameter converts, and nothing at the place says its name.
	const start = name.endIndex;
	const write = (values: readonly string[]) => [{ start, end: value.endIndex, newText: `{${values.join(', ')}}` }];
	const range = { start: value.startIndex, end: value.endIndex };
	return { kind: 'new', node, list: { range, arguments: [{ value, range }], write } };
}

function bracketed(at: number, open: string, close: string): ArgumentList {
	const range = { start: at, end: at };
	return {
		range,
		arguments: [],
		write: (values) => (values.length > 0 ? [{ ...range, newText: `${open}${values.join(', ')}${close}` }] : []),
	};
}

function made(descriptor: SyntaxNode): Use | undefined {
	const template = around(descriptor, ['template_function']);
	const isMaker = /^make_(unique|shared|optional)$/.test(fieldText(template, 'name') ?? '');
	const call = isMaker ? around(template ?? descriptor, ['call_expression']) : undefined;
	const list = field(call, 'arguments');
	return call && list ? { kind: 'new', node: call, list: listOf(list) } : undefined;
}

function named(expression: SyntaxNode): Use {
	const address = expression.parent?.type === 'pointer_expression' ? expression.parent : expression;
	const parent = address.parent;
	const alias = parent?.type === 'init_declarator' && isSame(field(parent, 'value'), address) ? field(parent, 'declarator') : undefined;
	const scope = around(address, ['compound_statement']);
	const isTyped = fieldText(parent?.parent, 'type') !== 'auto';
	if (alias?.type !== 'identifier' || isTyped) return { kind: 'by-name', node: address };
	return {
		kind: 'by-name',
		node: address,
		alias: { name: alias.text, ...(scope && { scope: { start: scope.startIndex, end: scope.endIndex } }) },
	};
}

function lambda(parameters: readonly Parameter[], call: string): string {
	const names = parameters.map(({ name }, index) => name || `a${index}`);
	const own = parameters.map(({ type }, index) => `${type} ${names[index]}`);
	const bare = call.replace(/^&/, '');
	// Only one that captures nothing is a function pointer, too.
	const needs = [...bare.replace(/^[\w:]+\(/, '').matchAll(/\uE000\d+\uE001|[A-Za-z_]\w*/g)].some(
		([word]) => /^\w/.test(word) && !names.includes(word),
	);
	return `[${needs ? '&' : ''}](${own.join(', ')}) { return ${bare}; }`;
}

function inherited({ text, default: value }: Parameter): string {
	return value === undefined ? text : text.slice(0, text.lastIndexOf('=')).trimEnd();
}

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const reason = `It has to be ${to} now.`;
	const wraps = (before: string, after: string, kind: Adapted['class']): Adapted => ({ before, after, class: kind, reason });
	const [old, now] = [plain(from), plain(to)];
	if (old === now && !/\*/.test(to + from)) return wraps('', '', 'D');
	const owner = /^std::(unique|shared)_ptr<(.*)>$/s.exec(to);
	if (owner?.[2] !== undefined && plain(owner[2]) === old) {
		const maker = `std::make_${owner[1]}<${owner[2]}>(`;
		const list =
			value.type === 'compound_literal_expression'
				? field(value, 'value')
				: field(value.type === 'call_expression' && bare(fieldText(value, 'function') ?? '') === old ? value : undefined, 'arguments');
		return { ...wraps(maker, ')', 'L'), ...(list && { keep: inside(list) }) };
	}
	if (to === `${from}*` || now === `${old}*`) return value.type === 'identifier' ? wraps('&', '', 'D') : undefined;
	if (from === `${to}*` || old === `${now}*`) {
		if (value.type === 'pointer_expression' && value.text.startsWith('&'))
			return { ...wraps('', '', 'D'), keep: { start: value.startIndex + 1, end: value.endIndex } };
		return wraps('*', '', 'C');
	}
	if (to === `std::optional<${from}>` || to === `std::vector<${from}>`)
		return to.startsWith('std::optional') ? wraps('', '', 'D') : wraps('{', '}', 'C');
	if (/string(_view)?$/.test(now) && /char\*|string(_view)?$/.test(old))
		return /^(std::)?string$/.test(now) && old.endsWith('string_view') ? wraps('std::string(', ')', 'C') : wraps('', '', 'D');
	return numbers.test(old) && numbers.test(now) && numbers.test(type ?? old) ? wraps('', '', 'D') : undefined;
}

const numbers = /^(?:unsigned |signed )?(?:char|short|int|long|long long|float|double|bool|unsigned|std::size_t|size_t|u?int\d+_t)$/;

/** Whether it is handed over by value or by reference is nothing that a call has to say. */
function plain(type: string): string {
	return type
		.replace(/\bconst\b|&+/g, '')
		.replace(/\s+/g, ' ')
		.replace(/ ?\* ?/g, '*')
		.trim();
}

function result({ node }: Use, { before, after }: SignatureChange): ResultEdit | undefined {
	const [from, to] = [before.returns ?? 'void', after.returns ?? 'void'];
	if (node.type !== 'call_expression' || sameType(from, to) || from === 'void' || node.parent?.type === 'expression_statement')
		return undefined;
	const reason = `It returns ${to} now, and returned ${from}.`;
	if (to === `std::optional<${from}>`)
		return { edits: [], class: 'L', reason, fallback: { at: node.endIndex, before: '.value_or(', after: ')', type: from } };
	if (numbers.test(plain(from)) && numbers.test(plain(to))) return undefined;
	return { edits: [], class: 'W', reason };
}

function sees(file: SourceFile, declaredIn: string, project: Project): boolean {
	return (
		file.path === declaredIn ||
		stem(file.path) === stem(declaredIn) ||
		project.known(`${file.path} includes ${declaredIn}`, () => includes(file, declaredIn, project))
	);
}

/** What it includes, and what that does. */
function includes(file: SourceFile, declaredIn: string, project: Project): boolean {
	const wanted = stem(declaredIn);
	const seen = new Set<string>();
	const visit = (text: string): boolean => {
		for (const [, included = ''] of text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)) {
			if (stem(included) === wanted) return true;
			if (seen.has(included)) continue;
			seen.add(included);
			const bare = included.replace(/^(\.\.?\/)+/, '');
			const found = project.named(bare.replace(/^.*\//, '')).find(({ path }) => path === bare || path.endsWith(`/${bare}`));
			if (found && visit(found.text)) return true;
		}
		return false;
	};
	return visit(file.text);
}

/** A header and its source have one name. */
function stem(path: string): string {
	return path.replace(/^.*\//, '').replace(/\.\w+$/, '');
}

/** The declaration in the header of a definition, and the other way around. */
function isTwin(declaration: Declaration, file: SourceFile, { before, path }: SignatureChange): boolean {
	const isSame = declaration.parameters.every(({ type }, index) => sameType(type, before.parameters[index]?.type));
	return (
		isSame &&
		declaration.parameters.length === before.parameters.length &&
		(file.path === path || stem(file.path) === stem(path) || file.text.includes(`${stem(path)}.h`))
	);
}
