import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { lstat, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languageOf } from '../completion/language.ts';
import { IgnoreRules } from '../context/index/ignore-rules.ts';
import { lockOf } from '../context/index/source-file.ts';
import type { SourceFile } from '../signature/project.ts';
import { filesAt, GitError, git, gitPaths, isIgnored, isRepository } from './git.ts';
import { UsageError } from './usage.ts';

/** What nobody writes by hand, and what costs more to parse than it can be worth. */
const mostBytes = 2_000_000;

/**
 * The files of a folder as they are, and as they were at a revision or in another folder: those that are wanted and that no `.gitignore` leaves out.
 */
export async function readTree(
	root: string,
	before: string,
	isWanted: (path: string) => boolean,
	signal: AbortSignal,
): Promise<readonly SourceFile[]> {
	const hasGit = await isRepository(root, signal);
	const paths = (await listFiles(root, hasGit, signal)).filter(isWanted);
	const modes = await modesOf(root, paths);
	const present = await readTexts(root, [...modes.keys()], signal);
	const old = await oldTexts(root, before, present, hasGit, signal);
	return [...present].map(([path, text]) => ({
		path,
		languageId: languageOf(path),
		text,
		before: old.get(path),
		locked: lockOf(path, text, modes.get(path)),
	}));
}

async function listFiles(root: string, hasGit: boolean, signal: AbortSignal): Promise<readonly string[]> {
	const isFolder = await stat(root).then(
		(found) => found.isDirectory(),
		() => false,
	);
	if (!isFolder) throw new UsageError(`${root} is no folder.`);
	// Whoever names an ignored folder means it.
	if (hasGit && !(await isIgnored(root, signal)))
		return [...new Set(await gitPaths(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], signal))].toSorted();
	return walk(root, '', new IgnoreRules(root, []));
}

/** Of files only: what is behind a link is a file of its own, or none of ours. */
async function modesOf(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
	const modes = new Map<string, number>();
	for (const path of paths) {
		const found = await lstat(join(root, path)).catch(() => undefined);
		if (found?.isFile()) modes.set(path, found.mode);
	}
	return modes;
}

async function walk(root: string, folder: string, rules: IgnoreRules): Promise<string[]> {
	const entries = await readdir(join(root, folder), { withFileTypes: true });
	const found = await Promise.all(
		entries.map(async (entry) => {
			const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
			if (rules.isIgnored(path, entry.isDirectory())) return [];
			return entry.isDirectory() ? walk(root, path, rules) : entry.isFile() ? [path] : [];
		}),
	);
	return found.flat().toSorted();
}

/** What is not there any more, cannot be read or is no text is left out: nothing of ours could be done to it. */
async function readTexts(root: string, paths: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
	const texts = new Map<string, string>();
	for (const path of paths) {
		signal.throwIfAborted();
		const content = await readFile(join(root, path)).catch(() => undefined);
		const text = content && textOf(content);
		if (text !== undefined) texts.set(path, text);
	}
	return texts;
}

function textOf(content: Buffer): string | undefined {
	// In another encoding it would come back as something else.
	return content.length > mostBytes || content.includes(0) || !isUtf8(content) ? undefined : content.toString('utf8');
}

async function oldTexts(
	root: string,
	before: string,
	present: ReadonlyMap<string, string>,
	hasGit: boolean,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	const isFolder = await stat(before).then(
		(found) => found.isDirectory(),
		() => false,
	);
	if (isFolder) return readTexts(before, [...present.keys()], signal);
	if (!hasGit) throw new UsageError(`${before} is no folder, and ${root} is in no git repository.`);
	await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${before}^{commit}`], signal).catch((error: unknown) => {
		if (!(error instanceof GitError)) throw error;
		throw new UsageError(`${before} is neither a folder nor a revision of the repository.`);
	});
	const changed = new Set(await gitPaths(root, ['diff', '--name-only', '-z', '--relative', '--no-renames', before, '--', '.'], signal));
	const untracked = new Set(await gitPaths(root, ['ls-files', '-z', '--others', '--exclude-standard'], signal));
	const contents = await filesAt(
		root,
		before,
		[...present.keys()].filter((path) => changed.has(path)),
		signal,
	);
	const old = new Map([...present].filter(([path]) => !changed.has(path) && !untracked.has(path)));
	for (const [path, content] of contents) {
		const text = textOf(content);
		if (text !== undefined) old.set(path, text);
	}
	return old;
}

/** Writes a file that is still what it was when it was read; whoever reads it meanwhile sees either all of it or nothing of it. */
export async function replaceFile(root: string, path: string, expected: string, text: string): Promise<boolean> {
	const file = await realpath(join(root, path));
	if ((await readFile(file, 'utf8')) !== expected) return false;
	const { mode } = await stat(file);
	const temporary = `${file}.${randomUUID()}`;
	try {
		await writeFile(temporary, text, { mode });
		await rename(temporary, file);
	} finally {
		await rm(temporary, { force: true });
	}
	return true;
}
