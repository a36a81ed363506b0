import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { packagesOf } from './packages.ts';
import { sourceFiles } from './tasks-files.ts';
import { formatTasks, type Slice, slices, type Task } from './tasks-format.ts';
import { makeTasks } from './tasks-maker.ts';

export const tasksUsage = `  tasks DIR   places in the source files of a folder, with what their authors wrote there
      --count N        how many (default 400)
      --seed N         other places with another seed (default 1)
      --slices NAMES   ${slices.join(',')}: taken in turn, so that naming one twice doubles its share
      --out FILE       default .cache/bench/tasks.jsonl`;

export async function tasks(args: string[]): Promise<void> {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			out: { type: 'string', default: '.cache/bench/tasks.jsonl' },
			count: { type: 'string', default: '400' },
			seed: { type: 'string', default: '1' },
			slices: { type: 'string', default: slices.join(',') },
		},
	});
	const [folder] = positionals;
	if (folder === undefined) throw new Error(`Name a folder with source files.\n\n${tasksUsage}`);
	const files = await sourceFiles(folder);
	const options = {
		count: Number(values.count),
		seed: Number(values.seed),
		slices: values.slices.split(',').map(asSlice),
		packageOf: packagesOf(folder),
	};
	const made = makeTasks(files, options);
	await mkdir(dirname(values.out), { recursive: true });
	await writeFile(values.out, formatTasks(made));
	console.log(`${made.length} tasks from ${files.length} files in ${values.out}`);
	for (const [kind, count] of counts(made)) console.log(`  ${kind}: ${count}`);
}

function asSlice(name: string): Slice {
	const slice = slices.find((known) => known === name);
	if (!slice) throw new Error(`There is no slice ${name}. The slices are ${slices.join(', ')}.`);
	return slice;
}

function counts(made: readonly Task[]): Map<string, number> {
	const counted = new Map<string, number>();
	for (const { slice = '', languageId = '', cross_file } of made) {
		for (const kind of [slice, languageId, ...(cross_file ? ['names what only another file declares'] : [])])
			counted.set(kind, (counted.get(kind) ?? 0) + 1);
	}
	return counted;
}
