import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentPlace, Language } from '../language.ts';
import type { SourceFile } from '../project.ts';
import type { Declaration, Parameter } from '../signature.ts';
import { above, joined } from './paths.ts';
import { hasAny } from './read.ts';
import { literalType } from './typescript-nodes.ts';
import { outline } from './typescript-outline.ts';
import { result } from './typescript-result.ts';
import { elements, entries, spelled, use } from './typescript-use.ts';

const effects = [
	'call_expression',
	'new_expression',
	'await_expression',
	'yield_expression',
	'assignment_expression',
	'augmented_assignment_expression',
	'update_expression',
];
const extensions = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs'];

/** TypeScript and JavaScript, with and without JSX. */
export const typescript: Language = {
	ids: ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'],
	style: {
		skip: 'undefined',
		array: (values) => `[${values.join(', ')}]`,
		spread: (value) => `...${value}`,
		object: (members) => `{ ${members.map(([, value]) => value).join(', ')} }`,
		lambda,
		self: ['this'],
		parent: ['super'],
		anyType: 'unknown',
	},
	constructors: ['super'],
	outline,
	use,
	spelled,
	retype,
	result,
	literalType,
	resolve,
	denotes: (qualifier, { path }, change) => path === change.path && /^(module\.)?exports$/.test(qualifier),
	inherited,
	isTwin,
	entries,
	elements,
	hasEffect: (value) => hasAny(value, effects) && !['arrow_function', 'function_expression'].includes(value.type),
};

function lambda(parameters: readonly Parameter[], call: string): string {
	const names = parameters.map(({ name, kind }) => (kind === 'rest' ? `...${name}` : name));
	return `(${names.join(', ')}) => ${call}`;
}

const conversions: Readonly<Record<string, string>> = { number: 'Number', string: 'String', boolean: 'Boolean' };

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const [old, now] = [parts(from), parts(to)];
	if (now.includes('any') || now.includes('unknown') || old.every((part) => now.includes(part))) return stays('It takes more than before.');
	if (now.includes(value.text) || now.includes(value.text.replaceAll("'", '"'))) return stays('It is one of those that are allowed.');
	if (type !== undefined && now.includes(type) && !now.some(isLiteralType)) return stays('Its type is still right.');
	if (to === `${from}[]` || to === `readonly ${from}[]` || to === `Array<${from}>`) return wraps('[', ']', 'C', to);
	if (isWiderCallback(from, to)) return stays('A callback may take fewer arguments than it gets.');
	if (to === `() => ${from}`) return wraps('() => ', '', 'C', to);
	if (to === `Promise<${from}>`) return wraps('Promise.resolve(', ')', 'C', to);
	const convert = conversions[to];
	if (conversions[from] && convert && literalType(value) === undefined) return wraps(`${convert}(`, ')', 'C', to);
	return undefined;
}

/** `(a: A) => R` still fits `(a: A, b: B) => R`. */
function isWiderCallback(from: string, to: string): boolean {
	const [before, after] = [from, to].map((type) => /^\((.*)\) => (.*)$/s.exec(type));
	if (!before || !after || before[2] !== after[2]) return false;
	const types = ([, list = '']: RegExpExecArray) =>
		list
			.split(',')
			.map((part) => part.replace(/^[^:]*:/, '').trim())
			.filter(Boolean);
	const [old, now] = [types(before), types(after)];
	return old.every((type, index) => type === now[index]);
}

function stays(reason: string): Adapted {
	return { before: '', after: '', class: 'D', reason };
}

function wraps(before: string, after: string, kind: Adapted['class'], to: string): Adapted {
	return { before, after, class: kind, reason: `It has to be ${to} now.` };
}

/** The members of a union. */
function parts(type: string): string[] {
	return type
		.split('|')
		.map((part) => part.trim().replaceAll("'", '"'))
		.filter(Boolean);
}

function isLiteralType(type: string): boolean {
	return /^["\d]/.test(type);
}

/** A file of types beside the code. */
function isTwin(_: Declaration, { path }: SourceFile, change: SignatureChange): boolean {
	const stem = (name: string) => name.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
	return path !== change.path && stem(path) === stem(change.path);
}

/** A relative path, or one from a root as projects set it up: `@/lib/a`, `src/lib/a`. What else comes from a package is no file of ours. */
function resolve(from: string, path: string, has: (path: string) => boolean): string | undefined {
	const rooted = from.replace(/^[@~]\//, '');
	const bases = from.startsWith('.')
		? [joined(path, from)]
		: rooted.includes('/') || rooted !== from
			? above(path, rooted).flatMap((base) => [base, inSource(base, rooted)])
			: [];
	for (const base of bases) {
		if (has(base)) return base;
		const stems = [base, base.replace(/\.[cm]?jsx?$/, ''), [base, 'index'].filter(Boolean).join('/')];
		for (const extension of extensions) {
			const stem = stems.find((one) => has(`${one}${extension}`));
			if (stem !== undefined) return `${stem}${extension}`;
		}
	}
	return undefined;
}

function inSource(base: string, rooted: string): string {
	return `${base.slice(0, base.length - rooted.length)}src/${rooted}`;
}

function inherited({ name, type, text, isOptional, kind, default: value }: Parameter, hasBody: boolean): string {
	const modifiers = /^(?:(?:public|private|protected|readonly|override)\s+)+/;
	const bare = text.replace(modifiers, '');
	if (hasBody || value === undefined || !isOptional || kind === 'rest') return bare;
	return name === '' ? bare : `${name}?${type === undefined ? '' : `: ${type}`}`;
}
