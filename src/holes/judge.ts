import type { Parse, SyntaxNode } from '../grammar/syntax.ts';
import { placeholder as hidden, names as secretNames, secretsIn } from '../secrets/secrets.ts';
import { placeholderOf } from '../signature/hole.ts';
import type { Language } from '../signature/language.ts';
import { languageFor } from '../signature/languages/all.ts';
import { isNothing } from './builtins.ts';
import { effectOf } from './effects.ts';
import { admitsNone, mismatch } from './literals.ts';
import { isKnown, isOutermost, namesIn, type Scope, variableOf } from './names.ts';
import { type HoleSite, textAround, type Verdict } from './site.ts';

/** What is longer is no value that somebody would give in a call. */
const mostCharacters = 160;

/**
 * Whether a text may stand for a hole: it is one expression there, knows only what is known there, has a fitting type where that is plain,
 * and does nothing besides. Everything else is a reason to leave a visible placeholder.
 */
export function judge(site: HoleSite, text: string, parse: Parse): Verdict {
	const language = languageFor(site.file.languageId);
	if (!language) return { refusal: 'Nobody can check a value in this language.' };
	const refusal = unfit(site, text) ?? inPlace(site, text, parse, language);
	return refusal === undefined ? { value: text } : { refusal };
}

/** What can be said of it without looking where it goes. */
function unfit({ hole, change, declared, file }: HoleSite, text: string): string | undefined {
	if (text === '') return 'The model gave no value.';
	if (text.length > mostCharacters) return 'The model wrote more than a value.';
	if (/\bTODO/.test(text)) return 'The model left the placeholder.';
	if (isNothing(text) && !admitsNone(hole.type)) return `${text} stands for no value, and ${hole.name} needs one.`;
	const isLiteral = /^[A-Za-z]{0,2}(["'`])/.test(text);
	const isSecret = text.includes(hidden) || secretsIn(`${hole.name} = ${text}`).length > 0;
	if (isSecret || (isLiteral && new RegExp(secretNames.source, 'i').test(hole.name))) return 'Secrets are not made up.';
	return isLiteral && hole.type === undefined && text.slice(1, -1) === hole.name && !declared.includes(text) && !file.text.includes(text)
		? `${text} is only the name of ${change.after.name}’s parameter.`
		: undefined;
}

function inPlace(site: HoleSite, text: string, parse: Parse, language: Language): string | undefined {
	const { before, after } = textAround(site);
	const standIn = placeholderOf({ name: site.hole.name, original: undefined });
	const start = before.length;
	using plain = parse(before + standIn + after);
	using filled = plain.edited(start, start + standIn.length, text);
	const [old, node] = [nodeAt(plain.root, start, standIn.length), nodeAt(filled.root, start, text.length)];
	if (!old) return 'Its place cannot be told.';
	if (old.type.includes('type')) return 'It is a type, and models are asked for values only.';
	if (!node || !isLike(old, node) || errorsIn(filled.root) > errorsIn(plain.root)) return `“${text}” is not one expression there.`;
	using original = parse(site.file.text);
	const scopeOf = (root: SyntaxNode, of: string): Scope => ({
		language,
		languageId: site.file.languageId,
		text: of,
		root,
		outline: language.outline(root),
	});
	const scope = scopeOf(filled.root, before + text + after);
	const untouched = scopeOf(original.root, site.file.text);
	return unknownIn(node, scope, untouched, declaredNames(site, parse, language)) ?? unfitType(site, node, scope) ?? effect(site, node);
}

/** The outermost node that has exactly this range. */
function nodeAt(root: SyntaxNode, start: number, length: number): SyntaxNode | undefined {
	const end = start + length;
	let node = root.descendantForIndex(start, end);
	if (!node || node.startIndex !== start || node.endIndex !== end) return undefined;
	while (node.parent && node.parent.startIndex === start && node.parent.endIndex === end) node = node.parent;
	return node;
}

/** One value where one was: neither a part of something, nor several, nor spread out. */
function isLike(old: SyntaxNode, node: SyntaxNode): boolean {
	const isOne = !/spread|splat|keyword|comment|pattern|ERROR/.test(node.type) && node.isNamed;
	return isOne && old.parent?.type === node.parent?.type && old.parent?.namedChildren.length === node.parent?.namedChildren.length;
}

function errorsIn(node: SyntaxNode): number {
	if (!node.hasError && !node.isMissing) return 0;
	const own = node.isError || node.isMissing ? 1 : 0;
	return node.children.reduce((sum, child) => sum + errorsIn(child), own);
}

function unknownIn(node: SyntaxNode, scope: Scope, original: Scope, declared: (name: string) => boolean): string | undefined {
	const unknown = namesIn(node, scope.text).find((name) => !isKnown(name.text, name.startIndex, scope, original) && !declared(name.text));
	if (unknown) return `${unknown.text} is not known there.`;
	const own = node.text.match(/\b(?:this|self)\s*\.\s*([\w$]+)/)?.[1];
	const hasOwn = own === undefined || new RegExp(`(?<![\\w$])${own.replaceAll('$', '\\$')}(?![\\w$])`).test(original.text);
	return hasOwn ? undefined : `The object has no ${own}.`;
}

/** What comes with the function without an import: the rest of its package. */
function declaredNames({ declared, seesDeclared, file }: HoleSite, parse: Parse, language: Language): (name: string) => boolean {
	return (name) => {
		if (!seesDeclared || !declared.includes(name)) return false;
		using tree = parse(declared);
		return isOutermost(name, {
			language,
			languageId: file.languageId,
			text: declared,
			root: tree.root,
			outline: language.outline(tree.root),
		});
	};
}

function unfitType({ hole: { type } }: HoleSite, node: SyntaxNode, scope: Scope): string | undefined {
	if (type === undefined) return undefined;
	const given = scope.language.literalType(node) ?? variableOf(node.text, scope, node.startIndex)?.type;
	return mismatch(node.text, given, type);
}

function effect({ hole, file, examples, declared }: HoleSite, node: SyntaxNode): string | undefined {
	return effectOf(node, file.languageId, hole.type, [file.text, declared, ...examples]);
}
