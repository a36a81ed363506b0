import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { cacheFolder } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.mjs';

/** llama.cpp as a module for Node, in the newest version that has a package for every platform below. */
const version = '3.21.1';

/** Change it whenever the recipe below changes: what an older recipe prepared is then thrown away. */
const recipe = `node-llama-cpp@${version} 3`;

/**
 * The packages of `@node-llama-cpp/` with the binaries for a platform, as VS Code names platforms. Those for Vulkan need the system's
 * Vulkan library, so they come beside the ones for the processor; those for CUDA weigh hundreds of megabytes.
 */
const binaries = {
	'darwin-arm64': ['mac-arm64-metal'],
	'darwin-x64': ['mac-x64'],
	'linux-arm64': ['linux-arm64'],
	'linux-x64': ['linux-x64', 'linux-x64-vulkan'],
	'win32-arm64': ['win-arm64'],
	'win32-x64': ['win-x64', 'win-x64-vulkan'],
};

/** The platforms that there is an engine for. */
export const engineTargets = Object.keys(binaries);

/** This machine, as VS Code names platforms. The binaries for Linux need glibc, which Alpine does not have. */
export function thisTarget() {
	const isMusl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
	return `${isMusl ? 'alpine' : process.platform}-${process.arch}`;
}

/**
 * Makes sure that the engine's packages lie under `.cache/engine/<platform>/`: they are no dependencies of the project, because npm would
 * fetch 725 MB for all platforms where 40 MB for one are enough. Nothing of them is run while installing. Ten seconds the first
 * time, nothing after that.
 *
 * @param {(report: string) => void} [report] progress
 * @param {string} [target] the platform it is for
 * @returns {Promise<{llama: string, modules: string}>} the entry of node-llama-cpp, and the folder of all its packages
 */
export async function prepareEngine(report = () => {}, target = thisTarget()) {
	const names = binaries[target];
	if (!names) throw new Error(`There is no embedded engine for ${target}. There is one for ${engineTargets.join(', ')}.`);
	const parent = join(cacheFolder, 'engine');
	const ready = join(parent, target);
	const modules = join(ready, 'node_modules');
	if (!(await isReady(ready))) {
		await inTemporaryFolder(parent, async (folder) => {
			report('downloading llama.cpp (50 MB)');
			await install(folder, target, names);
			await prune(join(folder, 'node_modules'));
			await writeFile(join(folder, 'recipe'), recipe);
			await rm(ready, { recursive: true, force: true });
			await rename(folder, ready);
		});
	}
	return { llama: join(modules, 'node-llama-cpp', 'dist', 'index.js'), modules };
}

async function isReady(folder) {
	return (await readFile(join(folder, 'recipe'), 'utf8').catch(() => undefined)) === recipe;
}

async function install(folder, target, names) {
	// Without a package.json of its own npm would take the project's.
	await writeFile(join(folder, 'package.json'), '{ "private": true }');
	const packages = [`node-llama-cpp@${version}`, ...names.map((name) => `@node-llama-cpp/${name}@${version}`)];
	// The target may be another platform than this one, which npm refuses otherwise.
	const options = ['--force', '--omit=optional', '--no-bin-links', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	await runChild('npm', ['install', ...options, ...packages], { cwd: folder, log: 'engine-packages' });
	const missing = names.filter((name) => !existsSync(join(folder, 'node_modules', '@node-llama-cpp', name, 'bins')));
	if (missing.length > 0) throw new Error(`npm did not install ${missing.join(', ')}, the engine for ${target}.`);
}

/** Leaves out what is for building llama.cpp, for linking with it and for reading the code: half of the bytes and of the files. */
async function prune(modules) {
	const llama = join(modules, 'node-llama-cpp');
	const sources = (await readdir(join(llama, 'llama'))).filter((name) => !name.endsWith('.json'));
	const unused = [...['bins', 'templates'].map((name) => join(llama, name)), ...sources.map((name) => join(llama, 'llama', name))];
	for (const path of unused) await rm(path, { recursive: true, force: true });
	for (const name of await readdir(modules, { recursive: true })) {
		if (/\.(d\.[cm]?ts|map|lib)$/.test(name)) await rm(join(modules, name));
	}
}
