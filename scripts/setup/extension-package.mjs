import { copyFile, cp, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runChild } from './child.mjs';
import { prepareEngine } from './engine.mjs';
import { cacheFolder, root } from './steps.mjs';

/** What an install may weigh: the program stays small, whatever is added to it. Of a .vsix the grammars are 1.3 MB. */
const limits = { bundle: 300_000, vsix: 2_300_000, vsixWithEngine: 46_300_000 };

/** Bundles the extension for an editor that runs it from this folder. */
export async function buildExtension() {
	await runChild(process.execPath, ['esbuild.config.mjs'], { cwd: root, log: 'build' });
}

/**
 * The extension as it is being worked on, together with the engine that is otherwise only in its package.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<string>} a folder that an editor can run it from
 */
export async function linkExtension(report) {
	const { modules } = await prepareEngine(report);
	const folder = join(cacheFolder, 'start', 'extension');
	await rm(folder, { recursive: true, force: true });
	await mkdir(join(folder, 'engine'), { recursive: true });
	await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
	const links = { dist: join(root, 'dist'), media: join(root, 'media'), 'engine/node_modules': modules };
	// Windows lets everybody make a junction, and only administrators another link.
	for (const [name, path] of Object.entries(links)) await symlink(path, join(folder, name), 'junction');
	return folder;
}

/**
 * Builds the extension for production and packs it into a .vsix, refusing one that became too large.
 *
 * @param {object} [options]
 * @param {string} [options.target] a platform as VS Code names it, `linux-x64`: with the embedded engine for it. Without: for all
 *   platforms, and without an engine.
 * @param {(report: string) => void} [options.report] progress
 * @returns {Promise<{vsix: string, bundleBytes: number, vsixBytes: number}>}
 */
export async function packageExtension({ target, report = () => {} } = {}) {
	const vsix = join(root, 'out', target ? `co-clone-${target}.vsix` : 'co-clone.vsix');
	await mkdir(dirname(vsix), { recursive: true });
	const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
	// It runs `vscode:prepublish`, the production build, itself. The bundle needs no packages beside it.
	const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix];
	await putEngine(target, report);
	try {
		report('packing');
		const args = [vsce, 'package', ...options, ...(target ? ['--target', target] : [])];
		await runChild(process.execPath, args, { cwd: root, log: 'package' });
	} finally {
		await rm(engineFolder, { recursive: true, force: true });
	}
	const bundleBytes = await size(join(root, 'dist', 'extension.cjs'), limits.bundle);
	return { vsix, bundleBytes, vsixBytes: await size(vsix, target ? limits.vsixWithEngine : limits.vsix) };
}

/** Where the extension looks for its engine. */
const engineFolder = join(root, 'engine');

async function putEngine(target, report) {
	await rm(engineFolder, { recursive: true, force: true });
	if (!target) return;
	const { modules } = await prepareEngine(report, target);
	await cp(modules, join(engineFolder, 'node_modules'), { recursive: true });
}

async function size(path, limit) {
	const { size: bytes } = await stat(path);
	if (bytes > limit) throw new Error(`${path} has ${kilobytes(bytes)}; the limit is ${kilobytes(limit)}.`);
	return bytes;
}

/**
 * A size as people read it: `123.4 kB`.
 *
 * @param {number} bytes
 */
export function kilobytes(bytes) {
	return `${(bytes / 1000).toFixed(1)} kB`;
}
