import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { SignatureChange } from '../diff.ts';
import type { Adapted, ArgumentList, ArgumentPlace, Language, ResultEdit, Use } from '../language.ts';
import type { ParsedFile, SourceFile } from '../project.ts';
import type { Parameter } from '../signature.ts';
import type { Takers } from '../takers.ts';
import { lambdasFor } from './java-lambdas.ts';
import { bare, classes, literalType, outline } from './java-outline.ts';
import { above, folderOf } from './paths.ts';
import { around, childrenOf, field, fieldText, hasAny, isField, isSame, listOf, rangeOf } from './read.ts';

export const java: Language = {
	ids: ['java'],
	style: {
		array: (values, type) => `new ${type ?? 'Object'}[]{${values.join(', ')}}`,
		spread: (value) => value,
		lambda,
		self: ['this'],
		parent: ['super'],
		staticOnObjects: true,
		implicitSelf: true,
		around: (call) => `class C { void g() { ${call}; } }`,
	},
	constructors: ['super', 'this'],
	outline,
	use,
	implicitUses,
	lambdaType,
	calleeOf,
	retype,
	result,
	literalType,
	resolve: (from, path, has) => above(path, `${from.replaceAll('.', '/')}.java`).find(has),
	sees,
	inherited: ({ text }) => text,
	elements,
	hasEffect: (value: SyntaxNode) =>
		hasAny(value, ['method_invocation', 'object_creation_expression', 'assignment_expression', 'update_expression']) &&
		value.type !== 'lambda_expression',
};

/** Of one package. */
function sees(file: SourceFile, declaredIn: string): boolean {
	return folderOf(file.path) === folderOf(declaredIn);
}

function use(name: SyntaxNode): Use | undefined {
	const parent = name.parent;
	if (!parent) return undefined;
	switch (parent.type) {
		case 'method_invocation': {
			if (!isField(name, 'name')) return undefined;
			const qualifier = field(parent, 'object');
			return { kind: qualifier ? 'member-call' : 'call', node: parent, qualifier, list: argumentsOf(parent) };
		}
		case 'explicit_constructor_invocation':
			return isField(name, 'constructor') ? { kind: 'super', node: parent, list: argumentsOf(parent) } : undefined;
		case 'method_reference':
			return reference(name, parent);
		case 'object_creation_expression':
			return isField(name, 'type') ? { kind: 'new', node: parent, list: argumentsOf(parent) } : undefined;
		case 'generic_type':
			return parent.parent?.type === 'object_creation_expression'
				? { kind: 'new', node: parent.parent, list: argumentsOf(parent.parent) }
				: undefined;
		case 'import_declaration':
		case 'scoped_identifier':
			return around(name, ['import_declaration']) ? { kind: 'import', node: parent } : undefined;
		default:
			return undefined;
	}
}

function argumentsOf(node: SyntaxNode): ArgumentList | undefined {
	const list = field(node, 'arguments');
	return list && listOf(list);
}

/** `M::f` and `M::new`. */
function reference(name: SyntaxNode, node: SyntaxNode): Use | undefined {
	const isNew = node.children.at(-1)?.type === 'new';
	if (isNew) return isSame(node.namedChildren[0], name) ? { kind: 'by-name', node } : undefined;
	return isSame(node.namedChildren.at(-1), name) ? { kind: 'by-name', node, qualifier: node.namedChildren[0] } : undefined;
}

/** The constants of an enum call its constructor, and nowhere is its name; neither is that of a method where a lambda stands for it. */
function implicitUses(root: SyntaxNode, change: SignatureChange, takers: Takers): Use[] {
	const type = lambdaType(change);
	if (type !== undefined) return lambdasFor(root, type, takers);
	const { before } = change;
	if (before.kind !== 'constructor') return [];
	const owners = root.descendantsOfType('enum_declaration').filter((node) => fieldText(node, 'name') === before.container);
	return owners
		.flatMap((owner) => childrenOf(field(owner, 'body'), 'enum_constant'))
		.map((node) => ({ kind: 'new', node, list: argumentsOf(node) ?? bareList(node) }));
}

function lambdaType({ before }: SignatureChange): string | undefined {
	return before.kind === 'method' && before.bodyRange === undefined ? before.container : undefined;
}

function bareList(node: SyntaxNode): ArgumentList {
	const end = field(node, 'name')?.endIndex ?? node.endIndex;
	return {
		range: { start: end, end },
		arguments: [],
		write: (values) => (values.length > 0 ? [{ start: end, end, newText: `(${values.join(', ')})` }] : []),
	};
}

function lambda(parameters: readonly Parameter[], call: string): string {
	const names = parameters.map(({ name }) => name);
	return `${names.length === 1 ? names[0] : `(${names.join(', ')})`} -> ${call}`;
}

function calleeOf({ node, qualifier }: Use, written: string, { outline }: ParsedFile): string {
	if (written.endsWith('::new')) return `new ${written.slice(0, -'::new'.length)}`;
	const isOwn = outline.classes.some(
		({ name, range }) => name === qualifier?.text && range.start <= node.startIndex && node.endIndex <= range.end,
	);
	return isOwn ? written.replace(/^.*::/s, '') : written.replace('::', '.');
}

const widths = ['byte', 'short', 'int', 'long', 'float', 'double'];
const boxes: Readonly<Record<string, string>> = {
	Integer: 'int',
	Long: 'long',
	Double: 'double',
	Float: 'float',
	Boolean: 'boolean',
	Character: 'char',
};

function retype({ value, type }: ArgumentPlace, from: string, to: string): Adapted | undefined {
	const [old, now] = [unboxed(type ?? from), unboxed(to)];
	if (old === now || to === 'Object' || (old === 'String' && to === 'CharSequence')) return stays();
	const [oldWidth, newWidth] = [widths.indexOf(old), widths.indexOf(now)];
	const wraps = (before: string, after: string): Adapted => ({ before, after, class: 'C', reason: `It has to be ${to} now.` });
	if (oldWidth >= 0 && newWidth >= 0) {
		if (oldWidth < newWidth) return stays();
		const literal = /^(\d+)l$/i.exec(value.text)?.[1];
		if (literal !== undefined && now === 'int')
			return { before: literal, after: '', keep: null, class: 'D', reason: `It has to be ${to} now.` };
		return old === 'long' && now === 'int'
			? wraps('Math.toIntExact(', ')')
			: wraps(`(${now}) ${isSimple(value) ? '' : '('}`, isSimple(value) ? '' : ')');
	}
	if (to === `Optional<${from}>`)
		return value.text === 'null' ? { ...wraps('Optional.empty()', ''), keep: null } : wraps('Optional.of(', ')');
	if (to === `List<${from}>` || to === `Collection<${from}>` || to === `Iterable<${from}>`) return wraps('List.of(', ')');
	if (to === `${from}[]`) return wraps(`new ${to}{`, '}');
	if (to === `Supplier<${from}>`) return wraps('() -> ', '');
	return to === 'String' && widths.includes(old) ? wraps('String.valueOf(', ')') : undefined;
}

function stays(): Adapted {
	return { before: '', after: '', class: 'D', reason: 'Its type is still right.' };
}

function unboxed(type: string): string {
	return Object.hasOwn(boxes, type) ? (boxes[type] ?? type) : type;
}

function isSimple(value: SyntaxNode): boolean {
	return !['binary_expression', 'ternary_expression', 'assignment_expression'].includes(value.type);
}

/** The values of `new int[]{1, 2}`. */
function elements(value: SyntaxNode): ArgumentList | undefined {
	const list = value.type === 'array_creation_expression' ? field(value, 'value') : undefined;
	return list && listOf(list);
}

function result({ node }: Use, { before, after }: SignatureChange): ResultEdit | undefined {
	if (!['method_invocation', 'object_creation_expression', 'explicit_constructor_invocation'].includes(node.type)) return undefined;
	const added = after.throws.filter((type) => !before.throws.includes(type));
	if (added.length > 0) return thrown(node, added);
	const [from, to] = [before.returns ?? '', after.returns ?? ''];
	if (from === to || node.parent?.type === 'expression_statement') return undefined;
	if (from === 'void') return undefined;
	const reason = `It returns ${to} now, and returned ${from}.`;
	if (to === `Optional<${from}>` || bare(to) === 'Optional')
		return { edits: [], class: 'L', reason, fallback: { at: node.endIndex, before: '.orElse(', after: ')', type: from } };
	if (widths.includes(from) && widths.indexOf(to) >= 0 && widths.indexOf(to) < widths.indexOf(from)) return undefined;
	return { edits: [], class: 'W', reason };
}

/** A new exception has to be caught or declared. */
function thrown(node: SyntaxNode, added: readonly string[]): ResultEdit | undefined {
	const reason = `It throws ${added.join(' and ')} now.`;
	const open = added.filter(
		(type) =>
			!/^(RuntimeException|Error|Illegal\w+|NullPointerException|UnsupportedOperationException)$/.test(bare(type)) && !isCaught(node, type),
	);
	if (open.length === 0) return { edits: [], class: 'D', reason };
	const caller = around(node, ['method_declaration', 'constructor_declaration', 'lambda_expression']);
	if (!caller || caller.type === 'lambda_expression')
		return { edits: [], class: 'W', reason: `${reason} It cannot be passed on from here.` };
	const clause = childrenOf(caller, 'throws')[0];
	const declared = clause?.namedChildren.map(({ text }) => bare(text)) ?? [];
	const missing = open.filter((type) => !declared.some((other) => [bare(type), 'Exception', 'Throwable'].includes(other)));
	if (missing.length === 0) return { edits: [], class: 'D', reason, caller: rangeOf(caller) };
	const end = clause?.endIndex ?? field(caller, 'parameters')?.endIndex ?? caller.endIndex;
	const newText = clause ? `, ${missing.join(', ')}` : ` throws ${missing.join(', ')}`;
	return {
		edits: [{ start: end, end, newText }],
		class: 'C',
		caller: rangeOf(caller),
		reason: `${reason} ${fieldText(caller, 'name')} passes it on, and so has what calls that.`,
	};
}

function isCaught(node: SyntaxNode, type: string): boolean {
	for (
		let at = around(node, ['try_statement', 'try_with_resources_statement', ...classes]);
		at && !classes.includes(at.type);
		at = around(at, ['try_statement', 'try_with_resources_statement', ...classes])
	) {
		const caught = childrenOf(at, 'catch_clause')
			.flatMap((clause) => clause.descendantsOfType('catch_type'))
			.map(({ text }) => text);
		const isIn = (field(at, 'body')?.endIndex ?? 0) >= node.endIndex;
		if (isIn && caught.some((text) => text.split('|').some((one) => [bare(type), 'Exception', 'Throwable'].includes(bare(one.trim())))))
			return true;
	}
	return false;
}
