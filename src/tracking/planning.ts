import type { Parse } from '../grammar/syntax.ts';
import type { Dependent } from '../signature/dependent.ts';
import type { SignatureChange } from '../signature/diff.ts';
import type { Hole } from '../signature/hole.ts';
import { languages } from '../signature/languages/all.ts';
import type { Outlines } from '../signature/outlines.ts';
import type { Planner, Wisdom } from '../signature/plan.ts';
import { plannerFor } from '../signature/planner-for.ts';
import { Project, type SourceFile } from '../signature/project.ts';
import { nameOf, written } from '../signature/signature.ts';
import { type Position, positionsIn, type Range } from '../signature/text-edit.ts';
import type { Breath } from '../std/breath.ts';
import { type DiskFiles, relativePath } from './disk-files.ts';
import { fingerprint } from './fingerprint.ts';
import type { LineRange, PlannedChange, PlannedDependent, ReferencePlace, ValueChoice } from './wire.ts';

/** A change as it is known before anybody has looked for what depends on it. */
export interface PendingChange {
	readonly id: string;
	readonly origin: PlannedChange['origin'];
	/** With an absolute path. */
	readonly change: SignatureChange;
	/** What a language server said that means it. */
	readonly references: readonly ReferencePlace[];
	readonly valueFor: (parameter: string) => ReturnType<NonNullable<Wisdom['valueFor']>>;
}

export interface PlanningTask {
	/** Paths are relative to it while it is planned, because imports are. */
	readonly root: string;
	readonly changes: readonly PendingChange[];
	/** Those in which dependents may be, with absolute paths. */
	readonly files: readonly SourceFile[];
	readonly parse: (languageId: string) => Parse | undefined;
	readonly outlines: Outlines;
	/** Gets what is known after a while of a plan that takes longer: the number of callers is worth seeing before it is complete. */
	readonly onEarly: (planned: Planned) => void;
	/** Numbers of holes start behind it: those of several plans have to differ. */
	readonly firstHole: number;
}

export interface Planned {
	readonly changes: readonly PlannedChange[];
	readonly holes: readonly Hole[];
	readonly fingerprints: ReadonlyMap<string, string>;
	/** Changes with places that have the name and that nobody could say more of. */
	readonly unsure: ReadonlySet<string>;
	/** What its paths are relative to, and what it was made of. */
	readonly root: string;
	readonly sources: { readonly changes: readonly SignatureChange[]; readonly dependents: readonly Dependent[] };
}

const earlyMs = 200;

/** Changes by the folder that paths are relative to. */
export function byRoot(files: DiskFiles, changes: readonly PendingChange[]): readonly Pick<PlanningTask, 'root' | 'changes'>[] {
	const groups = new Map<string, PendingChange[]>();
	for (const pending of changes) {
		const root = files.rootOf(pending.change.path);
		groups.set(root, [...(groups.get(root) ?? []), pending]);
	}
	return [...groups].map(([root, own]) => ({ root, changes: own }));
}

export function projectOf({ root, files, parse, outlines }: Pick<PlanningTask, 'root' | 'files' | 'parse' | 'outlines'>): Project {
	const relative = files.map((file) => ({ ...file, path: relativePath(root, file.path) }));
	return new Project(relative, languages, parse, outlines);
}

/** Plans what becomes of everything that depends on some changes, file by file. */
export async function planChanges(task: PlanningTask, breath: Breath): Promise<Planned> {
	const { root, changes, files } = task;
	const project = projectOf(task);
	const originals = new Map(files.map((file) => [relativePath(root, file.path), file]));
	const relative = changes.map(({ change }) => ({ ...change, path: relativePath(root, change.path) }));
	const places = new Places(originals);
	const wisdom: Wisdom = {
		isBound: (change, path, offset) => places.isReference(changes[change]?.references ?? [], path, offset),
		valueFor: (change, parameter) => changes[change]?.valueFor(parameter),
	};
	const planner = await plannerFor(relative, project, wisdom, () => breath.take());
	const dependents: Dependent[] = [];
	const searched = planner.files;
	const summary = (isWhole = false) => summaryOf(task, dependents, planner, originals, places, isWhole);
	let early: (() => void) | undefined = () => task.onEarly(summary());
	const started = performance.now();
	for (const [index, file] of searched.entries()) {
		await breath.take(index, searched.length);
		dependents.push(...planner.dependentsIn(file));
		if (performance.now() - started < earlyMs) continue;
		early?.();
		early = undefined;
	}
	return summary(true);
}

function summaryOf(
	{ root, changes, firstHole }: PlanningTask,
	dependents: readonly Dependent[],
	planner: Planner,
	originals: ReadonlyMap<string, SourceFile>,
	places: Places,
	isWhole: boolean,
): Planned {
	const relevant = dependents.filter(({ kind, edits }) => kind !== 'import' || edits.length > 0);
	const shown = relevant.map((dependent) => numbered(dependent, firstHole));
	const edited = shown.filter(({ edits }) => edits.length > 0).map(({ path }) => path);
	const declared = changes.map(({ change }) => relativePath(root, change.path));
	return {
		changes: changes.map((pending, index) => {
			const planned = plannedChange(pending, index, shown, places);
			const found = dependents.filter(({ change }) => change === index);
			const unread = isWhole ? places.unread(pending, found) : [];
			return unread.length === 0 ? planned : { ...planned, dependents: [...planned.dependents, ...unread] };
		}),
		holes: [...planner.holes.values()].map((hole) => ({ ...hole, id: hole.id + firstHole })),
		fingerprints: new Map(
			[...new Set([...edited, ...declared])].map((path) => [
				originals.get(path)?.path ?? path,
				fingerprint(originals.get(path)?.text ?? ''),
			]),
		),
		root,
		sources: { changes: changes.map(({ change }) => ({ ...change, path: relativePath(root, change.path) })), dependents: shown },
		unsure: new Set(dependents.filter(({ kind }) => kind === 'possible').flatMap(({ change }) => changes[change]?.id ?? [])),
	};
}

/** Where nobody chose anything a variable of its name is taken, and else it is a hole. */
export function chosenValue(values: Readonly<Record<string, ValueChoice>>, parameter: string): ReturnType<PendingChange['valueFor']> {
	const choice = Object.hasOwn(values, parameter) ? values[parameter] : undefined;
	if (choice?.kind !== 'expression') return choice?.kind === 'hole' ? 'hole' : undefined;
	return { text: choice.text, reason: `You chose ${choice.text}.`, isCertain: true };
}

function numbered(dependent: Dependent, firstHole: number): Dependent {
	const renumber = (text: string) => text.replace(/\uE000(\d+)\uE001/g, (_, id) => `\uE000${Number(id) + firstHole}\uE001`);
	return { ...dependent, edits: dependent.edits.map((edit) => ({ ...edit, newText: renumber(edit.newText) })) };
}

function plannedChange(
	{ id, origin, change, references }: PendingChange,
	index: number,
	all: readonly Dependent[],
	places: Places,
): PlannedChange {
	const { path, languageId, before, after, operations, match } = change;
	const own = all.filter((dependent) => dependent.change === index);
	const added = after.parameters.filter(
		({ isOptional, kind, name }, at) =>
			match.from[at] === undefined && !isOptional && kind !== 'rest' && kind !== 'keywordRest' && name !== '',
	);
	return {
		id,
		origin,
		path,
		languageId,
		name: nameOf(after),
		nameRange: places.range(path, after.nameRange),
		before: written(before),
		after: written(after),
		operations,
		added: added.map(({ name, type }) => ({ name, type })),
		dependents: [...own.map((dependent) => plannedDependent(dependent, id, places)), ...places.elsewhere(references, id)],
	};
}

function plannedDependent(
	{ path, range, kind, class: sure, reason, edits, isSilent = false }: Dependent,
	change: string,
	places: Places,
): PlannedDependent {
	const at = places.range(path, range);
	return {
		id: `${change}@${path}:${at.start.line}:${at.start.character}:${kind}`,
		path: places.absolute(path),
		range: at,
		line: places.line(path, range.start),
		kind,
		class: sure,
		reason,
		edits: edits.map((edit) => ({ range: places.range(path, edit), newText: edit.newText })),
		isSilent,
	};
}

/** Offsets, lines and columns of some files. */
class Places {
	readonly #files: ReadonlyMap<string, SourceFile>;
	readonly #byAbsolute: ReadonlyMap<string, SourceFile>;
	readonly #positions = new Map<string, (offset: number) => Position>();
	readonly #references = new Map<readonly ReferencePlace[], ReadonlySet<string>>();

	constructor(files: ReadonlyMap<string, SourceFile>) {
		this.#files = files;
		this.#byAbsolute = new Map([...files.values()].map((file) => [file.path, file]));
	}

	absolute(path: string): string {
		return this.#files.get(path)?.path ?? path;
	}

	range(path: string, { start, end }: Range): LineRange {
		const at = this.#positionsOf(path);
		return { start: at(start), end: at(end) };
	}

	line(path: string, offset: number): string {
		return lineAt(this.#textOf(path), offset);
	}

	isReference(references: readonly ReferencePlace[], path: string, offset: number): boolean {
		if (references.length === 0) return false;
		const known = this.#references.get(references) ?? new Set(references.map(keyOf));
		this.#references.set(references, known);
		return known.has(keyOf({ path: this.absolute(path), ...this.#positionsOf(path)(offset) }));
	}

	/** What the language server knows in files that are not searched: they are ignored, or of another language. */
	elsewhere(references: readonly ReferencePlace[], change: string): PlannedDependent[] {
		const unknown = references.filter(({ path }) => !this.#byAbsolute.has(path));
		return unknown.map((place) => pointedAt(place, change, '', 'It is used in a file that Co-Clone does not edit.'));
	}

	/** What the language server knows in files that were searched, at places of which the text tells nothing. */
	unread({ id, change, references }: PendingChange, found: readonly Dependent[]): PlannedDependent[] {
		const names = [change.before.name, change.after.name];
		return references.flatMap((place) => {
			const text = this.#byAbsolute.get(place.path)?.text;
			const at = text === undefined ? undefined : offsetIn(text, place);
			// Somebody may have edited the file since.
			const isThere = place.isImplementation || names.some((name) => text?.startsWith(name, at));
			if (text === undefined || at === undefined || !isThere) return [];
			const isFound = found.some(({ path, range }) => this.absolute(path) === place.path && range.start <= at && at <= range.end);
			const reason = place.isImplementation
				? 'The language server says that this implements it.'
				: 'The language server says that it is used here.';
			return isFound ? [] : [pointedAt(place, id, lineAt(text, at), reason)];
		});
	}

	#positionsOf(path: string): (offset: number) => Position {
		const known = this.#positions.get(path) ?? positionsIn(this.#textOf(path));
		this.#positions.set(path, known);
		return known;
	}

	#textOf(path: string): string {
		return (this.#files.get(path) ?? this.#byAbsolute.get(path))?.text ?? '';
	}
}

function pointedAt({ path, line, character }: ReferencePlace, change: string, text: string, reason: string): PlannedDependent {
	const at = { line, character };
	const range = { start: at, end: at };
	return {
		id: `${change}@${path}:${line}:${character}`,
		path,
		range,
		line: text,
		kind: 'by-name',
		class: 'W',
		reason,
		edits: [],
		isSilent: false,
	};
}

function lineAt(text: string, offset: number): string {
	const end = text.indexOf('\n', offset);
	return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? text.length : end).trim();
}

function offsetIn(text: string, { line, character }: Position): number | undefined {
	let start = 0;
	for (let index = 0; index < line; index++) {
		start = text.indexOf('\n', start) + 1;
		if (start === 0) return undefined;
	}
	return start + character;
}

function keyOf({ path, line, character }: ReferencePlace): string {
	return `${path}:${line}:${character}`;
}
