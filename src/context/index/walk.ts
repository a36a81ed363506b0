import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSecretPath } from '../../secrets/files.ts';
import type { IgnoreRules } from './ignore-rules.ts';
import { isForeign } from './source-file.ts';

/**
 * The files of a folder that may be read, from the folder, with `/`; undefined after each folder, so that whoever walks can pause. What is
 * near comes first. Those with secrets are never among them; of the others `isLeftOut` decides. Links are not followed, so there are no
 * circles. A folder that cannot be read has no files.
 */
export function* walk(root: string, rules: IgnoreRules, isLeftOut = isForeign): Generator<string | undefined> {
	const folders = [''];
	for (let next = 0; next < folders.length; next++) {
		const folder = folders[next] ?? '';
		for (const entry of entriesOf(join(root, folder))) {
			const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) {
				if (!rules.isIgnored(path, true)) folders.push(path);
			} else if (entry.isFile() && !isLeftOut(join(root, path)) && !isSecretPath(join(root, path)) && !rules.isIgnored(path, false)) {
				yield path;
			}
		}
		// What was walked is not needed any more.
		folders[next] = '';
		yield undefined;
	}
}

/** Whether a file may be read as far as its whole name tells. */
export function isWantedName(path: string): boolean {
	return !isForeign(path) && !isSecretPath(path);
}

/** By name, so that it is the same everywhere. */
function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch {
		return [];
	}
}
