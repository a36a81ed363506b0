import type { SourceFile } from '../signature/project.ts';
import type { Breath } from '../std/breath.ts';
import type { DiskFile, DiskFiles } from './disk-files.ts';
import type { OpenTexts } from './open-texts.ts';

/** What to look at: files in some languages, and these in any case. */
export interface Scope {
	readonly languageIds: ReadonlySet<string>;
	readonly paths: ReadonlySet<string>;
	/** How texts were, where that is known. */
	readonly before: ReadonlyMap<string, string>;
}

/** Everything in which dependents are looked for, with what is typed and not saved. */
export async function searchedFiles(files: DiskFiles, open: OpenTexts, scope: Scope, breath: Breath): Promise<readonly SourceFile[]> {
	const { languageIds, paths, before } = scope;
	const onDisk: ReadonlyMap<string, DiskFile> = new Map((await files.read(languageIds, breath)).map((file) => [file.path, file]));
	const found = new Map<string, SourceFile>(onDisk);
	for (const { path, languageId, text } of open.all) {
		// What is open and ignored is left out like what is closed and ignored.
		const isOurs = onDisk.has(path) || !files.isInside(path) || paths.has(path);
		if (isOurs && languageIds.has(languageId))
			found.set(path, { path, languageId, text, locked: onDisk.get(path)?.locked ?? files.lockOf(path, text) });
	}
	return [...found.values()].map((file) => ({ ...file, before: before.get(file.path) }));
}
