import type { Parse } from '../grammar/syntax.ts';
import { changesBetween } from './changes.ts';
import type { Dependent } from './dependent.ts';
import type { SignatureChange } from './diff.ts';
import type { Hole } from './hole.ts';
import { languages } from './languages/all.ts';
import { plannerFor } from './planner-for.ts';
import { Project, type SourceFile } from './project.ts';
import type { Declaration } from './signature.ts';

/** The grammar of a language, or undefined where there is none. */
export type FindGrammar = (languageId: string) => Promise<Parse | undefined>;

/** What changed, and what becomes of everything that depends on it. */
export interface Comparison {
	readonly changes: readonly SignatureChange[];
	/** With marks for values that nobody can know. */
	readonly dependents: readonly Dependent[];
	readonly holes: ReadonlyMap<number, Hole>;
	readonly fileAt: (path: string) => SourceFile | undefined;
	readonly parse: (languageId: string) => Parse | undefined;
}

/** What can be said of files, with the grammars at hand. */
export interface Signatures {
	compare(files: readonly SourceFile[], pause: () => Promise<void>): Promise<Comparison>;
	declarationsOf(files: readonly SourceFile[]): ReturnType<typeof declarationsOf>;
}

export function signaturesWith(grammar: FindGrammar): Signatures {
	return {
		compare: (files, pause) => compare(files, grammar, pause),
		declarationsOf: (files) => declarationsOf(files, grammar),
	};
}

/**
 * Compares files with what each was before, and plans the edits.
 *
 * @param pause is waited for between two files; what it throws ends the work
 */
export async function compare(files: readonly SourceFile[], grammar: FindGrammar, pause: () => Promise<void>): Promise<Comparison> {
	// A byte order mark is nobody's column.
	const sources = files.map((file) => ({
		...file,
		text: withoutMark(file.text),
		...(file.before !== undefined && { before: withoutMark(file.before) }),
	}));
	const parse = await parsersFor(files, grammar);
	const project = new Project(sources, languages, parse);
	const changes = sources.flatMap((file) => {
		if (file.before === undefined || file.before === file.text) return [];
		const old = new Project([{ path: file.path, languageId: file.languageId, text: file.before }], languages, parse);
		const [before] = old.files.values();
		const declarations = (before && old.outlineOf(before)?.declarations) ?? [];
		return changesBetween(file, declarations, project.outlineOf(file)?.declarations ?? []);
	});
	const planner = await plannerFor(changes, project);
	const dependents: Dependent[] = [];
	for (const file of planner.files) {
		await pause();
		dependents.push(...planner.dependentsIn(file));
	}
	return { changes, dependents, holes: planner.holes, fileAt: (path) => project.files.get(path), parse };
}

/** What files declare, in their order. */
async function declarationsOf(
	files: readonly SourceFile[],
	grammar: FindGrammar,
): Promise<readonly { readonly path: string; readonly declaration: Declaration }[]> {
	const project = new Project(files, languages, await parsersFor(files, grammar));
	return files.flatMap((file) => (project.outlineOf(file)?.declarations ?? []).map((declaration) => ({ path: file.path, declaration })));
}

export function withoutMark(text: string): string {
	return text.replace(/^\uFEFF/, '');
}

async function parsersFor(files: readonly SourceFile[], grammar: FindGrammar): Promise<(languageId: string) => Parse | undefined> {
	const grammars = new Map<string, Parse | undefined>();
	for (const languageId of new Set(files.map((file) => file.languageId))) grammars.set(languageId, await grammar(languageId));
	return (languageId) => grammars.get(languageId);
}
