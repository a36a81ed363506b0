import { parseArgs } from 'node:util';
import type { Parse } from '../grammar/syntax.ts';
import { changesBetween } from '../signature/changes.ts';
import type { Dependent } from '../signature/dependent.ts';
import { fillEdits } from '../signature/hole.ts';
import { languages } from '../signature/languages/all.ts';
import { plannerFor } from '../signature/planner-for.ts';
import { Project, type SourceFile } from '../signature/project.ts';
import { applyEdits } from '../signature/text-edit.ts';
import { asJson, describe, type Report } from './signatures-report.ts';
import { readTree, replaceFile } from './source-tree.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

/** The grammar of a language, or undefined where there is none. */
export type FindGrammar = (languageId: string) => Promise<Parse | undefined>;

/** `co-clone signatures …`: what depends on signatures that changed, and what becomes of it. Resolves to the exit status. */
export async function signaturesCommand(
	args: readonly string[],
	streams: Streams,
	grammar: FindGrammar,
	signal: AbortSignal,
): Promise<ExitStatus> {
	const { root, before, json, apply } = parseCommandLine(args);
	const ids = new Set(languages.flatMap((language) => language.ids));
	const files = await readTree(root, before, (languageId) => ids.has(languageId), signal);
	const report = await planTree(files, grammar, signal);
	streams.output.write(`${json ? JSON.stringify(asJson(report), undefined, 2) : describe(report)}\n`);
	const applied = report.dependents.filter(
		({ class: kind, edits }) => edits.length > 0 && (apply === 'all' || (apply === 'certain' && kind === 'D')),
	);
	const refused = await applyTo(root, report, applied);
	for (const path of refused) streams.error.write(`${path} was changed meanwhile and is left as it is. Run this again.\n`);
	const isLeft = (dependent: Dependent) => dependent.edits.length > 0 && !applied.includes(dependent);
	return refused.length > 0 ? 2 : report.dependents.some(isLeft) ? 1 : 0;
}

function parseCommandLine(args: readonly string[]) {
	const { values, positionals } = parse(args);
	const [root, ...more] = positionals;
	if (root === undefined || more.length > 0) throw new UsageError('Name one folder: co-clone signatures ROOT --before GIT_REV.');
	const { before, apply, json } = values;
	if (before === undefined) throw new UsageError('Say what to compare with: --before HEAD, another revision, or a folder.');
	if (apply !== undefined && apply !== 'certain' && apply !== 'all') throw new UsageError(`--apply is “certain” or “all”, not “${apply}”.`);
	return { root, before, apply, json };
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { before: { type: 'string' }, apply: { type: 'string' }, json: { type: 'boolean', default: false } },
		});
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

async function planTree(files: readonly SourceFile[], grammar: FindGrammar, signal: AbortSignal): Promise<Report> {
	const used = new Set(files.map(({ languageId }) => languageId));
	const grammars = new Map<string, Parse | undefined>();
	for (const languageId of used) grammars.set(languageId, await grammar(languageId));
	// A byte order mark is nobody's column.
	const sources = files.map((file) => ({
		...file,
		text: withoutMark(file.text),
		...(file.before !== undefined && { before: withoutMark(file.before) }),
	}));
	const project = new Project(sources, languages, (languageId) => grammars.get(languageId));
	const changes = sources.flatMap((file) => {
		if (file.before === undefined || file.before === file.text) return [];
		const old = new Project([{ path: file.path, languageId: file.languageId, text: file.before }], languages, (id) => grammars.get(id));
		const [before] = old.files.values();
		const declarations = (before && old.outlineOf(before)?.declarations) ?? [];
		return changesBetween(file, declarations, project.outlineOf(file)?.declarations ?? []);
	});
	const planner = await plannerFor(changes, project);
	const dependents: Dependent[] = [];
	for (const file of planner.files) {
		signal.throwIfAborted();
		dependents.push(...planner.dependentsIn(file));
	}
	const filled = dependents.map((dependent) => ({ ...dependent, edits: fillEdits(dependent.edits, planner.holes) }));
	return { changes, dependents: filled, files: new Map(files.map((file) => [file.path, file])) };
}

function withoutMark(text: string): string {
	return text.replace(/^\uFEFF/, '');
}

/** The paths of files that are not what they were when they were read. */
async function applyTo(root: string, { files }: Report, dependents: readonly Dependent[]): Promise<readonly string[]> {
	const refused: string[] = [];
	for (const path of new Set(dependents.map((dependent) => dependent.path))) {
		const text = files.get(path)?.text ?? '';
		const bare = withoutMark(text);
		const edits = dependents.filter((dependent) => dependent.path === path).flatMap((dependent) => dependent.edits);
		const edited = text.slice(0, text.length - bare.length) + applyEdits(bare, edits);
		if (!(await replaceFile(root, path, text, edited))) refused.push(path);
	}
	return refused;
}
