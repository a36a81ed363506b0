import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { languageOf } from '../src/completion/language.ts';
import { isCode } from './tasks-language.ts';

export interface SourceFile {
	/** From the folder, with `/`. */
	readonly path: string;
	readonly languageId: string;
	readonly text: string;
}

const sizes = { least: 800, most: 200_000 };
const mostMeanLength = 80;
const mostLineLength = 400;

/** Folders with code that nobody of the project types, or that repeats itself. */
const otherFolders =
	/(^|\/)(\.[^/]*|node_modules|vendor|third_party|dist|build|out|testdata|fixtures|__tests__|__snapshots__|tests?|examples?)\//i;
const otherFiles = /(\.min\.\w+|\.d\.[mc]?ts|[._]pb2?\.\w+|_generated?\.\w+|\.gen\.\w+|[._](test|spec)\.\w+|(^|\/)test_[^/]*)$/i;
const generatedMark = /code generated|@generated|do not edit/i;

/** The files with code that people wrote, in an order that does not depend on the machine. */
export async function sourceFiles(folder: string): Promise<SourceFile[]> {
	const entries = await readdir(folder, { recursive: true });
	const paths = entries.map((entry) => entry.split(sep).join('/')).filter((path) => isCode(languageOf(path)) && isOwn(path));
	const files = await Promise.all(paths.sort().map((path) => sourceFile(folder, path)));
	return files.filter((file) => file !== undefined);
}

function isOwn(path: string): boolean {
	return !otherFolders.test(path) && !otherFiles.test(path);
}

async function sourceFile(folder: string, path: string): Promise<SourceFile | undefined> {
	const full = join(folder, path);
	const { size } = await stat(full);
	if (size < sizes.least || size > sizes.most) return undefined;
	const text = (await readFile(full, 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
	return isHandwritten(text) ? { path, languageId: languageOf(path), text } : undefined;
}

export function isHandwritten(text: string): boolean {
	const lines = text.split('\n');
	const isShort = text.length / lines.length <= mostMeanLength && lines.every(({ length }) => length <= mostLineLength);
	return isShort && !generatedMark.test(text.slice(0, 2000)) && !text.includes('\0');
}
