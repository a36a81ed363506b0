import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, context } from 'esbuild';

/**
 * Bundles the extension and the command line (`dist/`), and with `--tests` the three tiers of tests (`out/test/`).
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
const program = { ...shared, entryPoints: ['src/extension.ts', 'src/cli.ts', 'src/engine.ts'], outdir: 'dist', target: 'node20' };

async function testFiles(folder) {
	const entries = await readdir(folder, { recursive: true });
	return entries.filter((name) => name.endsWith('.test.ts') || name === 'index.ts').map((name) => join(folder, name));
}

async function testBuild() {
	const entryPoints = (await Promise.all(['test/unit', 'test/editor', 'test/e2e'].map(testFiles))).flat();
	await rm('out/test', { recursive: true, force: true });
	return { ...shared, entryPoints, outbase: 'test', outdir: 'out/test', target: 'node20', sourcemap: 'inline' };
}

if (process.argv.includes('--watch')) {
	await (await context(program)).watch();
} else if (process.argv.includes('--tests')) {
	await build(await testBuild());
	// The tests start it as a process of its own.
	await build({ ...program, entryPoints: ['src/engine.ts'], outdir: 'out/test' });
} else {
	await rm('dist', { recursive: true, force: true });
	await build(program);
}
