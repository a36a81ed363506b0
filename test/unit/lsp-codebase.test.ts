import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeOllama } from '../fake-ollama.ts';
import { LspClient } from '../lsp-client.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

/** Enough for the speed of a model to be measured. */
const rows = Array.from({ length: 12 }, (_, row) => `export const row${row} = 'what is printed in row ${row}';\n`).join('');
/** Where the cursor is in `src/cart.ts`: behind `return `. */
const line = 15;

const files: Readonly<Record<string, string>> = {
	'src/price.ts':
		'export interface Discount {\n\treadonly percent: number;\n}\n\nexport function discounted(cents: number, discount: Discount): number {\n\treturn cents;\n}\n',
	'src/cart.ts': `import { discounted } from './price.ts';\n\n${rows}export function total(cents: number) {\n\treturn \n}\n`,
	'.env': 'DISCOUNTED_TOKEN=discounted-hunter2\n',
	'.gitignore': 'private/\n',
	'private/price.ts': 'export function discounted(secretly: number): void {}\n',
};

/** A folder of the disk, and one for what the server keeps. */
class Project implements AsyncDisposable {
	readonly root: string;
	readonly data: string;
	readonly #folder: TemporaryFolder;

	private constructor(folder: TemporaryFolder) {
		this.#folder = folder;
		this.root = join(folder.path, 'shop');
		this.data = join(folder.path, 'data');
	}

	static async create(): Promise<Project> {
		const project = new Project(await TemporaryFolder.create());
		for (const [path, text] of Object.entries(files)) await project.write(path, text);
		return project;
	}

	async write(path: string, text: string): Promise<string> {
		const file = join(this.root, path);
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, text);
		return file;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#folder[Symbol.asyncDispose]();
	}
}

const modelOf = ({ url }: FakeOllama) => `${url}/qwen2.5-coder:0.5b`;
const says = { tokens: () => [' discounted(cents', ', { percent: 5 });'] };
const promptOf = ({ generated }: FakeOllama) => String(generated.at(-1)?.body['prompt'] ?? '');
const declaration =
	/src\/price\.ts[\s\S]*export function discounted\(cents: number, discount: Discount\): number[\s\S]*export function total/;

describe('co-clone lsp, in a project', () => {
	it('shows the model what another file declares, and nothing of what is secret or ignored', async () => {
		await using fake = await FakeOllama.start(says);
		await using project = await Project.create();
		await using client = await LspClient.inProject(modelOf(fake), project, 'src/cart.ts');
		await until(() => client.progress.find(({ kind }) => kind === 'end'));
		assert.equal(client.progress[0]?.title, 'Co-Clone reads the codebase');
		const [item] = await client.ask(line, 8, { triggerKind: 1 });
		assert.equal(item?.insertText, 'discounted(cents, { percent: 5 });');
		assert.match(promptOf(fake), declaration);
		for (const { raw } of fake.seen) assert.doesNotMatch(raw, /hunter2|DISCOUNTED_TOKEN|secretly/);
	});

	it('has it at hand for who types, after a moment of rest', async () => {
		await using fake = await FakeOllama.start(says);
		await using project = await Project.create();
		await using client = await LspClient.inProject(modelOf(fake), project, 'src/cart.ts');
		await until(() => client.progress.find(({ kind }) => kind === 'end'));
		await client.ask(line, 8);
		await until(() => (declaration.test(promptOf(fake)) ? true : undefined));
		await client.edit(line, 8, 8, 'dis');
		await client.ask(line, 11);
		assert.match(promptOf(fake), declaration);
	});

	it('knows what others write meanwhile, and what is typed and not saved', async () => {
		await using fake = await FakeOllama.start(says);
		await using project = await Project.create();
		await using client = await LspClient.inProject(modelOf(fake), project, 'src/cart.ts');
		await until(() => client.progress.find(({ kind }) => kind === 'end'));
		assert.deepEqual(client.registered, ['workspace/didChangeWatchedFiles']);
		await client.changedOnDisk(await project.write('src/tax.ts', 'export function taxed(cents: number, rate: number): number {}\n'), 1);
		const uri = client.uri.replace('cart.ts', 'gift.ts');
		const text = 'export function wrapped(cents: number, paper: string): number {}\n';
		await client.connection.sendNotification('textDocument/didOpen', {
			textDocument: { uri, languageId: 'typescript', version: 1, text: '' },
		});
		await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text }] });
		await client.edit(line, 8, 8, 'taxed(wrapped(');
		await delay(700);
		await client.ask(line, 22, { triggerKind: 1 });
		assert.match(promptOf(fake), /taxed\(cents: number, rate: number\)/);
		assert.match(promptOf(fake), /wrapped\(cents: number, paper: string\)/);
	});

	it('knows only the text that is open where the client wants it so', async () => {
		await using fake = await FakeOllama.start(says);
		await using project = await Project.create();
		const initializationOptions = { context: 'off' };
		await using client = await LspClient.inProject(modelOf(fake), { ...project, initializationOptions }, 'src/cart.ts');
		await client.ask(line, 8);
		await delay(700);
		await client.ask(line, 8, { triggerKind: 1 });
		for (const { raw } of fake.seen) assert.doesNotMatch(raw, /percent|price\.ts\n/);
		assert.deepEqual(client.progress, []);
		assert.deepEqual(client.registered, []);
	});

	it('says what cannot be understood', async () => {
		await using fake = await FakeOllama.start();
		await using project = await Project.create();
		await using client = await LspClient.inProject(
			modelOf(fake),
			{ ...project, initializationOptions: { context: 'some' } },
			'src/cart.ts',
		);
		await until(() => client.logged[0]);
		assert.match(client.logged[0]?.message ?? '', /“context” of the initialization options is “auto” or “off”/);
	});
});

async function until<T>(look: () => T | undefined): Promise<T> {
	for (let turns = 0; turns < 1500; turns++) {
		const found = look();
		if (found !== undefined) return found;
		await delay(5);
	}
	throw new Error('It never came.');
}
