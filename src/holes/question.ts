import { hideSecrets } from '../completion/hide-secrets.ts';
import type { Parse } from '../grammar/syntax.ts';
import { placeholder, withoutSecrets } from '../secrets/secrets.ts';
import { commentOn } from '../signature/doc-draft.ts';
import type { Outline } from '../signature/language.ts';
import { languageFor } from '../signature/languages/all.ts';
import { inScope } from '../signature/project.ts';
import type { Declaration } from '../signature/signature.ts';
import { isBuiltin } from './builtins.ts';
import { isKnown, isOutermost, namesIn, type Scope } from './names.ts';
import { type HoleSite, textAround } from './site.ts';

/** A value that a model is asked for, as plain data: nothing secret is in it. */
export interface HoleQuestion {
	readonly hole: number;
	readonly name: string;
	readonly type: string | undefined;
	/** What stood there before, where something did. */
	readonly original: string | undefined;
	readonly path: string;
	readonly languageId: string;
	/** The code around the hole, as it is going to be. */
	readonly before: string;
	readonly after: string;
	/** What the hole's function is, with what its comment says and the type of the parameter, and calls of it that have a value. */
	readonly about: { readonly path: string; readonly text: string };
	/** Names that mean something there and that the code around it does not show, with their types. */
	readonly names: readonly string[];
	/** All names that mean something there. */
	readonly known: readonly string[];
}

/** In lines: what a model sees of the function around a call. A small one does no better with more, and it takes longer. */
const most = { before: 40, after: 12, type: 12, names: 12, known: 200, examples: 2 };

/** The question for a hole, or why nobody may be asked. */
export function questionFor(site: HoleSite, parse: Parse): HoleQuestion | { readonly refusal: string } {
	const { hole, file, change } = site;
	const { path, languageId } = file;
	if (site.isPrivate) return { refusal: 'Nothing of these files is sent to a model: they are listed as ignored, or hold secrets.' };
	const { before, after } = textAround(site, true);
	const shown = hideSecrets({ path, languageId, prefix: before, suffix: after, trigger: 'manual' });
	if (shown.isAtSecret) return { refusal: 'Secrets are not made up.' };
	using tree = parse(shown.prefix + shown.suffix);
	const language = languageFor(languageId);
	const outline = language?.outline(tree.root);
	const at = shown.prefix.length;
	const window = windowAround(shown.prefix, shown.suffix, outline);
	const names = outline ? namesAt(outline, at, site, window.before + window.after) : [];
	const scope = language && outline && { language, languageId, text: shown.prefix + shown.suffix, root: tree.root, outline };
	const known = scope ? knownNames(scope, at, site, parse) : [];
	const { id, name, type, original } = hole;
	const about = { path: change.path, text: withoutSecrets(aboutOf(site)) };
	return { hole: id, name, type, original, path, languageId, ...window, about, names: names.map(withoutSecrets), known };
}

/** Everything that somebody could begin an expression with there, but what the language brings. */
function knownNames(scope: Scope, at: number, { declared, seesDeclared, file, change }: HoleSite, parse: Parse): string[] {
	const fields = fieldsAt(scope.outline, at, file.languageId).map(({ name }) => name);
	const own = everyName(scope).filter((name) => name !== change.after.name && isKnown(name, at, scope, scope));
	return [...new Set([...fields, ...own, ...(seesDeclared && declared !== file.text ? outerNames(scope, declared, parse) : [])])].slice(
		0,
		most.known,
	);
}

function outerNames(like: Scope, text: string, parse: Parse): string[] {
	using tree = parse(text);
	const scope = { ...like, text, root: tree.root, outline: like.language.outline(tree.root) };
	return everyName(scope).filter((name) => isOutermost(name, scope));
}

function everyName(scope: Scope): string[] {
	const values = namesIn(scope.root, scope.text).filter(({ type }) => !type.includes('type'));
	const functions = new Set(scope.outline.declarations.map(({ name }) => name));
	const names = [...new Set(values.map(({ text }) => text))];
	return names.filter((name) => !functions.has(name) && !name.startsWith('TODO_') && name !== placeholder);
}

/** The function around the hole, as far as it fits. */
function windowAround(prefix: string, suffix: string, outline: Outline | undefined): { readonly before: string; readonly after: string } {
	const at = prefix.length;
	const around = outline?.declarations.filter(({ range }) => range.start <= at && at <= range.end) ?? [];
	const inner = around.toSorted((left, right) => right.range.start - left.range.start)[0];
	const start = inner ? prefix.lastIndexOf('\n', inner.range.start) + 1 : 0;
	const end = inner ? inner.range.end - at : suffix.length;
	return {
		before: prefix.slice(start).split('\n').slice(-most.before).join('\n'),
		after: suffix.slice(0, end).split('\n').slice(0, most.after).join('\n'),
	};
}

/** Those that the code around it does not show; those of the type first. */
function namesAt(outline: Outline, at: number, { hole, file }: HoleSite, shown: string): string[] {
	const variables = inScope(outline, at).map(({ name, type, made }) => ({ name, type: type ?? made }));
	const all = [...variables, ...fieldsAt(outline, at, file.languageId)];
	const fitting = (type: string | undefined) => (type === undefined || type !== hole.type ? 1 : 0);
	const unseen = all.filter(({ name }) => !shown.includes(name) && !isBuiltin(name, file.languageId));
	const ordered = unseen.toSorted((left, right) => fitting(left.type) - fitting(right.type));
	return [...new Set(ordered.map(({ name, type }) => (type === undefined ? name : `${name}: ${type}`)))].slice(0, most.names);
}

/** As they are written there: `this.name`. */
function fieldsAt(outline: Outline, at: number, languageId: string): { readonly name: string; readonly type: string | undefined }[] {
	const style = languageFor(languageId)?.style;
	const fields = outline.bindings.filter(({ isField, scope }) => isField && scope.start <= at && at < scope.end);
	const prefix = style?.implicitSelf || !style?.self[0] ? '' : `${style.self[0]}.`;
	return fields.map(({ name, type, made }) => ({ name: prefix + name, type: type ?? made }));
}

function aboutOf({ change: { after }, declared, hole, examples }: HoleSite): string {
	const parts = [typeIn(declared, hole.type), commentOn(declared, after), headOf(declared, after), ...examples.slice(0, most.examples)];
	return parts.filter(Boolean).join('\n');
}

/** Without its body. */
function headOf(text: string, { range, bodyRange }: Declaration): string {
	return text.slice(range.start, bodyRange?.start ?? range.end).trimEnd();
}

/** What the parameter's type is, where the same text says it, and constants of it: these are what a caller chooses from. */
function typeIn(text: string, type: string | undefined): string | undefined {
	const name = /[A-Z]\w*/.exec(type ?? '')?.[0];
	if (name === undefined) return undefined;
	const declared = new RegExp(
		`^.*\\b(?:type|interface|enum|class|struct|record)\\s+${name}\\b[\\s\\S]*?(?=\\n\\s*\\n|(?![\\s\\S]))`,
		'm',
	).exec(text);
	const constants = new RegExp(`^const \\([^)]*\\b${name}\\b[^)]*\\)`, 'm').exec(text);
	const found = [declared, constants].flatMap((match) => (match ? match[0].split('\n').slice(0, most.type) : []));
	return found.join('\n');
}
