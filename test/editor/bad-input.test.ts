import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, EventEmitter, NotebookCellData, NotebookCellKind, NotebookData, Selection, Uri, window, workspace } from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { accepted, cleanUp, press, serve, set, show, showsNothing, type, until } from './editor.ts';

describe('bad input', () => {
	let fake: FakeOllama;
	let folder: string;

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'co-clone-bad-input-'));
	});
	after(() => rm(folder, { recursive: true }));

	beforeEach(async () => {
		fake = await serve({ tokens: () => [...' a;\n'] });
	});
	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	async function file(name: string, text: string): Promise<Uri> {
		await writeFile(join(folder, name), text);
		return Uri.file(join(folder, name));
	}

	/** Without those that only warm up. */
	const questions = () => fake.generated.filter(({ body }) => Number((body['options'] as Record<string, unknown>)['num_predict']) > 1);
	const prompts = () => fake.generated.map(({ body }) => String(body['prompt']));

	describe('is completed like anything else', () => {
		const texts: [what: string, name: string, picture: string, result: string][] = [
			['CRLF', 'crlf.ts', 'const b = 1;\r\nreturn|\r\n', 'const b = 1;\nreturn a;|\n'],
			['tabs', 'tabs.ts', '\t\treturn|', '\t\treturn a;|'],
			['a byte order mark', 'bom.ts', '\uFEFFreturn|', 'return a;|'],
			['an emoji at the cursor', 'emoji.ts', '"😀"|', '"😀" a;|'],
		];
		for (const [what, name, before, result] of texts) {
			it(what, async () => {
				const uri = await file(name, before.replace('|', ''));
				const editor = await show(before.replace('\uFEFF', ''), uri);
				await type(' ');
				assert.equal(await accepted(editor), result);
				for (const prompt of prompts()) assert.doesNotMatch(prompt, /[\r\uFEFF]/);
			});
		}

		it('an untitled document', async () => {
			const editor = await show('return|', { language: 'plaintext' });
			await type(' ');
			assert.equal(await accepted(editor), 'return a;|');
		});

		it('a document of 50,000 lines, of which only those around the cursor are read', async () => {
			const uri = await file('long.ts', 'const value = compute(1);\n'.repeat(50_000));
			const editor = await show('|', uri);
			const end = editor.document.lineAt(25_000).range.end;
			editor.selection = new Selection(end, end);
			await delay(50);
			const changedAt = await press(' ');
			await until(() => questions().length > 0, 'the request');
			assert.ok(prompts().every((prompt) => prompt.length < 10_000));
			console.log(`      asked ${((questions().at(-1)?.startedAt ?? Number.NaN) - changedAt).toFixed(1)} ms after the change event`);
		});

		it('a cell of a notebook', async () => {
			const cell = new NotebookCellData(NotebookCellKind.Code, 'return', 'python');
			const notebook = await workspace.openNotebookDocument('jupyter-notebook', new NotebookData([cell]));
			await window.showNotebookDocument(notebook);
			await commands.executeCommand('notebook.cell.edit');
			const { document } = notebook.cellAt(0);
			await until(() => window.activeTextEditor?.document === document, 'the cell to be active');
			await commands.executeCommand('cursorBottom');
			await delay(50);
			await type(' ');
			await until(() => prompts().some((prompt) => prompt.endsWith('return')), 'a question about the cell');
			assert.ok(window.activeTextEditor);
			assert.equal(await accepted(window.activeTextEditor), 'return a;|');
		});

		it('half a surrogate pair', async () => {
			const editor = await show('"\ud83d"|');
			await type(' ');
			assert.equal(await accepted(editor), '"\ufffd" a;|', 'VS Code itself replaces it');
		});
	});

	describe('sends nothing', () => {
		const secrets = ['.env', '.env.production', 'server.key', 'id_ed25519', 'credentials.json'];
		for (const name of secrets) {
			it(`from ${name}, not even on demand`, async () => {
				const editor = await show('TOKEN=abc|', await file(name, 'TOKEN=abc'));
				await delay(250);
				await type('d');
				await commands.executeCommand('co-clone.completeHere');
				assert.ok(await showsNothing(editor));
				assert.equal(fake.generated.length, 0);
			});
		}

		it('from a line of 5 MB, and the editor stays quick', async () => {
			const editor = await show('|', await file('one-line.json', `{"a":"${'x'.repeat(5_000_000)}"}`));
			const started = performance.now();
			await type('y');
			console.log(`      a key took ${(performance.now() - started).toFixed(0)} ms`);
			assert.ok(await showsNothing(editor));
			assert.equal(fake.generated.length, 0);
		});

		it('from an empty document, until something is typed or asked for', async () => {
			const editor = await show('|');
			await delay(250);
			await commands.executeCommand('editor.action.inlineSuggest.trigger');
			const asked = prompts().length;
			await type('x ');
			assert.equal(await accepted(editor), 'x a;|');
			assert.ok(prompts().length > asked);
		});

		it('from documents that cannot be edited: the left side of a diff, output, virtual files', async () => {
			const changed = new EventEmitter<Uri>();
			const provider = workspace.registerTextDocumentContentProvider('co-clone-virtual', {
				onDidChange: changed.event,
				provideTextDocumentContent: () => 'const secret = 1;\nreturn ',
			});
			const left = Uri.parse('co-clone-virtual:/left.ts');
			await commands.executeCommand('vscode.diff', left, await file('right.ts', 'return'), 'left and right');
			await delay(300);
			await window.showTextDocument(await workspace.openTextDocument(left), { preview: false });
			await delay(300);
			await commands.executeCommand('co-clone.completeHere');
			await delay(200);
			provider.dispose();
			assert.ok(prompts().every((prompt) => !prompt.includes('secret')));
		});

		it('from a file that is read-only in the editor, when somebody types or shows it', async () => {
			const editor = await show('return|', await file('locked.ts', 'return'));
			await commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
			await type(' ');
			await commands.executeCommand('co-clone.completeHere');
			assert.ok(await showsNothing(editor));
			assert.equal(questions().length, 0);
		});

		it('with text selected or with several cursors', async () => {
			const editor = await show('return\nreturn|');
			await delay(250);
			const before = fake.generated.length;
			editor.selections = [new Selection(0, 6, 0, 6), new Selection(1, 6, 1, 6)];
			await type(' ');
			assert.ok(await showsNothing(editor));
			assert.equal(questions().length, 0);
			assert.ok(fake.generated.length >= before);
		});
	});

	it('files of the same name in several roots are not mixed up', async () => {
		const [first, second, ...more] = workspace.workspaceFolders ?? [];
		assert.ok(first && second && more.length === 0);
		fake.script.tokens = (prompt) => [...(prompt.includes('second') ? ' 2;' : ' 1;')];
		for (const [{ uri }, word, result] of [
			[first, 'first', 'return 1;|'],
			[second, 'second', 'return 2;|'],
		] as const) {
			const path = Uri.joinPath(uri, 'same.ts');
			await workspace.fs.writeFile(path, new TextEncoder().encode(`${word}\nreturn`));
			const editor = await show(`${word}\nreturn|`, path);
			await type(' ');
			assert.equal(await accepted(editor), `${word}\n${result}`);
		}
	});

	it('the right side of a diff is completed', async () => {
		const right = await file('right2.ts', 'return');
		await commands.executeCommand('vscode.diff', await file('left2.ts', ''), right, 'left and right');
		await until(() => window.activeTextEditor?.document.uri.path === right.path, 'the right side to be active');
		const editor = window.activeTextEditor;
		assert.ok(editor);
		const end = editor.document.lineAt(0).range.end;
		editor.selection = new Selection(end, end);
		await delay(50);
		await type(' ');
		assert.equal(await accepted(editor), 'return a;|');
	});

	describe('a server with faults', () => {
		it('is asked once, then left alone while somebody types; works again when it does', async () => {
			const { fault } = fake.script;
			fake.script.fault = (_, response) => {
				response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"out of memory"}');
			};
			await set('model', 'auto');
			const editor = await show('|');
			await type('foo(bar, baz) + ', 10);
			const asked = fake.seen.length;
			assert.ok(asked <= 4, `${asked} requests for 16 keys`);
			fake.script.fault = fault;
			await commands.executeCommand('co-clone.completeHere');
			assert.match(await accepted(editor), / a;\|/);
		});

		it('that is down costs the editor nothing', async () => {
			await set('ollamaUrl', 'http://127.0.0.1:9');
			const editor = await show('|');
			const started = performance.now();
			await type('const a = foo(bar)', 0);
			console.log(`      18 keys took ${(performance.now() - started).toFixed(0)} ms`);
			assert.ok(await showsNothing(editor));
			assert.equal(editor.document.getText(), 'const a = foo(bar)');
		});
	});
});
