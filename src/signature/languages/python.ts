import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentPlace, Language } from '../language.ts';
import type { SourceFile } from '../project.ts';
import type { Declaration, Parameter } from '../signature.ts';
import { literalType, outline } from './python-outline.ts';
import { elements, result, spelled, unbound, use } from './python-use.ts';
import { hasAny } from './read.ts';

export const python: Language = {
	ids: ['python'],
	style: {
		named: (name, value) => `${name}=${value}`,
		array: (values) => `[${values.join(', ')}]`,
		spread: (value) => `*${value}`,
		lambda,
		self: ['self', 'cls'],
		parent: ['super'],
		staticOnObjects: true,
	},
	inheritsFields: true,
	constructors: ['__init__', 'cls'],
	outline,
	use,
	unbound,
	spelled,
	retype,
	result,
	literalType,
	resolve,
	inherited: ({ text }) => text,
	isTwin,
	elements,
	hasEffect: (value: SyntaxNode) => hasAny(value, ['call', 'await', 'yield', 'named_expression']) && value.type !== 'lambda',
};

function lambda(parameters: readonly Parameter[], call: string): string {
	const names = parameters.map(({ name, kind }) => (kind === 'rest' ? `*${name}` : kind === 'keywordRest' ? `**${name}` : name));
	return `lambda${names.length > 0 ? ` ${names.join(', ')}` : ''}: ${call}`;
}

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const now = parts(to);
	if (now.includes('Any') || now.includes('object') || parts(from).every((part) => now.includes(part)))
		return { before: '', after: '', class: 'D', reason: 'It takes more than before.' };
	if (now.includes(value.text.replaceAll("'", '"')))
		return { before: '', after: '', class: 'D', reason: 'It is one of those that are allowed.' };
	if (type !== undefined && (now.includes(type) || (type === 'int' && now.includes('float'))))
		return { before: '', after: '', class: 'D', reason: 'Its type is still right.' };
	const wraps = (before: string, after: string): Adapted => ({ before, after, class: 'C', reason: `It has to be ${to} now.` });
	if (/^(list|List|Sequence|Iterable)\[/.test(to) && to.endsWith(`[${from}]`)) return wraps('[', ']');
	if (to === `tuple[${from}, ...]` || to === `tuple[${from}]`) return wraps('(', ',)');
	if (/^(\w+\.)*Callable\[\[\], /.test(to) && to.endsWith(`, ${from}]`)) return wraps('lambda: ', '');
	if (/^(\w+\.)?Path$/.test(to) && from === 'str') return wraps(`${to}(`, ')');
	if (/^(int|float|str|bool|Decimal)$/.test(to) && /^(int|float|str|bool|Path)$/.test(from) && literalType(value) === undefined)
		return wraps(`${to}(`, ')');
	return undefined;
}

/** The members of a union, however it is written. */
function parts(type: string): string[] {
	const optional = /^(?:\w+\.)*Optional\[(.*)\]$/s.exec(type)?.[1];
	if (optional !== undefined) return [...parts(optional), 'None'];
	const inner = /^(?:\w+\.)*(?:Union|Literal)\[(.*)\]$/s.exec(type)?.[1];
	return (inner === undefined ? type.split('|') : inner.split(',')).map((part) => part.trim().replaceAll("'", '"'));
}

/** `.mod` from the file's own package, `pkg.mod` from any folder above. */
function resolve(from: string, path: string, has: (path: string) => boolean): string | undefined {
	const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(from) ?? [];
	const segments = rest.split(/[./]/).filter(Boolean);
	const own = path.split('/').slice(0, -1);
	const starts =
		dots === ''
			? own.map((_, index) => own.slice(0, own.length - index)).concat([[], ['src'], ['lib']])
			: [own.slice(0, own.length - dots.length + 1)];
	for (const start of starts) {
		const base = [...start, ...segments].join('/');
		const found = [`${base}.py`, `${base}/__init__.py`, `${base}.pyi`].find(has);
		if (found) return found;
	}
	return undefined;
}

/** A stub file beside the code. */
function isTwin({ parameters }: Declaration, { path }: SourceFile, change: SignatureChange): boolean {
	const stem = (name: string) => name.replace(/\.pyi?$/, '');
	return path !== change.path && stem(path) === stem(change.path) && parameters.length === change.before.parameters.length;
}
