import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../../scripts/setup/child.mjs';
import { cacheFolder } from '../../scripts/setup/steps.mjs';
import { inTemporaryFolder } from '../../scripts/setup/temporary-folder.mjs';

/** Debian's packages with the server, and with the one library of it that only servers have. */
const packages = ['openssh-server', 'libwrap0'];

/**
 * Finds OpenSSH's server, or unpacks Debian's under `.cache/sshd/`. It is not installed: that would start one for everybody.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<string | undefined>} the folder in which it lies as it would below `/`; undefined where there is none and none can
 *   be had
 */
export async function findSshd(report = () => {}) {
	if (existsSync('/usr/sbin/sshd')) return '/';
	if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
	const ready = join(cacheFolder, 'sshd');
	if (!existsSync(ready)) {
		await inTemporaryFolder(cacheFolder, async (folder) => {
			report('downloading it from Debian');
			await download(folder);
			for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
				await runChild('dpkg', ['-x', join(folder, file), folder], { log: 'sshd-unpack' });
				await rm(join(folder, file));
			}
			await rename(folder, ready);
		});
	}
	return ready;
}

async function download(folder) {
	const get = () => runChild('apt-get', ['download', ...packages], { cwd: folder, log: 'sshd-download' });
	// Fresh containers have no lists of packages.
	await get().catch(async () => {
		await runChild('apt-get', ['update'], { log: 'apt-update' });
		await get();
	});
}
