import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Runs `work` with a new folder inside `parent`, and removes the folder afterwards, also when Ctrl+C ends the process in between. What is
 * prepared in it and renamed when complete is never seen half-finished, and leaves nothing behind when it fails.
 *
 * @template T
 * @param {string} parent
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTemporaryFolder(parent, work) {
	await mkdir(parent, { recursive: true });
	const folder = await mkdtemp(join(parent, 'unfinished-'));
	const remove = () => rmSync(folder, { recursive: true, force: true });
	process.once('exit', remove);
	try {
		return await work(folder);
	} finally {
		process.off('exit', remove);
		remove();
	}
}
