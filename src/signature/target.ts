import type { SignatureChange } from './diff.ts';
import type { Language } from './language.ts';
import type { Project, SourceFile } from './project.ts';

/** Everything by which a changed function can be meant in a project. */
export interface Target {
	readonly change: SignatureChange;
	readonly language: Language;
	/** The names under which files export it, by file. */
	readonly exports: ReadonlyMap<string, ReadonlySet<string>>;
	/** The classes that have it, its own and those below, with the files that declare them. */
	readonly types: ReadonlyMap<string, ReadonlySet<string>>;
	/** Classes above its own. */
	readonly ancestors: ReadonlySet<string>;
}

export function targetOf(change: SignatureChange, language: Language, project: Project): Target {
	const types = new Map<string, Set<string>>();
	const ancestors = new Set<string>();
	const { container } = change.before;
	if (container !== undefined) {
		types.set(container, new Set([change.path]));
		climb(container, change.path, project, ancestors);
		descend(types, language, project);
	}
	return { change, language, exports: exportsOf(change, language, project), types, ancestors };
}

function climb(container: string, path: string, project: Project, ancestors: Set<string>) {
	const file = project.files.get(path);
	const outline = file && project.outlineOf(file);
	const bases = outline?.classes.filter(({ name }) => name === container).flatMap(({ bases }) => bases) ?? [];
	for (const base of bases) {
		if (ancestors.has(base)) continue;
		ancestors.add(base);
		climb(base, path, project, ancestors);
	}
}

/** Classes that extend those that are known, until there are no more. */
function descend(types: Map<string, Set<string>>, language: Language, project: Project) {
	for (let size = 0; size !== types.size; ) {
		size = types.size;
		for (const file of project.mentioning(language, types.keys())) {
			for (const { name, bases } of project.outlineOf(file)?.classes ?? []) {
				if (bases.some((base) => types.has(base))) types.set(name, (types.get(name) ?? new Set()).add(file.path));
			}
		}
	}
}

/** The function's own file, and all that pass it on. */
function exportsOf({ path, before }: SignatureChange, language: Language, project: Project): Map<string, Set<string>> {
	const name = before.kind === 'function' ? before.name : (before.container ?? before.name);
	const exports = new Map([[path, new Set([name, ...(before.exportedAs === undefined ? [] : [before.exportedAs])])]]);
	const has = (candidate: string) => project.files.has(candidate);
	for (let count = 0, last = -1; count !== last; ) {
		last = count;
		const all = new Set([...exports.values()].flatMap((names) => [...names]));
		for (const reexport of project.reexports) {
			if (!language.ids.includes(reexport.languageId)) continue;
			// Most pass on something else.
			if (reexport.imported !== '*' && !all.has(reexport.imported)) continue;
			const names = exports.get(language.resolve(reexport.from, reexport.path, has) ?? '');
			const passed = reexport.imported === '*' ? [...(names ?? [])] : names?.has(reexport.imported) ? [reexport.exported] : [];
			const known = exports.get(reexport.path) ?? new Set();
			for (const name of passed) known.add(name);
			if (passed.length > 0) exports.set(reexport.path, known);
		}
		for (const { file, local, exported } of project.aliases) {
			if (!language.ids.includes(file.languageId) || !isExport(local, file, { exports, language, project })) continue;
			exports.set(file.path, new Set([...(exports.get(file.path) ?? []), exported]));
		}
		count = [...exports.values()].reduce((sum, { size }) => sum + size, 0);
	}
	return exports;
}

/** Whether a name of a file is one of those that are exported, there or where it comes from. */
function isExport(
	name: string,
	{ path }: SourceFile,
	{ exports, language, project }: Pick<Target, 'exports' | 'language'> & { readonly project: Project },
): boolean {
	if (exports.get(path)?.has(name)) return true;
	const names = [...exports.values()].some((known) => known.has(name));
	const file = project.files.get(path);
	if (!names || !file) return false;
	const has = (candidate: string) => project.files.has(candidate);
	const imports = project.outlineOf(file)?.imports ?? [];
	return imports.some(({ local, imported, from }) => local === name && exports.get(language.resolve(from, path, has) ?? '')?.has(imported));
}

/** The words to look for in a file, with all names that it gives to the function. */
export function wordsFor({ change, language, exports, types }: Target, project: Project, path: string): Set<string> {
	const { before } = change;
	const words = new Set([before.name]);
	// A class below without a constructor has this one.
	if (before.kind === 'constructor') for (const word of [...language.constructors, ...types.keys()]) words.add(word);
	const file = project.files.get(path);
	const has = (candidate: string) => project.files.has(candidate);
	for (const { local, imported, from } of (file && project.outlineOf(file)?.imports) ?? []) {
		const names = exports.get(language.resolve(from, path, has) ?? '');
		if (imported !== '*' && names?.has(imported) && before.kind !== 'method') words.add(local);
	}
	return words;
}
