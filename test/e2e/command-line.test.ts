import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { FilledHole } from '../../src/cli/signatures-report.ts';
import { languageOf } from '../../src/completion/language.ts';
import { parserOf } from '../grammars.ts';
import { filesOf, holeProjects } from '../holes.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { environment } from './editor-page.ts';

const arithmetic = 'export function add(left: number, right: number): number {\n\treturn \n}\n';

interface Printed {
	readonly status: number | null;
	readonly output: string;
	readonly error: string;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

async function parses(path: string): Promise<void> {
	const text = await readFile(path, 'utf8');
	using tree = (await parserOf(languageOf(path)))(text);
	assert.equal(tree.root.hasError, false, text);
}

/** The program as it is in the package for this platform, with no Ollama and for a user who has nothing else. */
describe('co-clone on the command line, with the embedded engine', () => {
	let home: TemporaryFolder;
	let program: string;
	let file: string;

	async function coClone(...args: string[]): Promise<Printed> {
		const env = { PATH: process.env['PATH'], HOME: home.path, XDG_RUNTIME_DIR: join(home.path, 'run'), OLLAMA_HOST: '127.0.0.1:9' };
		const started = performance.now();
		const child = spawn(process.execPath, [program, ...args], { cwd: home.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
		const ended = new Promise<number | null>((done) => child.once('exit', done));
		const [status, output, error] = await Promise.all([ended, readAll(child.stdout), readAll(child.stderr)]);
		console.log(
			`      ${args.slice(0, 3).join(' ').replaceAll(home.path, '~')} → ${status} after ${Math.round(performance.now() - started)} ms`,
		);
		return { status, output, error };
	}

	before(async () => {
		home = await TemporaryFolder.create();
		await mkdir(join(home.path, 'run'));
		const extensions = join(environment('E2E_FOLDER'), 'embedded-extensions');
		const installed = (await readdir(extensions)).find((name) => name.startsWith('co-clone.co-clone-'));
		program = join(extensions, installed ?? '', 'dist', 'cli.cjs');
		file = join(home.path, 'add.ts');
		await writeFile(file, arithmetic);
	});
	after(() => home[Symbol.asyncDispose]());

	it('completes with a model by its file', async () => {
		const { status, output, error } = await coClone('complete', 'add.ts:2:9', '--model', `embedded:${environment('E2E_WEIGHTS')}`);
		assert.deepEqual([status, output], [0, 'left + right;\n'], error);
	});

	it('sends nothing to another machine unless it is told to', async () => {
		const model = 'http://192.0.2.7:11434/qwen2.5-coder:0.5b';
		const refused = await coClone('complete', 'add.ts:2:9', '--model', model);
		assert.equal(refused.status, 2);
		assert.match(refused.error, /may not have your code\. It is on 192\.0\.2\.7, which is not this machine\. .*--allow-remote/);
	});

	it('says what to do where there is neither Ollama nor a model', async () => {
		const either = await coClone('complete', 'add.ts:2:9');
		assert.equal(either.status, 2);
		assert.match(either.error, /No model server answers .* Start Ollama .*--model embedded:PATH/);
		const embedded = await coClone('complete', 'add.ts:2:9', '--model', 'embedded:qwen2.5-coder-0.5b');
		assert.equal(embedded.status, 2);
		assert.match(embedded.error, /qwen2\.5-coder-0\.5b is not downloaded yet\. .*Select Model.*--models DIR/);
		const nowhere = await coClone('complete', 'add.ts:2:9', '--model', 'embedded:models/none.gguf');
		assert.equal(nowhere.status, 2);
		assert.match(nowhere.error, /neither a file .*models\/none\.gguf nor a model/);
	});

	it('falls back to a model that was downloaded in an editor, when there is no Ollama', async () => {
		const models = join(home.path, '.config', 'Code', 'User', 'globalStorage', 'co-clone.co-clone', 'models');
		await mkdir(models, { recursive: true });
		await symlink(environment('E2E_WEIGHTS'), join(models, 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'));
		const { status, output, error } = await coClone('complete', 'add.ts:2:9', '--json');
		assert.equal(status, 0, error);
		const { text, model } = JSON.parse(output);
		assert.deepEqual([text, model], ['left + right;', 'qwen2.5-coder-0.5b']);
	});

	it('checks a model, in a folder that is named', async () => {
		await symlink(environment('E2E_WEIGHTS'), join(home.path, 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'));
		const { status, output, error } = await coClone('check', '--model', 'embedded:qwen2.5-coder-0.5b', '--models', '.');
		assert.equal(status, 0, error);
		assert.match(output, /^qwen2\.5-coder-0\.5b \(qwen-coder\)\n✓ fills a known hole .*left \+ right/);
		assert.equal(output.match(/^✓/gm)?.length, 3);
	});

	it('asks for the values that callers lack: each holds, or there is a reason and a placeholder', async () => {
		let [asked, given] = [0, 0];
		for (const [name, project] of Object.entries(holeProjects)) {
			const folder = join(home.path, name.replaceAll(/\W+/g, '-'));
			const { before, after } = filesOf(project);
			for (const [side, files] of Object.entries({ before, after })) await writeFiles(join(folder, side), files);
			const model = `embedded:${environment('E2E_WEIGHTS')}`;
			const places = [join(folder, 'after'), '--before', join(folder, 'before')];
			const { status, output, error } = await coClone('signatures', ...places, '--model', model, '--json', '--apply', 'all');
			assert.equal(status, 0, error);
			const holes = JSON.parse(output).dependents.flatMap((dependent: { holes: readonly FilledHole[] }) => dependent.holes);
			for (const { name: hole, value, reason } of holes) console.log(`        ${hole}: ${value ?? `no value. ${reason}`}`);
			for (const { value, reason } of holes) assert.equal(typeof (value ?? reason), 'string');
			for (const path of Object.keys(project.callers)) await parses(join(folder, 'after', path));
			asked += holes.length;
			given += holes.filter(({ value }: FilledHole) => value !== null).length;
		}
		console.log(`      ${given} of ${asked} holes have a value that holds`);
		assert.ok(asked >= 18);
	});

	it('says what is wrong with a file', async () => {
		const { status, error } = await coClone('check', '--model', 'embedded:add.ts');
		assert.equal(status, 2);
		assert.match(error, /add\.ts is not a model in GGUF format\. Name another file/);
	});

	it('says that a build for all platforms has no engine', async () => {
		const extensions = join(environment('E2E_FOLDER'), 'extensions');
		const universal = (await readdir(extensions)).find((name) => name.startsWith('co-clone.co-clone-'));
		program = resolve(extensions, universal ?? '', 'dist', 'cli.cjs');
		const { status, error } = await coClone('check', '--model', `embedded:${environment('E2E_WEIGHTS')}`);
		assert.equal(status, 2);
		assert.match(error, /This build of Co-Clone has no embedded engine; those for a platform have one\. Use Ollama instead/);
	});
});
