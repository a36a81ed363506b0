import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	commands,
	type Disposable,
	Location,
	languages,
	Position,
	Selection,
	TabInputTextDiff,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { cleanUp, pictureOf, serve, until } from './editor.ts';

const folder = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'shop');
const run = (command: string) => commands.executeCommand(`workbench.action.${command}`);

/** The text that the preview shows, if there is one. */
async function preview(): Promise<string | undefined> {
	const input = window.tabGroups.activeTabGroup.activeTab?.input;
	if (!(input instanceof TabInputTextDiff)) return undefined;
	return (await workspace.openTextDocument(input.modified)).getText();
}

describe('Complete with Codebase Context', () => {
	let fake: FakeOllama;
	let provider: Disposable | undefined;

	/** What the model says by itself, and what is drawn with the seeds 1, 2, 3… */
	const start = async (...says: string[]) => {
		fake = await serve({ tokens: (_, body) => [...(says[(body['options'] as { seed?: number }).seed ?? 0] ?? says[0] ?? '')] });
	};
	const file = async (name: string, text: string) => {
		await writeFile(join(folder, name), text);
		return Uri.file(join(folder, name));
	};
	/** Opens a file with the cursor at `|`, or with what is between two of them selected. */
	const open = async (name: string, picture: string) => {
		const [before = '', ...rest] = picture.split('|');
		const document = await workspace.openTextDocument(await file(name, before + rest.join('')));
		const editor = await window.showTextDocument(document);
		const end = before.length + (rest.length > 1 ? (rest[0]?.length ?? 0) : 0);
		editor.selection = new Selection(document.positionAt(before.length), document.positionAt(end));
		return editor;
	};
	/** Runs the command until there is something to choose from, and then does something about it. */
	const complete = async (choose: () => Promise<void>) => {
		const over = commands.executeCommand('co-clone.completeWithContext');
		await until(async () => (await preview()) !== undefined, 'a preview');
		await delay(400);
		await choose();
		await over;
	};
	const accept = async () => {
		await run('acceptSelectedQuickOpenItem');
	};
	const active = () => {
		assert.ok(window.activeTextEditor);
		return window.activeTextEditor;
	};

	beforeEach(() => mkdir(folder, { recursive: true }));

	afterEach(async () => {
		provider?.dispose();
		provider = undefined;
		await run('closeQuickOpen');
		await cleanUp();
		await fake[Symbol.asyncDispose]();
		await rm(folder, { recursive: true, force: true });
	});

	it('fills a stub with what the codebase knows, in one step for “Undo”', async () => {
		await start('\treturn sum(cart);\n}\n');
		const cart = await file('cart.txt', 'export function sum(cart: Cart): number {\n\treturn 1;\n}\n');
		provider = languages.registerDefinitionProvider(
			{ pattern: '**/shop/stub.txt' },
			{ provideDefinition: () => new Location(cart, new Position(0, 17)) },
		);
		const before = "function total(cart: Cart) {\n\t// TODO: sum\n\tthrow new Error('not implemented');\n}\n";
		const { document } = await open('stub.txt', before.replace('total', 'to|tal'));
		const after = before.replace("throw new Error('not implemented');", 'return sum(cart);');
		await complete(async () => {
			assert.equal(document.getText(), before, 'nothing is written before it is chosen');
			assert.equal(await preview(), after);
			await accept();
		});
		assert.equal(document.getText(), after);
		assert.equal(pictureOf(active()), after.replace('sum(cart);', 'sum(cart);|'));
		assert.equal(await preview(), undefined, 'the comparison is closed');
		await commands.executeCommand('undo');
		assert.equal(document.getText(), before);
		assert.ok(fake.generated.some(({ body }) => String(body['prompt']).includes('function sum(cart: Cart): number')));

		await commands.executeCommand('co-clone.showContext');
		const page = active().document.getText();
		assert.match(
			page,
			/# What was used[\s\S]*piece(s)? of code from[\s\S]*## first\/shop\/cart\.txt:1\n\nIt declares a name near the cursor/,
		);
		assert.ok(page.includes('```text\nexport function sum(cart: Cart): number\n```'));
	});

	it('has several to choose from', async () => {
		await start('return a;\n}\n', 'return b;\n}\n', 'return c;\n}\n');
		const { document } = await open('several.txt', 'function f() {|}\n');
		await complete(async () => {
			await until(
				() => fake.generated.filter(({ body }) => (body['options'] as { seed?: number }).seed !== undefined).length >= 2,
				'others',
			);
			await delay(300);
			await run('quickOpenSelectNext');
			await until(async () => (await preview())?.includes('return b;') === true, 'the preview of the second');
			await accept();
		});
		assert.match(document.getText(), /^function f\(\) \{\s*return b;\s*\}\n/);
	});

	it('writes in place of what is selected', async () => {
		await start('\tfine(1);\n');
		const { document } = await open('selection.txt', 'one();\n\t|old(1,\n\t2);|\ntwo();\n');
		await complete(accept);
		assert.equal(document.getText(), 'one();\n\tfine(1);\ntwo();\n');
		const prompts = fake.generated.map(({ body }) => String(body['prompt']));
		assert.ok(prompts.some((prompt) => prompt.includes('two();') && !prompt.includes('old(')));
	});

	it('Escape inserts nothing, and leaves nothing open', async () => {
		await start('return a;\n}\n');
		const { document } = await open('escape.txt', 'function f() {|}\n');
		await complete(async () => {
			await run('closeQuickOpen');
		});
		assert.equal(document.getText(), 'function f() {}\n');
		assert.equal(await preview(), undefined);
		assert.ok(!document.isDirty);
	});

	it('inserts nothing into a text that was changed meanwhile', async () => {
		await start('return a;\n}\n');
		const editor = await open('changed.txt', 'function f() {|}\n');
		const { document } = editor;
		await complete(async () => {
			const edit = new WorkspaceEdit();
			edit.insert(document.uri, new Position(0, 0), '// new\n');
			await workspace.applyEdit(edit);
			await accept();
		});
		assert.equal(document.getText(), '// new\nfunction f() {}\n');
	});
});
