import { mkdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runChild } from './child.mjs';
import { root } from './steps.mjs';

/** What an install may weigh: the program stays small, whatever is added to it. */
const limits = { bundle: 300_000, vsix: 1_000_000 };

/** Bundles the extension for an editor that runs it from this folder. */
export async function buildExtension() {
	await runChild(process.execPath, ['esbuild.config.mjs'], { cwd: root, log: 'build' });
}

/**
 * Builds the extension for production and packs it into a .vsix, refusing one that became too large.
 *
 * @param {string} [vsix] where to write it
 * @returns {Promise<{vsix: string, bundleBytes: number, vsixBytes: number}>}
 */
export async function packageExtension(vsix = join(root, 'out', 'co-clone.vsix')) {
	await mkdir(dirname(vsix), { recursive: true });
	const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
	// It runs `vscode:prepublish`, the production build, itself. The bundle needs no packages beside it.
	const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix];
	await runChild(process.execPath, [vsce, 'package', ...options], { cwd: root, log: 'package' });
	const bundleBytes = await size(join(root, 'dist', 'extension.cjs'), limits.bundle);
	return { vsix, bundleBytes, vsixBytes: await size(vsix, limits.vsix) };
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
