import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { signaturesCommand } from '../../src/cli/signatures-command.ts';
import { UsageError } from '../../src/cli/usage.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { grammars } from '../grammars.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

type Files = Readonly<Record<string, string>>;

async function write(folder: string, files: Files) {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

async function run(args: readonly string[], onGrammar: () => Promise<void> = async () => {}, model = new ScriptedModel()) {
	const output = new PassThrough();
	const error = new PassThrough();
	const grammar = async (languageId: string) => {
		await onGrammar();
		return grammars.parser(languageId);
	};
	const parts = { grammar, model: () => model, isIgnored: (path: string) => path.endsWith('listed.ts') };
	const status = await signaturesCommand(args, { input: Readable.from([]), output, error }, parts, new AbortController().signal);
	output.end();
	error.end();
	return { status, output: await readAll(output), error: await readAll(error) };
}

/** Two folders: what was, and what is. */
async function folders(before: Files, after: Files): Promise<AsyncDisposable & { readonly before: string; readonly after: string }> {
	const folder = await TemporaryFolder.create();
	const [old, now] = [join(folder.path, 'before'), join(folder.path, 'after')];
	await write(old, before);
	await write(now, after);
	return { before: old, after: now, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const call = 'import { f } from "./a";\nf(1, "x");\n';
const old = { 'a.ts': 'export function f(a: number, b: string) {}\n', 'b.ts': call };
const now = { ...old, 'a.ts': 'export function f(b: string, a: number) {}\n' };

describe('co-clone signatures', () => {
	it('prints the plan as the issue has it', async () => {
		await using two = await folders(old, now);
		const { status, output } = await run([two.after, '--before', two.before, '--json']);
		assert.equal(status, 1);
		const { changes, dependents } = JSON.parse(output);
		assert.deepEqual(changes, [
			{
				path: 'a.ts',
				name: 'f',
				before: 'f(a: number, b: string)',
				after: 'f(b: string, a: number)',
				operations: [
					{ kind: 'move', parameter: 'b', from: 1, to: 0 },
					{ kind: 'move', parameter: 'a', from: 0, to: 1 },
				],
			},
		]);
		const at = (character: number, end: number) => ({ start: { line: 1, character }, end: { line: 1, character: end } });
		assert.deepEqual(
			dependents.filter(({ edits }: { edits: unknown[] }) => edits.length > 0),
			[
				{
					path: 'b.ts',
					range: at(0, 9),
					kind: 'call',
					class: 'D',
					reason: 'Its arguments follow from the old ones.',
					edits: [
						{ path: 'b.ts', range: at(2, 3), newText: '"x"' },
						{ path: 'b.ts', range: at(5, 8), newText: '1' },
					],
				},
			],
		);
	});

	it('has nothing to do where nothing changed', async () => {
		await using two = await folders(old, old);
		assert.deepEqual(await run([two.after, '--before', two.before]), { status: 0, output: 'No signature changed.\n', error: '' });
	});

	it('applies what is certain, and leaves the rest', async () => {
		const more = { 'c.ts': 'import { f } from "./a";\nf(g(), h());\n' };
		await using two = await folders({ ...old, ...more }, { ...now, ...more });
		const { status } = await run([two.after, '--before', two.before, '--apply', 'certain']);
		assert.equal(status, 1);
		assert.equal(await readFile(join(two.after, 'b.ts'), 'utf8'), call.replace('1, "x"', '"x", 1'));
		assert.equal(await readFile(join(two.after, 'c.ts'), 'utf8'), more['c.ts']);
		assert.equal((await run([two.after, '--before', two.before, '--apply', 'all'])).status, 0);
		assert.match(await readFile(join(two.after, 'c.ts'), 'utf8'), /f\(h\(\), g\(\)\)/);
	});

	it('counts what needs something, and says apart what needs nothing', async () => {
		const more = { 'c.ts': 'import { f } from "./a";\nf(g(), h());\nother.f(1, "x");\n' };
		await using two = await folders({ ...old, ...more }, { ...now, ...more });
		const { output } = await run([two.after, '--before', two.before]);
		const said = '2 callers need an update: 1 certain, 1 to confirm, 0 with a value to fill in, 0 to look at. 2 imports need nothing.';
		assert.equal(output.trimEnd().split('\n').at(-1), `1 changed. ${said} In 1 more place only the name is known to be the same.`);
		const done = await run([two.after, '--before', two.before, '--apply', 'all']).then(() => run([two.after, '--before', two.before]));
		assert.match(done.output, /\n1 changed\. Nothing needs an update\. 2 callers and 2 imports need nothing\./);
	});

	it('knows what a project of C# says of all its files', async () => {
		const store = (load: string) => `using System.Threading.Tasks;\nnamespace App;\nclass Store { public static ${load}; }\n`;
		const shop = 'namespace App;\nclass Shop { int Sum() => Store.Load() + 1; }\n';
		const project = '<Project><PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>\n';
		for (const [files, task] of [
			[{}, 'System.Threading.Tasks.Task<int>'],
			[{ 'App.csproj': project }, 'Task<int>'],
		] as const) {
			const others = { ...files, 'src/Shop.cs': shop };
			await using two = await folders(
				{ ...others, 'src/Store.cs': store('int Load() => 1') },
				{ ...others, 'src/Store.cs': store('async Task<int> Load() => 1') },
			);
			await run([two.after, '--before', two.before, '--apply', 'all']);
			assert.equal(
				await readFile(join(two.after, 'src/Shop.cs'), 'utf8'),
				shop.replace('int Sum() => Store.Load()', `async ${task} Sum() => await Store.Load()`),
			);
		}
	});

	it('finds nothing to do once everything is applied', async () => {
		await using two = await folders(old, now);
		assert.equal((await run([two.after, '--before', two.before, '--apply', 'all'])).status, 0);
		const again = await run([two.after, '--before', two.before, '--json']);
		assert.equal(again.status, 0);
		assert.deepEqual(
			JSON.parse(again.output).dependents.flatMap(({ edits }: { edits: unknown[] }) => edits),
			[],
		);
	});

	it('keeps line ends, tabs, the byte order mark, characters outside the basic plane, and the mode of a file', async () => {
		const text = '\uFEFFimport { f } from "./a";\r\nconst s = "🎉"; f(\r\n\t1,\t// 🎉\r\n\t"x",\r\n);\r\n';
		await using two = await folders({ ...old, 'b.ts': text }, { ...now, 'b.ts': text });
		await chmod(join(two.after, 'b.ts'), 0o755);
		await run([two.after, '--before', two.before, '--apply', 'certain']);
		const expected = '\uFEFFimport { f } from "./a";\r\nconst s = "🎉"; f(\r\n\t"x",\t// 🎉\r\n\t1,\r\n);\r\n';
		assert.equal(await readFile(join(two.after, 'b.ts'), 'utf8'), expected);
		if (process.platform !== 'win32') assert.equal((await stat(join(two.after, 'b.ts'))).mode & 0o777, 0o755);
	});

	it('overwrites nothing that was changed meanwhile', async () => {
		await using two = await folders(old, now);
		const typed = `${call}// typed meanwhile\n`;
		const { status, error } = await run([two.after, '--before', two.before, '--apply', 'all'], () =>
			writeFile(join(two.after, 'b.ts'), typed),
		);
		assert.equal(status, 2);
		assert.match(error, /b\.ts was changed meanwhile/);
		assert.equal(await readFile(join(two.after, 'b.ts'), 'utf8'), typed);
	});

	it('lists generated and vendored callers, and edits none', async () => {
		const more = { 'vendor/c.ts': call.replace('./a', '../a'), 'd.ts': `// Code generated by x. DO NOT EDIT.\n${call}` };
		await using two = await folders({ ...old, ...more }, { ...now, ...more });
		const { output } = await run([two.after, '--before', two.before, '--json', '--apply', 'all']);
		const foreign = JSON.parse(output).dependents.filter(
			({ path, kind }: { path: string; kind: string }) => path !== 'b.ts' && kind === 'call',
		);
		assert.deepEqual(
			foreign.map(({ path, class: kind, edits }: { path: string; class: string; edits: unknown[] }) => [path, kind, edits.length]),
			[
				['d.ts', 'W', 0],
				['vendor/c.ts', 'W', 0],
			],
		);
		assert.equal(await readFile(join(two.after, 'd.ts'), 'utf8'), more['d.ts']);
	});

	it('compares with a revision of git, and reads nothing that is ignored', async () => {
		await using folder = await TemporaryFolder.create();
		const root = join(folder.path, 'repository');
		await write(root, { ...old, '.gitignore': 'out/\n', 'out/c.ts': call.replace('./a', '../a'), 'sub/d.ts': call.replace('./a', '../a') });
		const git = (...args: string[]) =>
			execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { stdio: 'pipe' });
		git('init', '--quiet');
		git('add', '.');
		git('commit', '--quiet', '--message', 'a');
		await write(root, { 'a.ts': now['a.ts'], 'new.ts': call });
		const { status, output } = await run([root, '--before', 'HEAD', '--json']);
		assert.equal(status, 1);
		const paths = JSON.parse(output).dependents.flatMap(({ path, kind }: { path: string; kind: string }) =>
			kind === 'call' ? [path] : [],
		);
		assert.deepEqual(paths, ['b.ts', 'new.ts', 'sub/d.ts'].toSorted());
		const nested = await run([join(root, 'sub'), '--before', 'HEAD', '--json']);
		assert.deepEqual([nested.status, JSON.parse(nested.output).changes], [0, []]);
		await assert.rejects(run([root, '--before', 'nope']), UsageError);
		assert.ok(existsSync(join(root, 'out/c.ts')));
	});

	it('edits no file that may not be written, and each once that a link leads to', async () => {
		await using two = await folders({ ...old, 'c.ts': call }, { ...now, 'c.ts': call });
		await chmod(join(two.after, 'b.ts'), 0o444);
		await symlink(join(two.after, 'c.ts'), join(two.after, 'd.ts'));
		await run([two.after, '--before', two.before, '--apply', 'all']);
		assert.equal(await readFile(join(two.after, 'b.ts'), 'utf8'), call);
		assert.equal(await readFile(join(two.after, 'c.ts'), 'utf8'), call.replace('1, "x"', '"x", 1'));
	});

	it('looks into a folder that git ignores, when it is told to', async () => {
		await using folder = await TemporaryFolder.create();
		const root = join(folder.path, 'out');
		await write(folder.path, { '.gitignore': 'out/\n' });
		await write(join(root, 'now'), now);
		await write(join(root, 'old'), old);
		execFileSync('git', ['-C', folder.path, 'init', '--quiet'], { stdio: 'pipe' });
		assert.equal((await run([join(root, 'now'), '--before', join(root, 'old')])).status, 1);
	});

	it('survives texts that no grammar knows', async () => {
		const broken = {
			'a.ts': 'export function f(a: number,, {{{',
			'b.ts': 'f(((',
			'c.py': 'def f(\n\tclass',
			'd.rs': '\u0000',
			'e.go': '🎉'.repeat(50),
		};
		await using two = await folders({ ...broken, 'a.ts': old['a.ts'] }, broken);
		assert.ok((await run([two.after, '--before', two.before])).status < 2);
	});

	describe('with a model', () => {
		const shop = {
			'price.ts': 'export function price(amount: number) {}\n',
			'b.ts': 'import { price } from "./price";\nconst euro = "EUR";\nprice(1);\nprice(2);\n',
		};
		const changed = { ...shop, 'price.ts': 'export function price(amount: number, currency: string) {}\n' };
		const args = (two: { readonly before: string; readonly after: string }, ...more: string[]) => [
			two.after,
			'--before',
			two.before,
			...more,
		];

		it('gives values, and says for each hole what the model gave or why it gave none', async () => {
			await using two = await folders(shop, changed);
			const model = new ScriptedModel();
			model.answer = (prompt) => (prompt.includes('price(1, /*') ? ' euro)' : ' unheard)');
			const { status, output, error } = await run(args(two, '--model', 'auto', '--json', '--apply', 'all'), undefined, model);
			assert.equal(status, 0);
			const calls = JSON.parse(output).dependents.filter(({ kind }: { kind: string }) => kind === 'call');
			assert.deepEqual(
				calls.map(({ class: kind, holes, edits }: { class: string; holes: unknown; edits: { newText: string }[] }) => [
					kind,
					holes,
					edits[0]?.newText,
				]),
				[
					['L', [{ name: 'currency', type: 'string', value: 'euro', reason: null }], ', euro'],
					['L', [{ name: 'currency', type: 'string', value: null, reason: 'unheard is not known there.' }], ', TODO_currency'],
				],
			);
			assert.equal(error, '1 of 2: b.ts: currency = euro\n2 of 2: b.ts: no currency. unheard is not known there.\n');
			assert.match(await readFile(join(two.after, 'b.ts'), 'utf8'), /price\(1, euro\);\nprice\(2, TODO_currency\);/);
		});

		it('never takes a value for certain', async () => {
			await using two = await folders(shop, changed);
			const model = new ScriptedModel();
			model.answer = () => 'euro';
			const { status, output } = await run(args(two, '--model', 'auto', '--apply', 'certain'), undefined, model);
			assert.equal(status, 1);
			assert.match(output, /L b\.ts:3:1 call: There is no value for currency\.\n {4}currency: euro\n/);
			assert.equal(await readFile(join(two.after, 'b.ts'), 'utf8'), shop['b.ts']);
		});

		it('asks nothing without being told to, nor where nobody needs a value', async () => {
			await using two = await folders(shop, changed);
			const model = new ScriptedModel();
			assert.doesNotMatch((await run(args(two, '--json'), undefined, model)).output, /"holes"/);
			await using done = await folders(old, now);
			await run([done.after, '--before', done.before, '--model', 'auto'], undefined, model);
			assert.equal(model.questions.length, 0);
		});

		it('sends nothing of a file that is listed in .co-cloneignore', async () => {
			const listed = { 'listed.ts': shop['b.ts'] };
			await using two = await folders({ ...shop, ...listed }, { ...changed, ...listed });
			const model = new ScriptedModel();
			model.answer = () => 'euro';
			const { output } = await run(args(two, '--model', 'auto'), undefined, model);
			assert.match(output, /listed\.ts:3:1 .*\n {4}currency: no value\. Nothing of these files is sent/);
			assert.equal(model.questions.length, 2);
		});

		it('writes nothing where the model fails, and says what to do', async () => {
			await using two = await folders(shop, changed);
			const model = new ScriptedModel();
			model.answer = (prompt) => (prompt.includes('price(1, /*') ? 'euro' : new ModelError('unreachable', 'Nobody is there.'));
			const { status, output, error } = await run(args(two, '--model', 'auto', '--apply', 'all'), undefined, model);
			assert.deepEqual([status, output], [2, '']);
			assert.match(error, /Nobody is there\. Start Ollama/);
			assert.equal(await readFile(join(two.after, 'b.ts'), 'utf8'), shop['b.ts']);
		});

		it('wants a model to be named for the options of one', async () => {
			await assert.rejects(run(['.', '--before', 'HEAD', '--allow-remote']), UsageError);
			await assert.rejects(run(['.', '--before', 'HEAD', '--models', '.']), UsageError);
		});
	});

	it('says what is wrong with a command line', async () => {
		for (const args of [
			[],
			['.'],
			['.', '--before'],
			['.', 'x', '--before', 'HEAD'],
			['.', '--before', 'HEAD', '--apply', 'some'],
			['/nowhere', '--before', '/'],
		])
			await assert.rejects(run(args), UsageError, args.join(' '));
	});
});
