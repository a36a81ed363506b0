import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const script = resolve('node_modules', 'pyright', 'index.js');

/**
 * What pyright says is wrong with Python files, a line for each error. It brings the types of Python's own library along, and fetches nothing.
 * @param files those to check; absent: what `pyrightconfig.json` in the folder says, or all
 */
export function pyright(folder: string, files: readonly string[] = []): readonly string[] {
	const args = [script, '--pythonversion', '3.12', '--level', 'error', ...files];
	const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
	// 1: it found something. Everything above is a failure of its own.
	if (status !== 0 && status !== 1) throw new Error(`pyright failed: ${stdout}${stderr}`);
	return stdout.split('\n').filter((line) => / - error: /.test(line));
}
