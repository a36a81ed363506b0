import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { root } from './steps.mjs';

/** Says which lock file the installed packages came from; npm removes it together with `node_modules`. */
const stamp = join(root, 'node_modules', '.co-clone-lock');

/**
 * Installs the packages that package-lock.json names, when they are not installed yet. The second start then costs nothing.
 *
 * @param {(report: string) => void} [report] progress
 */
export async function installDependencies(report) {
	const lock = createHash('sha256')
		.update(await readFile(join(root, 'package-lock.json')))
		.digest('hex');
	const installed = await readFile(stamp, 'utf8').catch(() => undefined);
	if (installed === lock) return;
	await runChild('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, log: 'npm-ci', onLine: report });
	await writeFile(stamp, lock);
}
