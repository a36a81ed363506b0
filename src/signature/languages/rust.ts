import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentPlace, Language } from '../language.ts';
import type { SourceFile } from '../project.ts';
import type { Parameter } from '../signature.ts';
import { above, folderOf } from './paths.ts';
import { hasAny, listOf } from './read.ts';
import { literalType, outline } from './rust-outline.ts';
import { result, unbound, use } from './rust-use.ts';

export const rust: Language = {
	ids: ['rust'],
	style: {
		array: (values) => `&[${values.join(', ')}]`,
		lambda,
		self: ['self', 'Self'],
		parent: [],
		around: (call) => `fn g() { ${call}; }`,
	},
	constructors: [],
	outline,
	use,
	unbound,
	retype,
	result,
	literalType,
	resolve,
	denotes,
	inherited: ({ text }) => text,
	elements: (value) => (value.type === 'array_expression' ? listOf(value) : undefined),
	hasEffect: (value: SyntaxNode) =>
		value.type === 'span'
			? value.text.includes('(')
			: hasAny(value, ['call_expression', 'macro_invocation', 'assignment_expression', 'await_expression', 'try_expression']),
};

function lambda(parameters: readonly Parameter[], call: string): string {
	return `|${parameters.map(({ name }) => name).join(', ')}| ${call}`;
}

const integers = /^[iu](?:8|16|32|64|128|size)$/;
const floats = /^f(?:32|64)$/;

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const text = value.text;
	const reason = `It has to be ${to} now.`;
	const wraps = (before: string, after: string, kind: Adapted['class'] = 'D'): Adapted => ({ before, after, class: kind, reason });
	const cut = (length: number, kind: Adapted['class'] = 'D'): Adapted => ({
		...wraps('', '', kind),
		keep: { start: value.startIndex + length, end: value.endIndex },
	});
	const inner = /^(?:\w+::)*(Option|Box|Rc|Arc|RefCell|Mutex|Cell)<(.*)>$/s.exec(to);
	if (inner?.[2] === from)
		return inner[1] === 'Option' ? wraps('Some(', ')') : wraps(`${inner[1]}::new(`, ')', inner[1] === 'Box' ? 'D' : 'C');
	if (to === `&${from}` || (from === 'String' && to === '&str') || sliceOf(from) === to)
		return value.type === 'binary_expression' ? wraps('&(', ')') : wraps('&', '');
	if (to === `&mut ${from}`) return wraps('&mut ', '', 'C');
	if (from === '&str' && to === 'String') return wraps('', '.to_string()');
	if (from === `&${to}` || from === `&mut ${to}`)
		return text.startsWith('&') ? cut(/^&(?:mut\s+)?/.exec(text)?.[0].length ?? 1, 'C') : wraps('', '.clone()', 'C');
	if (from === `Option<${to}>`) {
		const some = /^Some\((.*)\)$/s.exec(text)?.[1];
		if (some !== undefined) return { ...wraps('', ''), keep: { start: value.startIndex + 5, end: value.endIndex - 1 } };
		return { ...wraps('', '', 'L'), keep: null };
	}
	if (/^impl\s+(Into|AsRef|ToString|Display|Borrow)\b/.test(to)) return wraps('', '');
	if (to === `Vec<${from}>`) return wraps('vec![', ']', 'C');
	if (sliceOf(to) === from) return wraps('', '.to_vec()', 'C');
	return numeric(value, type ?? from, to, wraps);
}

function sliceOf(type: string): string | undefined {
	const element = /^Vec<(.*)>$/s.exec(type)?.[1];
	return element === undefined ? undefined : `&[${element}]`;
}

function numeric(
	value: SyntaxNode,
	from: string,
	to: string,
	wraps: (before: string, after: string, kind?: Adapted['class']) => Adapted,
): Adapted | undefined {
	const isNumber = (type: string) => integers.test(type) || floats.test(type);
	if (!isNumber(from) || !isNumber(to)) return undefined;
	const isLiteral = literalType(value) !== undefined;
	if (isLiteral && !/[a-z]/.test(value.text)) {
		if (integers.test(to) && value.type !== 'float_literal') return wraps('', '');
		if (floats.test(to)) return value.type === 'float_literal' ? wraps('', '') : wraps('', '.0');
	}
	const isSimple = ['identifier', 'field_expression', 'call_expression'].includes(value.type) || isLiteral;
	return isSimple ? wraps('', ` as ${to}`, 'C') : wraps('(', `) as ${to}`, 'C');
}

/** A module's file: `crate::a::b` is `src/a/b.rs` or `src/a/b/mod.rs`, or an item of the one above. */
function resolve(from: string, path: string, has: (path: string) => boolean): string | undefined {
	const segments = from.split('::').filter(Boolean);
	const [first = ''] = segments;
	const own = /\/?(mod|lib|main)\.rs$/.test(path) ? folderOf(path) : path.replace(/\.rs$/, '');
	const supers = segments.filter((segment) => segment === 'super').length;
	const rest = segments.filter((segment) => !['crate', 'self', 'super'].includes(segment)).join('/');
	const starts = first === 'crate' ? roots(path) : supers > 0 ? [up(own, supers)] : [own, folderOf(path), ...roots(path)];
	for (const start of starts) {
		const base = [start, rest].filter(Boolean).join('/');
		const found = [`${base}.rs`, `${base}/mod.rs`, ...(rest === '' ? [`${base}/lib.rs`, `${base}/main.rs`] : [])].find(has);
		if (found) return found;
	}
	// The name of this very crate, in its tests and examples.
	return segments.length > 0 && !['crate', 'self', 'super'].includes(first)
		? resolve(['crate', ...segments.slice(1)].join('::'), path, has)
		: undefined;
}

function roots(path: string): string[] {
	return above(path, 'src').map((root) => root.replace(/^\//, ''));
}

function up(path: string, count: number): string {
	return count === 0 ? path : up(folderOf(path), count - 1);
}

/** `m::f` for a function of `m.rs`, or of `mod m` in the same file. */
function denotes(qualifier: string, file: SourceFile, { path }: SignatureChange): boolean {
	const last = qualifier.split('::').at(-1) ?? '';
	const stem = /([^/]+?)(?:\/mod)?\.rs$/.exec(path)?.[1];
	return last === stem || file.path === path || (last === 'crate' && (stem === 'lib' || stem === 'main'));
}
