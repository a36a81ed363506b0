import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The table of docs/architecture.md: what each part may import. `node:` stands for every module of Node. */
const mayImport: Record<string, readonly string[]> = {
	'extension.ts': ['vscode', 'node:', 'completion', 'context', 'model', 'std', 'vscode/'],
	'signatures.ts': ['vscode', 'vscode/'],
	'shared-gateway.ts': ['vscode/'],
	'cli.ts': ['node:', 'cli', 'completion', 'context', 'gateway', 'grammar', 'login', 'lsp', 'model', 'regions', 'signature', 'std'],
	'engine.ts': ['node:', 'engine', 'std'],
	'index-worker.ts': ['node:', 'context'],
	'signature-worker.ts': ['node:', 'grammar', 'signature', 'tracking'],
	vscode: ['vscode', 'node:', 'completion', 'context', 'gateway', 'holes', 'login', 'model', 'secrets', 'signature', 'std', 'tracking'],
	tracking: ['node:', 'completion', 'context', 'grammar', 'holes', 'signature', 'std'],
	cli: ['node:', 'completion', 'context', 'gateway', 'grammar', 'holes', 'login', 'model', 'regions', 'signature', 'std'],
	login: ['node:', '@napi-rs/keyring', 'std'],
	gateway: ['node:', '@prometheus-io/client', 'jose', 'completion', 'model', 'signature', 'std'],
	regions: ['node:', '@prometheus-io/client', 'gateway', 'std'],
	playground: ['@codemirror/', '@lezer/highlight', 'completion', 'context', 'std'],
	lsp: [
		'vscode-jsonrpc/node',
		'vscode-languageserver-protocol',
		'vscode-languageserver-textdocument',
		'node:os',
		'node:path',
		'node:process',
		'node:url',
		'completion',
		'context',
		'model',
		'secrets',
		'std',
	],
	completion: ['context', 'model', 'secrets', 'std'],
	context: ['node:', 'ignore', 'picomatch', 'completion', 'secrets', 'std'],
	secrets: [],
	engine: ['node:', 'model', 'std'],
	model: ['ollama/browser', 'node:', 'std'],
	signature: ['grammar'],
	holes: ['completion', 'grammar', 'model', 'secrets', 'signature', 'std'],
	grammar: ['web-tree-sitter', 'node:module', 'node:path'],
	std: [
		'p-cancelable',
		'node:timers/promises',
		'node:crypto',
		'node:events',
		'node:fs',
		'node:http2',
		'node:net',
		'node:os',
		'node:path',
		'node:process',
		'node:tls',
		'node:worker_threads',
	],
};

/** Modules of which only types and pure values may be taken, because a pure stage has no business with a server. */
const pureModels = ['language-model.ts', 'model-error.ts', 'fim.ts'];

/** What context may know of completion: tables about files, how long a text is, and what a place looks like. */
const plainCompletion = ['language.ts', 'tokens.ts', 'completion.ts', 'window.ts', 'anchor.ts'];

interface Import {
	readonly file: string;
	readonly part: string;
	readonly target: string;
	readonly targetPart: string;
}

const source = resolve('src');

function importsOf(path: string): Import[] {
	const file = relative(source, path);
	const text = readFileSync(path, 'utf8');
	const specifiers = [...text.matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)/g)].map((match) => match[1] ?? match[2] ?? '');
	return specifiers.map((specifier) => {
		const target = specifier.startsWith('.') ? relative(source, join(dirname(path), specifier)) : specifier;
		const targetPart = specifier.startsWith('.') ? partOf(target) : specifier;
		return { file, part: partOf(file), target, targetPart };
	});
}

function partOf(file: string): string {
	const [first = ''] = file.split('/');
	return first;
}

function isAllowed({ part, target, targetPart }: Import): boolean {
	if (part === targetPart) return !target.startsWith('vscode') || part === 'vscode' || target !== 'vscode';
	const allowed = mayImport[part] ?? [];
	if (targetPart.startsWith('node:')) return allowed.includes('node:') || allowed.includes(targetPart);
	if (targetPart.startsWith('@codemirror/')) return allowed.includes('@codemirror/');
	if (targetPart.startsWith('@prometheus-io/client')) return allowed.includes('@prometheus-io/client');
	// Each bundle of the extension has one, and the start knows the other only by its type.
	if (target === 'signatures.ts' || target === 'shared-gateway.ts' || target === 'signature-worker.ts') return part === 'vscode';
	if (target.startsWith('vscode/')) return part === 'extension.ts' || part === 'signatures.ts' || part === 'shared-gateway.ts';
	return allowed.includes(targetPart);
}

describe('layers', () => {
	const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
	const imports = files.flatMap((file) => importsOf(join(source, file)));

	it('sees the project', () => {
		assert.ok(imports.length > 80);
		for (const part of Object.keys(mayImport))
			assert.ok(
				files.some((file) => partOf(file) === part),
				part,
			);
	});

	it('every file belongs to a part', () => {
		assert.deepEqual(
			files.filter((file) => !(partOf(file) in mayImport)),
			[],
		);
	});

	it('each imports only what its part may', () => {
		assert.deepEqual(
			imports.filter((found) => !isAllowed(found)).map(({ file, target }) => `${file} imports ${target}`),
			[],
		);
	});

	it('completion takes only plain data and types from model', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'completion' && targetPart === 'model');
		assert.deepEqual(
			taken
				.filter(({ target }) => !pureModels.includes(target.slice('model/'.length)))
				.map(({ file, target }) => `${file} imports ${target}`),
			[],
		);
	});

	it('holes and the command line take only plain data and types from model', () => {
		const taken = imports.filter(({ part, targetPart }) => (part === 'holes' || part === 'cli') && targetPart === 'model');
		assert.deepEqual([...new Set(taken.map(({ target }) => target))], ['model/language-model.ts']);
	});

	it('holes take of completion only tables, and what hides secrets', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'holes' && targetPart === 'completion');
		assert.deepEqual([...new Set(taken.map(({ target }) => target))].toSorted(), [
			'completion/comment-out.ts',
			'completion/hide-secrets.ts',
			'completion/marks.ts',
			'completion/scan.ts',
		]);
	});

	it('completion takes from context only what is plain data', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'completion' && targetPart === 'context');
		assert.deepEqual(
			taken.filter(({ target }) => !/^context\/(snippet|context)\.ts$/.test(target)).map(({ file, target }) => `${file} imports ${target}`),
			[],
		);
	});

	it('context takes from completion only what is plain', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'context' && targetPart === 'completion');
		assert.deepEqual(
			taken
				.filter(({ target }) => !plainCompletion.includes(target.slice('completion/'.length)))
				.map(({ file, target }) => `${file} imports ${target}`),
			[],
		);
	});

	it('the pages know only the table of languages, and what finds declarations', () => {
		const taken = imports.filter(
			({ part, targetPart }) => part === 'playground' && (targetPart === 'completion' || targetPart === 'context'),
		);
		assert.deepEqual([...new Set(taken.map(({ target }) => target))].toSorted(), [
			'completion/language.ts',
			'context/imports.ts',
			'context/index-sources.ts',
			'context/index/declaration.ts',
			'context/index/symbols.ts',
			'context/names.ts',
		]);
	});

	it('tracking knows which files matter, and nothing else of context and completion', () => {
		const taken = imports.filter(
			({ part, targetPart }) => part === 'tracking' && (targetPart === 'context' || targetPart === 'completion'),
		);
		assert.deepEqual([...new Set(taken.map(({ target }) => target))].toSorted(), [
			'completion/language.ts',
			'context/index/ignore-rules.ts',
			'context/index/source-file.ts',
			'context/index/walk.ts',
		]);
	});

	it('the editor takes of signatures only what is plain, and the thread does the work', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'vscode' && (targetPart === 'signature' || targetPart === 'tracking'));
		assert.deepEqual(
			taken
				.filter(
					({ target }) =>
						!/^(signature\/(count|hole|tracker|language|text-edit)|tracking\/(wire|fingerprint|language-ids|worker-signatures))\.ts$/.test(
							target,
						),
				)
				.map(({ file, target }) => `${file} imports ${target}`),
			[],
		);
	});

	it('the editor takes of holes only what asks the model, and whose error it is', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'vscode' && targetPart === 'holes');
		assert.deepEqual([...new Set(taken.map(({ target }) => target))].toSorted(), ['holes/ask.ts', 'holes/blame.ts', 'holes/site.ts']);
	});

	it('what starts the editor knows nothing of the gateway, which has a bundle of its own', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'vscode' && targetPart === 'gateway');
		assert.deepEqual(
			taken.filter(({ file }) => !file.startsWith('vscode/gateway/')).map(({ file, target }) => `${file} imports ${target}`),
			[],
		);
	});

	it('signature takes only the shape of trees from grammar', () => {
		const taken = imports.filter(({ part, targetPart }) => part === 'signature' && targetPart === 'grammar');
		assert.deepEqual([...new Set(taken.map(({ target }) => target))], ['grammar/syntax.ts']);
	});

	it('one file imports p-cancelable', () => {
		assert.deepEqual(
			imports.filter(({ target }) => target === 'p-cancelable').map(({ file }) => file),
			['std/cancelable.ts'],
		);
	});

	it('no file is longer than 300 lines', () => {
		assert.deepEqual(
			files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 301),
			[],
		);
	});

	it('nothing prints to the console', () => {
		assert.deepEqual(
			files.filter((file) => /\bconsole\./.test(readFileSync(join(source, file), 'utf8'))),
			[],
		);
	});
});
