import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
	external: ['vscode', 'mocha', 'playwright-core', '@vscode/test-electron', '@napi-rs/keyring'],
	sourcemap: !production,
	minify: production,
	keepNames: !production,
	logLevel: 'warning',
};

// VS Code 1.101 runs Node 22; the command line promises Node 20.
const program = {
	...shared,
	entryPoints: [
		'src/extension.ts',
		'src/signatures.ts',
		'src/shared-gateway.ts',
		'src/cli.ts',
		'src/engine.ts',
		'src/index-worker.ts',
		'src/signature-worker.ts',
	],
	outdir: 'dist',
	target: 'node20',
};

/** For what runs without an editor and yet needs one. */
const standIn = { alias: { vscode: './bench/editor/vscode.ts' }, external: shared.external.filter((name) => name !== 'vscode') };

const bench = {
	...shared,
	...standIn,
	// As it is shipped: to give each function its name again whenever it is made costs what nobody has to pay.
	keepNames: false,
	entryPoints: [
		'bench/bench.ts',
		'bench/footprint/any-vscode.ts',
		'bench/gateway/clients.ts',
		'src/engine.ts',
		'src/index-worker.ts',
		'src/signature-worker.ts',
	],
	entryNames: '[name]',
	outdir: 'out/bench',
	target: 'node20',
};

/** The files of tree-sitter: its library, and one grammar per language. They are data, and never bundled. */
const grammars = [
	'web-tree-sitter/web-tree-sitter.cjs',
	'web-tree-sitter/web-tree-sitter.wasm',
	'tree-sitter-typescript/tree-sitter-typescript.wasm',
	'tree-sitter-typescript/tree-sitter-tsx.wasm',
	'tree-sitter-javascript/tree-sitter-javascript.wasm',
	'tree-sitter-python/tree-sitter-python.wasm',
	'tree-sitter-go/tree-sitter-go.wasm',
	'tree-sitter-java/tree-sitter-java.wasm',
	'tree-sitter-rust/tree-sitter-rust.wasm',
	'tree-sitter-cpp/tree-sitter-cpp.wasm',
	'tree-sitter-c-sharp/tree-sitter-c_sharp.wasm',
];

async function copyGrammars(folder) {
	const target = join(folder, 'grammars');
	await mkdir(target, { recursive: true });
	await Promise.all(grammars.map((file) => copyFile(join('node_modules', file), join(target, basename(file)))));
	if (production) await minifyLibrary(join(target, 'web-tree-sitter.cjs'));
}

/** Only its own names: everything in it is loaded by what the package says it exports. */
async function minifyLibrary(path) {
	await build({
		entryPoints: [path],
		outfile: path,
		allowOverwrite: true,
		minify: true,
		platform: 'node',
		format: 'cjs',
		logLevel: 'warning',
	});
}

/** Where the gateway serves them. */
const pages = [
	{ name: 'form', title: 'form', path: '/' },
	{ name: 'ide', title: 'editor', path: '/ide' },
	{ name: 'regions', title: 'regions', path: '/regions' },
];

/** The pages that the gateway serves: what they run, what they look like, and the files that everybody starts with there. */
async function buildPages(folder) {
	const target = join(folder, 'playground');
	await mkdir(target, { recursive: true });
	const source = join('src', 'playground');
	await build({
		bundle: true,
		platform: 'browser',
		format: 'esm',
		target: 'es2022',
		entryPoints: [...pages.map(({ name }) => `${name}.ts`), 'style.css'].map((name) => join(source, name)),
		outdir: target,
		minify: true,
		legalComments: 'none',
		logLevel: 'warning',
	});
	const frame = await readFile(join(source, 'page.html'), 'utf8');
	for (const page of pages) {
		const content = await readFile(join(source, `${page.name}.html`), 'utf8');
		await writeFile(join(target, `${page.name}.html`), pageOf(page, frame, content));
	}
	await copyFile(join(source, 'icon.svg'), join(target, 'icon.svg'));
	await writeFile(join(target, 'examples.json'), JSON.stringify(await exampleFiles()));
}

/** What is around the content is the same for all of them, but for which of its links is the page itself. */
function pageOf({ name, title, path }, frame, content) {
	const own = frame.replace(new RegExp(`href="${path}"( hidden)?`), `href="${path}" aria-current="page"`);
	return own
		.replaceAll('{{name}}', name)
		.replace('{{title}}', title)
		.replace('{{content}}', () => content.trim());
}

/** Paths are as they are in a project. */
async function exampleFiles() {
	const root = join('examples', 'sample');
	const entries = await readdir(root, { recursive: true });
	const paths = entries.filter((name) => /\.(ts|py)$/.test(name)).map((name) => name.replaceAll('\\', '/'));
	return Promise.all(paths.toSorted().map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
}

async function testFiles(folder) {
	const entries = await readdir(folder, { recursive: true });
	return entries.filter((name) => name.endsWith('.test.ts') || name === 'index.ts').map((name) => join(folder, name));
}

async function testBuild(folders) {
	const entryPoints = (await Promise.all(folders.map(testFiles))).flat();
	return { ...shared, entryPoints, outbase: 'test', outdir: 'out/test', target: 'node20', sourcemap: 'inline' };
}

if (process.argv.includes('--watch')) {
	await copyGrammars('dist');
	await buildPages('dist');
	await (await context(program)).watch();
} else if (process.argv.includes('--tests')) {
	await rm('out/test', { recursive: true, force: true });
	await build({ ...(await testBuild(['test/unit'])), ...standIn });
	await build(await testBuild(['test/editor', 'test/e2e']));
	// The tests start them as a process and a thread of their own.
	await build({
		...program,
		entryPoints: ['src/cli.ts', 'src/engine.ts', 'src/index-worker.ts', 'src/signature-worker.ts'],
		outdir: 'out/test',
	});
	await copyGrammars('out/test');
	await buildPages('out/test');
} else if (process.argv.includes('--bench')) {
	await build(bench);
	await copyGrammars('out/bench');
	// It finds the stand-in where an extension finds the editor.
	await build({ ...shared, entryPoints: ['bench/footprint/probe.ts'], outdir: 'out/bench', target: 'node20' });
} else {
	await rm('dist', { recursive: true, force: true });
	await build(program);
	await copyGrammars('dist');
	await buildPages('dist');
}
