import type { Parse } from '../grammar/syntax.ts';
import { isSecretPath } from '../secrets/files.ts';
import { upToDate } from '../signature/call-draft.ts';
import type { Dependent } from '../signature/dependent.ts';
import type { SignatureChange } from '../signature/diff.ts';
import { type Hole, holesIn } from '../signature/hole.ts';
import { languageFor, languages } from '../signature/languages/all.ts';
import { Project, type SourceFile } from '../signature/project.ts';
import { editedPart } from '../signature/text-edit.ts';
import type { HoleSite } from './site.ts';

/** What holes are found in: the edits that were planned, and the texts they are for. */
export interface PlannedHoles {
	readonly changes: readonly SignatureChange[];
	readonly dependents: readonly Dependent[];
	readonly holes: ReadonlyMap<number, Hole>;
	readonly fileAt: (path: string) => SourceFile | undefined;
	readonly parse: (languageId: string) => Parse | undefined;
	/** Whether a file may be sent to a model. */
	readonly mayShow: (path: string) => boolean;
}

/** The holes of some dependents, in their order. */
export function holesOf(dependents: readonly Pick<Dependent, 'edits'>[]): readonly number[] {
	return dependents.flatMap(({ edits }) => edits.flatMap(({ newText }) => holesIn(newText)));
}

/** Where a hole is; undefined where its file is not there any more. */
export function siteOf(id: number, plan: PlannedHoles): HoleSite | undefined {
	const hole = plan.holes.get(id);
	const dependent = plan.dependents.find((one) => holesOf([one]).includes(id));
	const change = hole && plan.changes[hole.change];
	const file = dependent && plan.fileAt(dependent.path);
	const declared = change && plan.fileAt(change.path);
	if (!hole || !change || !file || !declared) return undefined;
	const edits = plan.dependents.filter(({ path }) => path === file.path).flatMap((one) => one.edits);
	const isPrivate = [file.path, change.path].some((path) => isSecretPath(path) || !plan.mayShow(path));
	const seesDeclared = file.path === change.path || seesWithoutImport(file, declared, plan.parse);
	return {
		hole,
		file,
		edits,
		holes: plan.holes,
		change,
		declared: declared.text,
		seesDeclared,
		isPrivate,
		examples: examplesOf(hole.change, plan),
	};
}

function seesWithoutImport(file: SourceFile, declared: SourceFile, parse: PlannedHoles['parse']): boolean {
	const language = languageFor(file.languageId);
	return language?.sees?.(file, declared.path, new Project([file, declared], languages, parse)) ?? false;
}

const callKinds = ['call', 'member-call', 'new', 'super'];
const mostExamples = 2;

/** Calls of a function that are as they should be; those that somebody wrote come first. */
function examplesOf(change: number, { dependents, fileAt, mayShow }: PlannedHoles): string[] {
	const calls = dependents.filter((one) => one.change === change && callKinds.includes(one.kind) && holesOf([one]).length === 0);
	const own = calls.filter(({ path }) => mayShow(path) && !isSecretPath(path));
	const written = own.filter(({ reason }) => reason.includes(upToDate));
	const planned = own.filter(({ edits, reason }) => edits.length > 0 && !reason.includes(upToDate));
	const texts = [...written, ...planned].slice(0, mostExamples * 2).map(({ path, range, edits }) => {
		return editedPart(fileAt(path)?.text ?? '', range, edits);
	});
	return [...new Set(texts)].filter((text) => text !== '' && holesIn(text).length === 0).slice(0, mostExamples);
}
