import type { SyntaxNode } from '../grammar/syntax.ts';
import { fits } from './assignment.ts';
import { verdictOn } from './binding.ts';
import type { BoundUse } from './bound-use.ts';
import type { KnownValue } from './call-context.ts';
import { draftOf } from './call-draft.ts';
import { type Following, follower } from './cascade.ts';
import { compose } from './compose.ts';
import { relatedDeclarations } from './declaration-draft.ts';
import { type Dependent, type Draft, Holes } from './dependent.ts';
import type { SignatureChange } from './diff.ts';
import { documentation } from './doc-draft.ts';
import type { Hole } from './hole.ts';
import type { Language, Use } from './language.ts';
import { chosenOverload } from './overload.ts';
import type { ParsedFile, Project, SourceFile } from './project.ts';
import { type Takers, takersOf } from './takers.ts';
import { type Target, targetOf, wordsFor } from './target.ts';

/** What is to be done about some changed signatures. */
export interface Plan {
	readonly changes: readonly SignatureChange[];
	readonly dependents: readonly Dependent[];
	/** By their number, which their marks in the edits have (`hole.ts`). */
	readonly holes: ReadonlyMap<number, Hole>;
}

/** What others know better than the texts tell. */
export interface Wisdom {
	/** Whether a language server says that the name at an offset is a changed function; by its place among the changes. */
	readonly isBound?: (change: number, path: string, offset: number) => boolean;
	/** What somebody wants a new parameter to get; `hole` where nothing is to be guessed. */
	readonly valueFor?: (change: number, parameter: string) => KnownValue | 'hole' | undefined;
}

/**
 * Finds everything that depends on changed signatures, and plans what becomes of it. Pure, and one file at a time: who has an editor to
 * keep alive lets it breathe between two.
 *
 * @example
 * const project = new Project(files, languages, parse);
 * const planner = await plannerFor(changes, project);
 * for (const file of planner.files) dependents.push(...planner.dependentsIn(file));
 */
export class Planner {
	readonly #whole: Project;
	readonly #project: Project;
	readonly #aims: readonly Aim[];
	readonly #holes = new Holes();
	readonly #wisdom: Wisdom;

	/** @param of the place of the change that each is counted with, where that is not its own */
	constructor(changes: readonly SignatureChange[], project: Project, wisdom: Wisdom = {}, of?: readonly number[]) {
		const names = changes.flatMap(({ before, after }) => [before.name, after.name]);
		this.#whole = project;
		this.#project = project.about(new Set(names));
		this.#wisdom = wisdom;
		this.#aims = changes.flatMap((change, index) => {
			const language = project.languageOf(change.languageId);
			if (!language) return [];
			const takers = takersOf(change, language, project);
			return [{ target: targetOf(change, language, this.#project), takers, change: of?.[index] ?? index }];
		});
	}

	/** Those in which there may be something: they have one of the words in them. */
	get files(): SourceFile[] {
		const files = this.#aims.flatMap(({ target, takers }) => {
			const { change, language, types, ancestors } = target;
			const names = [change.before.name, ...types.keys(), ...ancestors, ...takers.keys()];
			const exported = [...target.exports.values()].flatMap((set) => [...set]).filter((name) => name !== 'default');
			const mentioning = this.#project.mentioning(language, [...names, ...exported]);
			return target.change.before.exportedAs === undefined ? mentioning : [...mentioning, ...this.#importers(target)];
		});
		return [...new Set(files)];
	}

	get holes(): ReadonlyMap<number, Hole> {
		return this.#holes.all;
	}

	dependentsIn(file: SourceFile): readonly Dependent[] {
		const found = this.#project.visit(file, (parsed) => {
			const drafts = this.#aims.flatMap((aim) => {
				const { target, change } = aim;
				if (!target.language.ids.includes(file.languageId)) return [];
				const docs = file.path === target.change.path ? documentation(file.text, file.path, target.change, change) : [];
				const isBound = (offset: number) => this.#wisdom.isBound?.(change, file.path, offset) ?? false;
				return [...docs, ...relatedDeclarations(parsed, target, change, isBound), ...this.#uses(parsed, aim)];
			});
			const dependents = compose(file.text, withoutDoubts(drafts));
			const { locked } = file;
			return locked === undefined ? dependents : dependents.map((dependent) => leftAlone(dependent, locked));
		});
		return found ?? [];
	}

	/** The functions of a file that have to become what a changed one became, because they call it. */
	followersIn(file: SourceFile): readonly Following[] {
		const found = this.#project.visit(file, (parsed) =>
			this.#aims.flatMap((aim) => {
				const { target, change: of } = aim;
				if (!target.language.ids.includes(file.languageId)) return [];
				const callers = this.#uses(parsed, aim).flatMap(({ caller }) => caller ?? []);
				return callers.flatMap((caller) => {
					const change = follower(caller, file, target.change, this.#whole);
					return change ? [{ change, of }] : [];
				});
			}),
		);
		return found ?? [];
	}

	/** A default export has another name everywhere. */
	#importers({ change, language, exports }: Target): SourceFile[] {
		const has = (path: string) => this.#project.files.has(path);
		return [...this.#project.files.values()].filter((file) => {
			if (!language.ids.includes(file.languageId) || file.path === change.path) return false;
			const stems = [...exports.keys()].map((path) => path.replace(/^.*\//, '').replace(/\..*$/, ''));
			if (!stems.some((stem) => file.text.includes(stem) || stem === 'index')) return false;
			return this.#project.outlineOf(file)?.imports.some(({ from }) => exports.has(language.resolve(from, file.path, has) ?? ''));
		});
	}

	#uses(parsed: ParsedFile, { target, takers, change }: Aim): Draft[] {
		const { file, root, language } = parsed;
		const words = [...wordsFor(target, this.#project, file.path)].map((name): Word => ({ name }));
		const implicit = language.implicitUses?.(root, target.change, takers) ?? [];
		const drafts = implicit.flatMap((use) => this.#draft(use, use.node, use.kind !== 'possible', { parsed, target, change }) ?? []);
		const seen = new Set<number>();
		for (const { name, scope, bound } of words) {
			for (const at of occurrences(file.text, name)) {
				if (scope && (at < scope.start || at >= scope.end)) continue;
				const node = root.descendantForIndex(at, at + name.length);
				if (!node || seen.has(at)) continue;
				seen.add(at);
				if (file.path === target.change.path && at === target.change.after.nameRange.start) continue;
				const use = node.text === name ? language.use(node, root) : undefined;
				if (!use) {
					drafts.push(...this.#spelled(node, { parsed, target, change }));
					continue;
				}
				const isOtherName = !use.qualifier && isGiven(words, name, at);
				const isKnown = bound || isOtherName || this.#wisdom.isBound?.(change, file.path, at);
				const verdict = isKnown ? 'bound' : verdictOn(use, node, parsed, target, this.#project);
				if (verdict === 'other') continue;
				if (use.alias && verdict === 'bound')
					words.push({ name: use.alias.name, bound: true, ...(use.alias.scope && { scope: use.alias.scope }) });
				const draft = this.#draft(use, node, verdict === 'bound', { parsed, target, change, isOtherName });
				if (draft) drafts.push(draft);
			}
		}
		return drafts;
	}

	/** A text that names the function, for somebody who looks it up: what is meant by it nobody can tell. */
	#spelled(node: SyntaxNode, { parsed, target, change }: Where): Draft[] {
		const use = target.language.spelled?.(node, target.change.before.name);
		return use && concernsCallers(target.change, target.language)
			? [{ ...possible(use, parsed, change), reason: 'A text has the name in it; whoever reads that may mean the function.' }]
			: [];
	}

	#draft(use: Use, name: SyntaxNode, isBound: boolean, where: Where): Draft | undefined {
		const { target, parsed, change } = where;
		if (!isBound) {
			const couldBe = use.kind !== 'import' && (!use.list || fits(target.change.before.parameters, use.list.arguments, use.isPartial));
			return couldBe && concernsCallers(target.change, target.language) ? possible(use, parsed, change) : undefined;
		}
		const unbound = target.language.unbound?.(use, target.change) ?? use;
		const overload = unbound.list ? chosenOverload(target.change.siblings, target.change.before, unbound.list, parsed) : 'it';
		if (overload === 'another') return undefined;
		if (overload === 'unclear')
			return {
				...possible(use, parsed, change),
				kind: use.kind,
				reason: 'Which of the overloads it calls cannot be told here.',
			};
		const chosen = (parameter: string) => this.#wisdom.valueFor?.(change, parameter);
		return draftOf({ ...where, use: unbound, name, holes: this.#holes, chosen });
	}
}

/** A changed function, and the place of the change that it is counted with. */
interface Aim {
	readonly target: Target;
	readonly takers: Takers;
	readonly change: number;
}

/** Where one change knows that its function is meant, another one of the same name has nothing to say. */
function withoutDoubts(drafts: readonly Draft[]): readonly Draft[] {
	const placeOf = ({ range: { start, end } }: Draft) => `${start} ${end}`;
	const known = new Set(drafts.filter(({ kind }) => kind !== 'possible').map(placeOf));
	return drafts.filter((draft) => draft.kind !== 'possible' || !known.has(placeOf(draft)));
}

function leftAlone(dependent: Dependent, why: string): Dependent {
	if (dependent.edits.length === 0) return dependent;
	return { ...dependent, class: 'W', edits: [], reason: `${why} ${dependent.reason}` };
}

type Where = Pick<BoundUse, 'parsed' | 'target' | 'change' | 'isOtherName'>;

interface Word {
	readonly name: string;
	/** Where it has this meaning, for one that is only another name. */
	readonly scope?: { readonly start: number; readonly end: number };
	readonly bound?: boolean;
}

/** `const { m } = object`: from there on it is the function, by the name that it has anyway. */
function isGiven(words: readonly Word[], name: string, at: number): boolean {
	return words.some((word) => word.bound && word.name === name && word.scope && word.scope.start <= at && at < word.scope.end);
}

/** Whether a call could need anything: where arguments have no names, another name of a parameter is nobody's business. */
function concernsCallers({ operations }: SignatureChange, { style }: Language): boolean {
	return operations.some(
		({ kind }) => kind !== 'receiver' && (kind !== 'rename' || style.named !== undefined || style.object !== undefined),
	);
}

function possible({ node }: Use, { file }: ParsedFile, change: number): Draft {
	const range = { start: node.startIndex, end: node.endIndex };
	return {
		path: file.path,
		range,
		kind: 'possible',
		class: 'W',
		reason: 'It has the name; whether it is the function cannot be told here.',
		edits: [],
		lists: [],
		change,
	};
}

/** Where a word stands in a text as a word. */
function* occurrences(text: string, word: string): Generator<number> {
	for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
		if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) yield at;
	}
}

function isPart(character: string | undefined): boolean {
	return character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
}
