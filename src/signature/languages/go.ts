import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentList, ArgumentPlace, Language, ResultEdit, Use } from '../language.ts';
import type { Project, SourceFile } from '../project.ts';
import { type Declaration, type Parameter, sameType } from '../signature.ts';
import type { TextEdit } from '../text-edit.ts';
import { literalType, outline } from './go-outline.ts';
import { folderOf } from './paths.ts';
import { around, field, fieldText, hasAny, isField, isSame, listOf, rangeOf, withoutLeading } from './read.ts';

export const go: Language = {
	ids: ['go'],
	style: {
		array: (values, type) => `[]${type ?? 'any'}{${values.join(', ')}}`,
		spread: (value) => `${value}...`,
		lambda,
		self: [],
		parent: [],
		around: (call) => `package p\nfunc g() { ${call} }\n`,
	},
	constructors: [],
	outline,
	use,
	unbound,
	retype,
	result,
	literalType,
	resolve,
	sees,
	denotes,
	inherited: ({ text }) => text,
	isImplementation,
	elements: (value) =>
		value.type === 'composite_literal' && field(value, 'type')?.type === 'slice_type' ? listOf(field(value, 'body') ?? value) : undefined,
	hasEffect: (value: SyntaxNode) => hasAny(value, ['call_expression']) && value.type !== 'func_literal',
};

function use(name: SyntaxNode): Use | undefined {
	const parent = name.parent;
	if (!parent || !['identifier', 'field_identifier'].includes(name.type)) return undefined;
	const isMember = parent.type === 'selector_expression' && isField(name, 'field');
	if ((parent.type === 'selector_expression' && !isMember) || (!isMember && isDeclared(name, parent))) return undefined;
	const path = isMember ? parent : name;
	const qualifier = isMember ? field(parent, 'operand') : undefined;
	const expression = unwrapped(path);
	const call = expression.parent;
	if (call?.type === 'call_expression' && isField(expression, 'function')) {
		const list = field(call, 'arguments');
		const types = field(call, 'type_arguments');
		return {
			kind: qualifier ? 'member-call' : 'call',
			node: call,
			qualifier,
			list: list && callList(list),
			typeArguments: types && listOf(types),
		};
	}
	return { ...named(expression, isMember), qualifier };
}

/** `f(g())` hands over as many values as `g` returns. */
function unbound(use: Use, { before }: SignatureChange): Use {
	if (before.receiver !== undefined && use.list && use.qualifier?.text.replace(/[(*)]/g, '') === before.container)
		return { ...use, list: withoutLeading(use.list, 1) };
	const [only, ...more] = use.list?.arguments ?? [];
	const isForwarded = only?.value.type === 'call_expression' && more.length === 0 && before.parameters.length > 1;
	return isForwarded && use.list ? { ...use, list: { ...use.list, arguments: [{ ...only, spread: 'rest' }] } } : use;
}

function unwrapped(node: SyntaxNode): SyntaxNode {
	return node.parent?.type === 'parenthesized_expression' ? unwrapped(node.parent) : node;
}

function isDeclared(name: SyntaxNode, parent: SyntaxNode): boolean {
	if (
		[
			'function_declaration',
			'method_declaration',
			'method_elem',
			'parameter_declaration',
			'var_spec',
			'const_spec',
			'package_clause',
		].includes(parent.type)
	)
		return isSame(parent.childForFieldName('name'), name) || parent.childrenForFieldName('name').some((other) => isSame(other, name));
	if (parent.type === 'expression_list')
		return ['short_var_declaration', 'range_clause'].includes(parent.parent?.type ?? '') && isField(parent, 'left');
	return (
		['field_declaration', 'labeled_statement', 'import_spec'].includes(parent.type) ||
		(parent.type === 'literal_element' && parent.parent?.type === 'keyed_element' && isSame(parent.parent.namedChildren[0], parent))
	);
}

/** `f(xs...)` spreads its last argument. */
function callList(list: SyntaxNode): ArgumentList {
	return listOf(list, (value) => (value.type === 'variadic_argument' ? { spread: 'rest', value: value.namedChildren[0] ?? value } : {}));
}

function named(expression: SyntaxNode, isMember: boolean): Use {
	const list = expression.parent?.type === 'expression_list' ? expression.parent : undefined;
	const declaration = list?.parent?.type === 'short_var_declaration' && isField(list, 'right') ? list.parent : undefined;
	const left = field(declaration, 'left')?.namedChildren ?? [];
	const scope = around(expression, ['block']);
	if (left.length !== 1 || !left[0] || isMember) return { kind: 'by-name', node: expression };
	return { kind: 'by-name', node: expression, alias: { name: left[0].text, ...(scope && { scope: rangeOf(scope) }) } };
}

function lambda(parameters: readonly Parameter[], call: string, { before }: SignatureChange): string {
	const own = parameters.map(({ name, type, kind }, index) => `${name || `a${index}`} ${kind === 'rest' ? '...' : ''}${type}`);
	const returns = before.returns === undefined ? '' : ` ${before.returns}`;
	return `func(${own.join(', ')})${returns} { ${before.returns === undefined ? '' : 'return '}${call} }`;
}

const numbers = /^(?:u?int(?:8|16|32|64)?|float(?:32|64)|byte|rune)$/;

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const reason = `It has to be ${to} now.`;
	const wraps = (before: string, after: string, kind: Adapted['class'] = 'C'): Adapted => ({ before, after, class: kind, reason });
	if (/^(any|interface\s*\{\s*\})$/.test(to)) return wraps('', '', 'D');
	if (numbers.test(from) && numbers.test(to)) {
		const isLiteral = literalType(value) !== undefined && !(value.type === 'float_literal' && !to.startsWith('float'));
		return isLiteral || type === to ? wraps('', '', 'D') : wraps(`${to}(`, ')');
	}
	if (to === `*${from}`) return value.type === 'identifier' || value.type === 'composite_literal' ? wraps('&', '', 'D') : undefined;
	if (from === `*${to}`)
		return value.text.startsWith('&')
			? { ...wraps('', '', 'D'), keep: { start: value.startIndex + 1, end: value.endIndex } }
			: wraps('*', '');
	if (to === `[]${from}`) return wraps(`${to}{`, '}');
	if ((from === 'string' && to === '[]byte') || (from === '[]byte' && to === 'string')) return wraps(`${to}(`, ')');
	if (to === `func() ${from}`) return wraps(`${to} { return `, ' }');
	return undefined;
}

/** An added error: the caller passes it on where it returns one. */
function result({ node }: Use, { before, after }: SignatureChange): ResultEdit | undefined {
	if (node.type !== 'call_expression' || sameType(before.returns, after.returns)) return undefined;
	const [old, now] = [resultsOf(before.returns), resultsOf(after.returns)];
	const reason = `It returns ${after.returns ?? 'nothing'} now, and returned ${before.returns ?? 'nothing'}.`;
	const isErrorAdded = now.length === old.length + 1 && now.at(-1) === 'error' && old.every((type, index) => type === now[index]);
	if (node.parent?.type === 'expression_statement' || node.parent?.type === 'go_statement' || node.parent?.type === 'defer_statement')
		return isErrorAdded && node.parent.type === 'expression_statement' ? ignored(node, reason, old.length) : undefined;
	if (!isErrorAdded) return { edits: [], class: 'W', reason };
	const list = node.parent?.type === 'expression_list' ? node.parent : undefined;
	const statement = list?.parent;
	const left =
		statement && ['short_var_declaration', 'assignment_statement'].includes(statement.type) ? field(statement, 'left') : undefined;
	if (!left || list?.namedChildren.length !== 1 || left.namedChildren.length !== old.length)
		return { edits: [], class: 'W', reason: `${reason} The error has to be handled before the result is used.` };
	const added: TextEdit = { start: left.endIndex, end: left.endIndex, newText: ', err' };
	return { edits: [added, ...handled(statement, node)], class: 'L', reason: `${reason} What to do with the error has to be decided.` };
}

function ignored(node: SyntaxNode, reason: string, count: number): ResultEdit {
	const statement = node.parent ?? node;
	const blanks = `${'_, '.repeat(count)}err := `;
	return {
		edits: [{ start: node.startIndex, end: node.startIndex, newText: blanks }, ...handled(statement, node)],
		class: 'L',
		reason: `${reason} What to do with the error has to be decided.`,
	};
}

/** `if err != nil { return …, err }`, with the zero values of what the caller returns. */
function handled(statement: SyntaxNode | null | undefined, node: SyntaxNode): TextEdit[] {
	if (!statement) return [];
	const caller = around(node, ['function_declaration', 'method_declaration', 'func_literal']);
	const results = resultsOf(fieldText(caller, 'result'));
	const passes = results.at(-1) === 'error';
	const indent = /^[ \t]*/.exec(lineOf(statement))?.[0] ?? '\t';
	const body = passes ? `return ${[...results.slice(0, -1).map(zeroOf), 'err'].join(', ')}` : 'panic(err)';
	return [{ start: statement.endIndex, end: statement.endIndex, newText: `\n${indent}if err != nil {\n${indent}\t${body}\n${indent}}` }];
}

function lineOf(node: SyntaxNode): string {
	for (let at = node.parent; at; at = at.parent) {
		const before = at.text.slice(0, node.startIndex - at.startIndex);
		if (before.includes('\n')) return before.slice(before.lastIndexOf('\n') + 1);
	}
	return '';
}

function zeroOf(type: string): string {
	if (numbers.test(type)) return '0';
	if (type === 'string') return '""';
	if (type === 'bool') return 'false';
	return /^(\*|\[\]|map\[|chan |func\(|any$|error$|interface)/.test(type) ? 'nil' : `${type}{}`;
}

function resultsOf(returns: string | undefined): string[] {
	if (returns === undefined) return [];
	const inner = /^\((.*)\)$/s.exec(returns)?.[1];
	if (inner === undefined) return [returns];
	return inner.split(',').map((part) => part.trim().replace(/^\w+\s+(?=\S)/, ''));
}

/** The folder is the package. */
function sees(file: SourceFile, declaredIn: string): boolean {
	return folderOf(file.path) === folderOf(declaredIn);
}

function resolve(from: string, _: string, has: (path: string) => boolean): string | undefined {
	return has(from) ? from : undefined;
}

/** `pkg.F`, where an import ends with the folder's name. */
function denotes(qualifier: string, file: SourceFile, { path }: SignatureChange, _: Project): boolean {
	const folder = folderOf(path);
	const imports = [...file.text.matchAll(/^\s*(?:import\s+)?(?:([\w.]+)\s+)?"([^"]+)"\s*$/gm)];
	return imports.some(([, alias, target = '']) => {
		const isOurs = folder !== '' && (target === folder || target.endsWith(`/${folder}`) || folder.endsWith(`/${target}`));
		return isOurs && (alias ?? target.replace(/^.*\//, '')) === qualifier;
	});
}

/** Go's types implement what they have the methods of. */
function isImplementation(declaration: Declaration, of: Declaration): boolean {
	return (
		declaration.parameters.length === of.parameters.length &&
		sameType(declaration.returns, of.returns) &&
		declaration.parameters.every(({ type }, index) => sameType(type, of.parameters[index]?.type))
	);
}
