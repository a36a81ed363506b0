import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Nothing } from '../completion/completion.ts';
import { failure } from '../completion/failure.ts';
import { languageOf } from '../completion/language.ts';
import type { Verdict } from '../holes/site.ts';
import { holesOf, type PlannedHoles } from '../holes/sites.ts';
import type { LanguageModel } from '../model/language-model.ts';
import { compare, type FindGrammar, withoutMark } from '../signature/compare.ts';
import { fillEdits, type Hole } from '../signature/hole.ts';
import { isProjectFile, languages } from '../signature/languages/all.ts';
import type { SourceFile } from '../signature/project.ts';
import { applyEdits } from '../signature/text-edit.ts';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import { type Asked, valuesFor } from './signature-values.ts';
import { asJson, describe, type FilledHole, type Report, type ReportedDependent } from './signatures-report.ts';
import { readTree, replaceFile } from './source-tree.ts';
import { type ExitStatus, reportNothing, type Streams } from './streams.ts';
import { UsageError, understood } from './usage.ts';

type Values = ReadonlyMap<number, Verdict>;

/** What the command needs of others. */
export interface SignatureParts {
	readonly grammar: FindGrammar;
	readonly model: (choice: ModelChoice) => LanguageModel;
	/** Whether nothing of a file may be sent to a model. */
	readonly isIgnored: (path: string) => boolean;
}

/** `co-clone signatures …`: what depends on signatures that changed, and what becomes of it. Resolves to the exit status. */
export async function signaturesCommand(
	args: readonly string[],
	streams: Streams,
	parts: SignatureParts,
	signal: AbortSignal,
): Promise<ExitStatus> {
	const { root, before, json, apply, model } = parseCommandLine(args);
	const ids = new Set(languages.flatMap((language) => language.ids));
	const files = await readTree(root, before, (path) => ids.has(languageOf(path)) || isProjectFile(path, ids), signal);
	const compared = await compare(files, parts.grammar, async () => signal.throwIfAborted());
	const plan = { ...compared, mayShow: (path: string) => !parts.isIgnored(join(root, path)) };
	const values = model && (await ask(plan, parts.model(model), streams, signal));
	if (values && 'reason' in values) {
		reportNothing(values, model?.model, streams);
		return 2;
	}
	const report = reportOf(plan, files, values);
	streams.output.write(`${json ? JSON.stringify(asJson(report), undefined, 2) : describe(report)}\n`);
	const applied = report.dependents.filter(
		({ class: kind, edits }) => edits.length > 0 && (apply === 'all' || (apply === 'certain' && kind === 'D')),
	);
	const refused = await applyTo(root, report, applied);
	for (const path of refused) streams.error.write(`${path} was changed meanwhile and is left as it is. Run this again.\n`);
	const isLeft = (dependent: ReportedDependent) => dependent.edits.length > 0 && !applied.includes(dependent);
	return refused.length > 0 ? 2 : report.dependents.some(isLeft) ? 1 : 0;
}

function parseCommandLine(args: readonly string[]) {
	const { values, positionals } = parse(args);
	const [root, ...more] = positionals;
	if (root === undefined || more.length > 0) throw new UsageError('Name one folder: co-clone signatures ROOT --before GIT_REV.');
	const { before, apply, json, model, models, 'allow-remote': allowRemote } = values;
	if (before === undefined) throw new UsageError('Say what to compare with: --before HEAD, another revision, or a folder.');
	if (apply !== undefined && apply !== 'certain' && apply !== 'all') throw new UsageError(`--apply is “certain” or “all”, not “${apply}”.`);
	if (model === undefined && (models !== undefined || allowRemote))
		throw new UsageError('Name the model that gives values: --model MODEL, or --model auto.');
	return { root, before, apply, json, model: model === undefined ? undefined : { model, models, allowRemote } };
}

function parse(args: readonly string[]) {
	return understood(() =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { ...modelOptions, before: { type: 'string' }, apply: { type: 'string' }, json: { type: 'boolean', default: false } },
		}),
	);
}

/** What the model gives, with every step on standard error; or why it cannot be asked. */
async function ask(plan: PlannedHoles, model: LanguageModel, { error }: Streams, signal: AbortSignal): Promise<Values | Nothing> {
	try {
		return await valuesFor(plan, model, (asked) => error.write(`${progress(asked)}\n`), signal);
	} catch (failed) {
		return signal.aborted ? { reason: 'cancelled' } : failure(failed);
	}
}

function progress({ site: { hole, file }, verdict, done, total }: Asked): string {
	return `${done} of ${total}: ${file.path}: ${'value' in verdict ? `${hole.name} = ${verdict.value}` : `no ${hole.name}. ${verdict.refusal}`}`;
}

function reportOf({ changes, dependents, holes }: PlannedHoles, files: readonly SourceFile[], values: Values | undefined): Report {
	const texts = new Map([...(values ?? [])].flatMap(([id, verdict]) => ('value' in verdict ? [[id, verdict.value] as const] : [])));
	const filled = dependents.map((dependent) => ({
		...dependent,
		edits: fillEdits(dependent.edits, holes, texts),
		...(values && { holes: holesOf([dependent]).flatMap((id) => filledHole(holes.get(id), values.get(id)) ?? []) }),
	}));
	return { changes, dependents: filled, files: new Map(files.map((file) => [file.path, file])) };
}

function filledHole(hole: Hole | undefined, verdict: Verdict | undefined): FilledHole | undefined {
	if (!hole || !verdict) return undefined;
	const { name, type = null } = hole;
	return 'value' in verdict ? { name, type, value: verdict.value, reason: null } : { name, type, value: null, reason: verdict.refusal };
}

/** The paths of files that are not what they were when they were read. */
async function applyTo(root: string, { files }: Report, dependents: readonly ReportedDependent[]): Promise<readonly string[]> {
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
