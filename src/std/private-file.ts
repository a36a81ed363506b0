import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { preparePrivateFolder } from './private-folder.ts';

/** A file that somebody else could have written, or could read. */
export class NotPrivateError extends Error {
	override readonly name = 'NotPrivateError';

	constructor(path: string, why: string) {
		super(`${path} ${why}. Nothing is read from it or written to it; delete it if you do not know why it is there.`);
	}
}

/**
 * What a file says that only the user can read and write; undefined where there is none.
 * @throws NotPrivateError
 */
export function readPrivate(path: string): string | undefined {
	const file = openExisting(path);
	if (file === undefined) return undefined;
	try {
		const found = fstatSync(file);
		if (!found.isFile()) throw new NotPrivateError(path, 'is no file');
		if (process.platform !== 'win32') {
			if (found.uid !== process.getuid?.()) throw new NotPrivateError(path, 'belongs to somebody else');
			if ((found.mode & 0o077) !== 0) throw new NotPrivateError(path, 'can be read or written by others');
		}
		return readFileSync(file, 'utf8');
	} finally {
		closeSync(file);
	}
}

/**
 * Writes a file that only the user can read, in a folder that only they can enter. Whoever reads it meanwhile has all of the old text or
 * all of the new one.
 * @throws NotPrivateError where there is something else in its place
 */
export function writePrivate(path: string, text: string): void {
	preparePrivateFolder(dirname(path));
	const found = lstatSync(path, { throwIfNoEntry: false });
	if (found && !found.isFile()) throw new NotPrivateError(path, found.isSymbolicLink() ? 'is a link' : 'is no file');
	const next = `${path}.${randomBytes(6).toString('hex')}`;
	try {
		writeFileSync(next, text, { flag: 'wx', mode: 0o600 });
		renameSync(next, path);
	} catch (error) {
		rmSync(next, { force: true });
		throw error;
	}
}

function openExisting(path: string): number | undefined {
	try {
		// Windows has no such flag, and hardly any links.
		return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'ENOENT') return undefined;
		if (code === 'ELOOP') throw new NotPrivateError(path, 'is a link');
		throw error;
	}
}
