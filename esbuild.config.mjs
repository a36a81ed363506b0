import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, context } from 'esbuild';

/**
 * Bundles the extension and the command line (`dist/`), with `--tests` the three tiers of tests (`out/test/`), and with `--bench` the
 * bench (`out/bench/`).
 * p-cancelable is ESM-only and VS Code loads CommonJS, so everything, tests included, goes through here.
 */
const production = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const shared = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	outExtension: { '.js': '.cjs' },
	external: ['vscode', 'mocha', 'playwright-core', '@vscode/test-electron'],
	sourcemap: !production,
	minify: production,
	keepNames: true,
	logLevel: 'warning',
};

// VS Code 1.101 runs Node 22; the command line promises Node 20.
const program = {
	...shared,
	entryPoints: ['src/extension.ts', 'src/cli.ts', 'src/engine.ts', 'src/index-worker.ts'],
	outdir: 'dist',
	target: 'node20',
};

/** For what runs without an editor and yet needs one. */
const standIn = { alias: { vscode: './bench/editor/vscode.ts' }, external: shared.external.filter((name) => name !== 'vscode') };

const bench = {
	...shared,
	...standIn,
	entryPoints: ['bench/bench.ts', 'bench/footprint/any-vscode.ts', 'src/engine.ts', 'src/index-worker.ts'],
	entryNames: '[name]',
	outdir: 'out/bench',
	target: 'node20',
};

async function testFiles(folder) {
	const entries = await readdir(folder, { recursive: true });
	return entries.filter((name) => name.endsWith('.test.ts') || name === 'index.ts').map((name) => join(folder, name));
}

async function testBuild(folders) {
	const entryPoints = (await Promise.all(folders.map(testFiles))).flat();
	return { ...shared, entryPoints, outbase: 'test', outdir: 'out/test', target: 'node20', sourcemap: 'inline' };
}

if (process.argv.includes('--watch')) {
	await (await context(program)).watch();
} else if (process.argv.includes('--tests')) {
	await rm('out/test', { recursive: true, force: true });
	await build({ ...(await testBuild(['test/unit'])), ...standIn });
	await build(await testBuild(['test/editor', 'test/e2e']));
	// The tests start them as a process and a thread of their own.
	await build({ ...program, entryPoints: ['src/engine.ts', 'src/index-worker.ts'], outdir: 'out/test' });
} else if (process.argv.includes('--bench')) {
	await build(bench);
	// It finds the stand-in where an extension finds the editor.
	await build({ ...shared, entryPoints: ['bench/footprint/probe.ts'], outdir: 'out/bench', target: 'node20' });
} else {
	await rm('dist', { recursive: true, force: true });
	await build(program);
}
