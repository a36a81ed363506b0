import { lastLines } from '../src/completion/tokens.ts';
import { type Random, seededRandom, shuffled } from './random.ts';
import { firstLine, identifiers } from './score.ts';
import type { SourceFile } from './tasks-files.ts';
import type { Slice, Task } from './tasks-format.ts';
import { declaredNames } from './tasks-language.ts';
import { type Place, placesIn } from './tasks-places.ts';

export interface MakeOptions {
	readonly count: number;
	readonly seed: number;
	/** Taken in turn, so that the beginning of a list of tasks is as mixed as the whole; one that is named twice comes twice as often. */
	readonly slices: readonly Slice[];
	/** Of a file, which package it belongs to; all to the same where that is not said. */
	readonly packageOf?: (path: string) => string;
}

/** Characters around the cursor that are kept; more than any window. */
const kept = { before: 9000, after: 4000 };

/** After so many rounds through all files without a new place of a kind there are taken to be no more. */
const mostMisses = 3;

/** Tasks out of files: each file in turn, and in each a place by chance. The same for the same files and options. */
export function makeTasks(files: readonly SourceFile[], { count, seed, slices, packageOf = () => '' }: MakeOptions): Task[] {
	const random = seededRandom(seed);
	const queue = shuffled(files, random);
	const defined = definedNames(files, packageOf);
	const tasks = new Map<string, Task>();
	let wanted = slices;
	let misses = 0;
	for (let turn = 0; tasks.size < count && wanted.length > 0; ) {
		const slice = wanted[turn % wanted.length] ?? 'line-start';
		const task = nextTask(queue, slice, random, defined);
		if (task && !tasks.has(task.id)) {
			tasks.set(task.id, task);
			misses = 0;
			turn++;
		} else if (++misses > mostMisses * files.length) {
			wanted = wanted.filter((other) => other !== slice);
			misses = 0;
		}
	}
	return [...tasks.values()];
}

/** From the file whose turn it is. */
function nextTask(queue: SourceFile[], slice: Slice, random: Random, defined: DefinedNames): Task | undefined {
	const file = queue.shift();
	if (!file) return undefined;
	queue.push(file);
	const place = anyPlace(file, slice, random);
	return place && taskAt(file, slice, place, defined);
}

function anyPlace({ text, languageId }: SourceFile, slice: Slice, random: Random): Place | undefined {
	// What comes after a line was written after it half of the time.
	const places = placesIn(text, languageId, slice, random() < 0.5);
	return places[Math.floor(random() * places.length)];
}

function taskAt(file: SourceFile, slice: Slice, { start, end }: Place, defined: DefinedNames): Task {
	const { path, languageId, text } = file;
	const block = text.slice(start, end);
	const shown = new Set(identifiers(`${text.slice(0, start)} ${text.slice(end)}`));
	const isElsewhere = defined.elsewhere(file);
	return {
		id: `${path}:${start}:${end}`,
		path,
		languageId,
		slice,
		prefix: lastLines(text.slice(0, start), kept.before / 3),
		suffix: text.slice(end, end + kept.after),
		gt_line: firstLine(block),
		gt_block: block,
		cross_file: identifiers(partOfWord(text, start) + firstLine(block)).some((name) => !shown.has(name) && isElsewhere(name)),
	};
}

function partOfWord(text: string, end: number): string {
	return /[\p{L}\p{N}_$]*$/u.exec(text.slice(Math.max(0, end - 100), end))?.[0] ?? '';
}

interface DefinedNames {
	/** Tells of a name whether another file in the same language and package declares it. */
	elsewhere(file: SourceFile): (name: string) => boolean;
}

function definedNames(files: readonly SourceFile[], packageOf: (path: string) => string): DefinedNames {
	const groupOf = ({ path, languageId }: SourceFile) => JSON.stringify([packageOf(path), languageId]);
	const declaring = new Map<string, Map<string, number>>();
	for (const file of files) {
		const names = declaring.get(groupOf(file)) ?? new Map<string, number>();
		for (const name of new Set(declaredNames(file.text, file.languageId))) names.set(name, (names.get(name) ?? 0) + 1);
		declaring.set(groupOf(file), names);
	}
	return {
		elsewhere: (file) => {
			const own = new Set(declaredNames(file.text, file.languageId));
			return (name) => (declaring.get(groupOf(file))?.get(name) ?? 0) > (own.has(name) ? 1 : 0);
		},
	};
}
