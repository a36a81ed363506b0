import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	commands,
	NotebookCellData,
	NotebookCellKind,
	NotebookData,
	Range,
	Selection,
	type TextEditor,
	Uri,
	window,
	workspace,
} from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { type Planted, planted } from '../secrets.ts';
import { cleanUp, dismissed, serve, set, show, type, until } from './editor.ts';

/** Told by nothing but where they are. */
const kept = ['Kq3vT8mZ1xW5', 'bL0pR7nY2cD9', 'Hj6sF4gU8eA1', 'tN5wM9kX3zQ7', 'vC2yB6rJ0iO4'];

/** Files of the workspace that are nobody's business, one secret in each. */
const secretFiles: Readonly<Record<string, string>> = {
	'.env': `LICENSE=${kept[0]}\n`,
	'keys/id_rsa': `comment ${kept[1]}\n`,
	'infra/terraform.tfstate': `{ "output": "${kept[2]}" }\n`,
	'prices/discounts.ts': `export const lowestPrice = '${kept[3]}';\nexport function lowest() {}\n`,
	'built/prices.ts': `export const lowestPrice = '${kept[4]}';\nexport function lowest() {}\n`,
	'.co-cloneignore': 'prices/\n',
	'.gitignore': 'built/\n',
};

describe('50 secrets in 50 ways, and five in files of their own', () => {
	const root = () => join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'planted');
	const ignoreRules = () => workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
	let fake: FakeOllama;
	const pages: string[] = [];

	before(async () => {
		for (const { file, text } of planted) await write(join(root(), file), `${text}\n`);
		for (const [file, text] of Object.entries(secretFiles)) {
			await write(file.endsWith('ignore') ? join(ignoreRules(), file) : join(root(), file), text);
		}
		await delay(300);
	});
	after(async () => {
		await commands.executeCommand('workbench.action.closeAllEditors');
		await cleanUp();
		await rm(root(), { recursive: true, force: true });
		for (const file of ['.co-cloneignore', '.gitignore']) await rm(join(ignoreRules(), file));
		await fake[Symbol.asyncDispose]();
	});

	it('no byte of them leaves for the model, from files, tabs, notebooks, edits and what is pasted', async function () {
		this.timeout(240_000);
		fake = await serve({ tokens: () => [...' = lowest;\n'] });
		await set('autoSave', 'off', 'files');
		await openNotebook();
		for (const file of ['.env', 'keys/id_rsa', 'prices/discounts.ts'])
			await window.showTextDocument(Uri.file(join(root(), file)), { preview: false });
		// Open, and nobody works in it.
		await workspace.openTextDocument(Uri.file(join(root(), 'built/prices.ts')));
		for (const [index, each] of planted.entries()) await work(each, index);
		for (const file of ['.env', 'prices/discounts.ts']) await refused(file);
		await typeSlowly();

		const sent = fake.seen.map(({ path, raw }) => `${path}\n${raw}`).join('\n');
		const prompts = fake.generated.map(({ body }) => `${body['prompt']}${body['suffix'] ?? ''}`).join('\n');
		assert.ok(fake.generated.length >= planted.length, `${fake.generated.length} requests`);
		assert.ok(prompts.split('HIDDEN_SECRET').length > planted.length / 2, 'what is around the secrets is sent');
		for (const { way, secret } of planted) {
			for (const part of secret.split(/\n|\\n/)) {
				for (const form of [part, JSON.stringify(part).slice(1, -1), encodeURIComponent(part), btoa(part)]) {
					assert.ok(!sent.includes(form) && !prompts.includes(form), way);
					assert.ok(!pages.join('\n').includes(form), `${way}, on the page of the inspector`);
				}
			}
		}
		for (const secret of kept) assert.ok(!sent.includes(secret), secret);
		const withContext = fake.generated.filter(({ body }) => String(body['prompt']).includes('<|file_sep|>')).length;
		assert.ok(withContext > 0, 'code from elsewhere is sent');
		console.log(`      ${fake.generated.length} requests, ${withContext} of them with code from elsewhere, ${sent.length} bytes`);
	});

	/** Opens a file with a secret, changes it, writes below it, pastes the same above, and writes between. */
	async function work({ file, text, languageId }: Planted, index: number): Promise<void> {
		const asked = fake.generated.length;
		const document =
			index % 2 === 0
				? await workspace.openTextDocument(Uri.file(join(root(), file)))
				: await workspace.openTextDocument({ language: languageId, content: `${text}\n` });
		const editor = await window.showTextDocument(document, { preview: false });
		goTo(editor, document.lineCount - 1);
		if (index % 10 === 0) await lookAround();
		await type(index % 3 === 0 ? 'lowest' : 'lo', 15);
		await until(() => fake.generated.length > asked, `a question in ${file}`);
		if (index % 10 === 3) await completeWithContext();
		if (index % 5 === 0) {
			await editor.edit((edit) => edit.insert(document.lineAt(0).range.start, `${text}\n\n\n${text}\n`));
			goTo(editor, text.split('\n').length);
			await type('a', 15);
			await commands.executeCommand('co-clone.completeHere');
			await delay(150);
			await commands.executeCommand('co-clone.inspectRequest');
			pages.push(window.activeTextEditor?.document.getText() ?? '');
			const again = await window.showTextDocument(document, { preview: false });
			await again.edit((edit) => edit.delete(new Range(0, 0, 2, 0)));
		}
	}

	async function completeWithContext(): Promise<void> {
		const asked = fake.generated.length;
		const command = commands.executeCommand('co-clone.completeWithContext');
		await until(() => fake.generated.length > asked, 'a question of the command');
		await dismissed(command);
	}

	/** Code from elsewhere is looked for while the cursor rests, and shown where the model's speed is known. */
	async function lookAround(): Promise<void> {
		await type('\n\n', 15);
		await delay(2500);
	}

	async function refused(file: string): Promise<void> {
		await quiet();
		const asked = fake.generated.length;
		goTo(await window.showTextDocument(Uri.file(join(root(), file)), { preview: false }), 1);
		await delay(300);
		await type('lowest ', 15);
		await commands.executeCommand('co-clone.completeHere');
		await delay(300);
		assert.deepEqual(
			fake.generated.slice(asked).map(({ body }) => body['prompt']),
			[],
			file,
		);
	}

	/** Until what was begun before has been asked for. */
	async function quiet(): Promise<void> {
		for (let asked = -1; asked !== fake.generated.length; await delay(700)) asked = fake.generated.length;
	}

	/** Key by key. */
	async function typeSlowly(): Promise<void> {
		await show('|');
		const { secret } = planted.find(({ way }) => way === 'a key in hexadecimal') ?? { secret: '' };
		await type(`const apiKey = '${secret.slice(0, 40)}`, 15);
		await delay(200);
	}
});

function goTo(editor: TextEditor, line: number): void {
	editor.selection = new Selection(line, 0, line, 0);
}

async function write(file: string, text: string): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, text);
}

/** With a secret in a cell of its own. */
async function openNotebook(): Promise<void> {
	const text = planted.find(({ way }) => way === 'a default for the environment in Python')?.text ?? '';
	const cells = [text, 'lowest = 1\n'].map((source) => new NotebookCellData(NotebookCellKind.Code, source, 'python'));
	await window.showNotebookDocument(await workspace.openNotebookDocument('jupyter-notebook', new NotebookData(cells)));
	await delay(300);
}
