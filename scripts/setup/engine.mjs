import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { cacheFolder } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.mjs';

/** llama.cpp as a module for Node; its packages for the platforms have the same version. */
const version = '3.22.1';

/** The package with the binary for a platform. Those for graphics cards of other makers than Apple weigh hundreds of megabytes. */
const binaries = {
	'darwin-arm64': 'mac-arm64-metal',
	'darwin-x64': 'mac-x64',
	'linux-arm': 'linux-armv7l',
	'linux-arm64': 'linux-arm64',
	'linux-x64': 'linux-x64',
	'win32-arm64': 'win-arm64',
	'win32-x64': 'win-x64',
};

/**
 * Makes sure that the engine's packages lie under `.cache/engine/<platform>/`: they are no dependencies of the project, because npm would
 * fetch 725 MB for all platforms where 85 MB for one are enough. Nothing of them is run while installing. Half a minute the first
 * time, nothing after that.
 *
 * @param {(report: string) => void} [report] progress
 * @param {string} [target] the platform it is for, as VS Code names it: `linux-x64`
 * @returns {Promise<{llama: string, modules: string, version: string}>} the entry of node-llama-cpp, and the folder of all its packages
 */
export async function prepareEngine(report = () => {}, target = `${process.platform}-${process.arch}`) {
	const binary = binaries[target];
	if (!binary) throw new Error(`There is no embedded engine for ${target}. There is one for ${Object.keys(binaries).join(', ')}.`);
	const parent = join(cacheFolder, 'engine');
	const ready = join(parent, target);
	const modules = join(ready, 'node_modules');
	if (!(await isReady(ready))) {
		await inTemporaryFolder(parent, async (folder) => {
			report('downloading llama.cpp (85 MB)');
			await install(folder, target, binary);
			await rm(ready, { recursive: true, force: true });
			await rename(folder, ready);
		});
	}
	return { llama: join(modules, 'node-llama-cpp', 'dist', 'index.js'), modules, version };
}

async function isReady(folder) {
	return (await readFile(join(folder, 'version'), 'utf8').catch(() => undefined)) === version;
}

async function install(folder, target, binary) {
	// Without a package.json of its own npm would take the project's.
	await writeFile(join(folder, 'package.json'), '{ "private": true }');
	const packages = [`node-llama-cpp@${version}`, `@node-llama-cpp/${binary}@${version}`];
	const [os, cpu] = target.split('-');
	const platform = [`--os=${os}`, `--cpu=${cpu}`];
	const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	await runChild('npm', ['install', '--omit=optional', ...platform, ...quiet, ...packages], { cwd: folder, log: 'engine-packages' });
	if (!existsSync(join(folder, 'node_modules', '@node-llama-cpp', binary)))
		throw new Error(`npm did not install the engine for ${target}.`);
	await writeFile(join(folder, 'version'), version);
}
