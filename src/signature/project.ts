import type { Parse, SyntaxNode } from '../grammar/syntax.ts';
import type { Binding, Language, Outline } from './language.ts';
import { Outlines } from './outlines.ts';
import type { Range } from './text-edit.ts';

/** A file that may have calls in it. Paths are relative to one root and have `/` in them. */
export interface SourceFile {
	readonly path: string;
	readonly languageId: string;
	readonly text: string;
	/** What it was when the old signatures were true, if that is known: what changed since then may be up to date. */
	readonly before?: string | undefined;
	/** Why it is only looked at: it is read-only, generated, or of somebody else. */
	readonly locked?: string | undefined;
}

/** A file with its tree. It lives until the callback that got it returns. */
export interface ParsedFile {
	readonly file: SourceFile;
	readonly language: Language;
	readonly root: SyntaxNode;
	readonly outline: Outline;
	/** What it is a part of. */
	readonly project: Project;
}

/** The files among which dependents are looked for. Trees are big and outlines are small: only these are kept. */
export class Project {
	readonly files: ReadonlyMap<string, SourceFile>;
	readonly #parse: (languageId: string) => Parse | undefined;
	readonly #languages: readonly Language[];
	readonly #outlines: Outlines;
	readonly #names: ReadonlySet<string> | undefined;
	/** The names in a row. */
	readonly #about: string | undefined;
	readonly #facts = new Map<string, boolean>();
	#byName: ReadonlyMap<string, readonly SourceFile[]> | undefined;
	#reexports: readonly Reexport[] | undefined;
	#aliases: readonly Alias[] | undefined;

	constructor(
		files: readonly SourceFile[],
		languages: readonly Language[],
		parse: (languageId: string) => Parse | undefined,
		outlines = new Outlines(),
		names?: ReadonlySet<string>,
	) {
		this.files = new Map(files.map((file) => [file.path, file]));
		this.#languages = languages;
		this.#parse = parse;
		this.#outlines = outlines;
		this.#names = names;
		this.#about = names && [...names].toSorted().join('\n');
	}

	/** The same files, of which only declarations with these names matter. */
	about(names: ReadonlySet<string>): Project {
		return new Project([...this.files.values()], this.#languages, this.#parse, this.#outlines, names);
	}

	languageOf(languageId: string): Language | undefined {
		return this.#languages.find(({ ids }) => ids.includes(languageId));
	}

	/** Files of a language that have one of the words in them. */
	mentioning(language: Language, words: Iterable<string>): SourceFile[] {
		const patterns = [...words].filter(Boolean);
		return [...this.files.values()].filter((file) => {
			return language.ids.includes(file.languageId) && patterns.some((word) => file.text.includes(word));
		});
	}

	/** Parses a file for as long as the callback runs. */
	visit<T>(file: SourceFile, callback: (parsed: ParsedFile) => T): T | undefined {
		const language = this.languageOf(file.languageId);
		const parse = this.#parse(file.languageId);
		if (!language || !parse) return undefined;
		using tree = parse(file.text);
		const known = this.#outlines.get(file, this.#about);
		const outline = known ?? language.outline(tree.root, this.#names);
		if (!known) this.#outlines.keep(file, this.#about, outline);
		return callback({ file, language, root: tree.root, outline, project: this });
	}

	outlineOf(file: SourceFile): Outline | undefined {
		return this.#outlines.get(file, this.#about) ?? this.visit(file, ({ outline }) => outline);
	}

	/** Those of a text that is no file of it. */
	declarationsOf(languageId: string, text: string): Outline['declarations'] {
		const language = this.languageOf(languageId);
		using tree = this.#parse(languageId)?.(text);
		return language && tree ? language.outline(tree.root, this.#names).declarations : [];
	}

	/** What was found out once about the whole project, by a key. */
	known(key: string, find: () => boolean): boolean {
		const fact = this.#facts.get(key) ?? find();
		this.#facts.set(key, fact);
		return fact;
	}

	/** The files of a name, wherever they are. */
	named(name: string): readonly SourceFile[] {
		this.#byName ??= byName(this.files.values());
		return this.#byName.get(name) ?? [];
	}

	/** Names that files pass on from others, found without parsing them: `export * from` does not mention what it passes on. */
	get reexports(): readonly Reexport[] {
		this.#reexports ??= [...this.files.values()].flatMap(reexportsOf);
		return this.#reexports;
	}

	/** Second names that files give to what they know, for others as well: `export const g = f`. */
	get aliases(): readonly Alias[] {
		this.#aliases ??= [...this.files.values()].flatMap(aliasesOf);
		return this.#aliases;
	}
}

function byName(files: Iterable<SourceFile>): Map<string, SourceFile[]> {
	const found = new Map<string, SourceFile[]>();
	for (const file of files) {
		const name = file.path.replace(/^.*\//, '');
		found.set(name, [...(found.get(name) ?? []), file]);
	}
	return found;
}

export interface Reexport {
	readonly path: string;
	readonly languageId: string;
	readonly from: string;
	/** `*` for all. */
	readonly imported: string;
	readonly exported: string;
}

function reexportsOf({ path, languageId, text }: SourceFile): Reexport[] {
	const isPython = languageId === 'python';
	const pattern = isPython
		? /^[ \t]*from\s+([\w.]+)\s+import\s+(\([^)]*\)|.+)$/gm
		: /\bexport\s+(?:type\s+)?(\*|\{[^}]*\})\s+from\s+['"]([^'"]+)['"]/g;
	if (!/python|script/.test(languageId)) return [];
	return [...text.matchAll(pattern)].flatMap(([, first = '', second = '']) => {
		const [from, names] = isPython ? [first, second] : [second, first];
		return names
			.replace(/[(){}]/g, '')
			.split(',')
			.map((name) => name.replace(/#.*/, '').trim())
			.filter(Boolean)
			.map((name) => {
				const [imported = '', exported = imported] = name.split(/\s+as\s+/);
				return { path, languageId, from, imported, exported };
			});
	});
}

export interface Alias {
	readonly file: SourceFile;
	readonly local: string;
	readonly exported: string;
}

function aliasesOf(file: SourceFile): Alias[] {
	if (!/python|script/.test(file.languageId)) return [];
	const pattern =
		file.languageId === 'python'
			? /^(\w+)\s*=\s*([A-Za-z_]\w*)\s*(?:#.*)?$/gm
			: /^(?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*(?::.*?)?=\s*([A-Za-z_$][\w$]*)\s*;?\s*$/gm;
	return [...file.text.matchAll(pattern)].map(([, exported = '', local = '']) => ({ file, local, exported }));
}

/** What a name means at a place: the innermost binding around it. Fields are looked up by `this.name`. */
export function lookUp({ bindings }: Outline, name: string, at: number, isField = false): Binding | undefined {
	const known = bindings.filter((binding) => binding.name === name && (binding.isField ?? false) === isField && isIn(binding.scope, at));
	return known.toSorted((left, right) => size(left.scope) - size(right.scope) || right.nameRange.start - left.nameRange.start)[0];
}

/** All that have a name there. */
export function inScope({ bindings }: Outline, at: number): Binding[] {
	return bindings.filter(({ scope, isField }) => !isField && isIn(scope, at));
}

export function isIn({ start, end }: Range, at: number): boolean {
	return start <= at && at < end;
}

function size({ start, end }: Range): number {
	return end - start;
}
