import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../../scripts/setup/child.mjs';
import { cacheFolder } from '../../scripts/setup/steps.mjs';
import { inTemporaryFolder } from '../../scripts/setup/temporary-folder.mjs';

/**
 * Unpacks packages of Debian under `.cache/`. They are not installed: that would start servers for everybody.
 *
 * @param {string} name of the folder
 * @param {string[]} packages with what they need and not every machine has
 * @param {(report: string) => void} report progress
 * @returns {Promise<string | undefined>} the folder in which they lie as they would below `/`; undefined where none can be had
 */
export async function unpackDebianPackages(name, packages, report) {
	if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
	const ready = join(cacheFolder, name);
	if (!existsSync(ready)) {
		await inTemporaryFolder(cacheFolder, async (folder) => {
			report('downloading it from Debian');
			await download(name, packages, folder);
			for (const file of (await readdir(folder)).filter((file) => file.endsWith('.deb'))) {
				await runChild('dpkg', ['-x', join(folder, file), folder], { log: `${name}-unpack` });
				await rm(join(folder, file));
			}
			await rename(folder, ready);
		});
	}
	return ready;
}

async function download(name, packages, folder) {
	const get = () => runChild('apt-get', ['download', ...packages], { cwd: folder, log: `${name}-download` });
	// Fresh containers have no lists of packages.
	await get().catch(async () => {
		await runChild('apt-get', ['update'], { log: 'apt-update' });
		await get();
	});
}
