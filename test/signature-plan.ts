import { worst } from '../src/signature/call-context.ts';
import { changesBetween } from '../src/signature/changes.ts';
import type { Dependent } from '../src/signature/dependent.ts';
import { holesIn } from '../src/signature/hole.ts';
import type { DependentClass } from '../src/signature/language.ts';
import { languageFor, languages } from '../src/signature/languages/all.ts';
import type { Plan } from '../src/signature/plan.ts';
import { planFor } from '../src/signature/planner-for.ts';
import { Project } from '../src/signature/project.ts';
import type { Declaration } from '../src/signature/signature.ts';
import { applyEdits } from '../src/signature/text-edit.ts';
import { parserOf } from './grammars.ts';

/** A file before and after somebody edited a signature in it. */
export interface Edited {
	readonly path: string;
	readonly languageId: string;
	readonly before: string;
	readonly after: string;
}

export interface Planned extends Plan {
	/** All files as they are with all edits, with the marks of holes in them. */
	readonly texts: ReadonlyMap<string, string>;
	readonly class: DependentClass;
}

/** Finds what changed in some files and plans it. */
export async function planned(files: readonly Edited[]): Promise<Planned> {
	const code = files.filter(({ languageId }) => languageFor(languageId));
	const parsers = new Map(await Promise.all(code.map(async ({ languageId }) => [languageId, await parserOf(languageId)] as const)));
	const parse = (languageId: string) => parsers.get(languageId);
	const declarations = (languageId: string, text: string): readonly Declaration[] => {
		using tree = parse(languageId)?.(text);
		const language = languages.find(({ ids }) => ids.includes(languageId));
		return (tree && language?.outline(tree.root).declarations) ?? [];
	};
	const changes = files.flatMap((file) =>
		changesBetween(file, declarations(file.languageId, file.before), declarations(file.languageId, file.after)),
	);
	const sources = files.map(({ path, languageId, before, after }) => ({ path, languageId, text: after, before }));
	const plan = await planFor(changes, new Project(sources, languages, parse));
	const texts = new Map(sources.map(({ path, text }) => [path, applyEdits(text, editsIn(path, plan.dependents))]));
	return { ...plan, texts, class: plan.dependents.reduce<DependentClass>((sofar, dependent) => worst(sofar, dependent.class), 'D') };
}

function editsIn(path: string, dependents: readonly Dependent[]) {
	return dependents.filter((dependent) => dependent.path === path).flatMap(({ edits }) => edits);
}

/**
 * The values that holes would have for a text to be the expected one, in the order of the text, or undefined where no values make it
 * that: something besides the holes is different.
 */
export function valuesFor(text: string, expected: string): readonly string[] | undefined {
	const count = holesIn(text).length;
	const pattern = text
		.split(/\uE000\d+\uE001/)
		.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
		.join('([^\\n]+?)');
	const match = new RegExp(`^${pattern}$`, 's').exec(expected);
	return match ? match.slice(1, count + 1) : undefined;
}
