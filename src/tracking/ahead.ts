import type { Outlines } from '../signature/outlines.ts';
import type { Breath } from '../std/breath.ts';
import type { DiskFiles } from './disk-files.ts';
import { type Parsers, relatedIds } from './parsers.ts';
import { projectOf } from './planning.ts';

/** A declaration that somebody has begun to edit. */
export interface Begun {
	readonly path: string;
	readonly languageId: string;
	readonly name: string;
}

/** Where the plan for it will find what was read. */
export interface Readings {
	readonly files: DiskFiles;
	readonly parsers: Parsers;
	readonly outlines: Outlines;
}

/** Reads what the plan will need: whoever edits a signature types for a while, and waits once it is written. */
export async function readAhead({ path, languageId, name }: Begun, { files, parsers, outlines }: Readings, breath: Breath): Promise<void> {
	const ids = new Set(relatedIds(languageId));
	for (const id of ids) await parsers.load(id);
	const task = { root: files.rootOf(path), files: await files.read(ids, breath), outlines, parse: (id: string) => parsers.get(id) };
	const project = projectOf(task).about(new Set([name]));
	const language = project.languageOf(languageId);
	for (const file of language ? project.mentioning(language, [name]) : []) {
		await breath.take();
		project.outlineOf(file);
	}
}
