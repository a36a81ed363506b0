import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	CodeAction,
	CodeActionKind,
	commands,
	Diagnostic,
	DiagnosticSeverity,
	type Disposable,
	languages,
	Position,
	Range,
	Selection,
	type TextDocument,
	type TextEditor,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { accepted, cleanUp, serve, set, show, type, until } from './editor.ts';

/** What a language server would say of a text: names that it does not know, and from where each could be imported. */
class ScriptedLanguage implements Disposable {
	readonly #diagnostics = languages.createDiagnosticCollection('scripted');
	readonly #registrations: Disposable[];
	readonly asked: string[] = [];

	constructor(modules: Readonly<Record<string, readonly string[]>>) {
		const complain = ({ document }: { readonly document: TextDocument }) => {
			if (document.languageId !== 'python') return;
			const unknown = Object.keys(modules).filter((name) => !document.getText().includes(`import ${name}\n`));
			this.#diagnostics.set(
				document.uri,
				unknown.flatMap((name) =>
					rangesOf(document, name).map((range) => new Diagnostic(range, `${name} is not defined`, DiagnosticSeverity.Error)),
				),
			);
		};
		const provideCodeActions = (document: TextDocument, range: Range) => {
			const name = document.getText(range);
			this.asked.push(name);
			const fixes = (modules[name] ?? []).map((module) => {
				const action = new CodeAction(`Import "${name}" from "${module}"`, CodeActionKind.QuickFix);
				action.edit = new WorkspaceEdit();
				action.edit.insert(document.uri, new Position(0, 0), `from ${module} import ${name}\n`);
				return action;
			});
			return [
				...fixes,
				new CodeAction(`Change spelling of ${name}`, CodeActionKind.QuickFix),
				new CodeAction('Remove unused import', CodeActionKind.QuickFix),
			];
		};
		this.#registrations = [
			workspace.onDidChangeTextDocument((event) => setTimeout(() => complain(event), 100)),
			languages.registerCodeActionsProvider('python', { provideCodeActions }, { providedCodeActionKinds: [CodeActionKind.QuickFix] }),
		];
	}

	dispose(): void {
		for (const registration of [this.#diagnostics, ...this.#registrations]) registration.dispose();
	}
}

function rangesOf(document: TextDocument, name: string): Range[] {
	return [...document.getText().matchAll(new RegExp(`\\b${name}\\b`, 'g'))].map(
		({ index }) => new Range(document.positionAt(index), document.positionAt(index + name.length)),
	);
}

describe('an import that an accepted suggestion lacks', () => {
	let fake: FakeOllama;
	let language: ScriptedLanguage | undefined;

	afterEach(async () => {
		language?.dispose();
		language = undefined;
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	/** Has a suggestion accepted. */
	async function accept(says: string, modules: Readonly<Record<string, readonly string[]>>): Promise<TextEditor> {
		fake = await serve({ tokens: () => [...says] });
		language = new ScriptedLanguage(modules);
		const editor = await show('|', { language: 'python' });
		await type('root =', 30);
		await accepted(editor);
		return editor;
	}

	/** Presses Alt+Enter, so to speak, until something comes of it. */
	async function addedImport({ document }: TextEditor): Promise<void> {
		await until(async () => {
			await commands.executeCommand('co-clone.addImport');
			return document.getText().includes('import ');
		}, 'the import');
	}

	it('is offered, and added by the command', async () => {
		const editor = await accept(' sqrt(2)\n', { sqrt: ['math'] });
		await delay(600);
		assert.equal(editor.document.getText(), 'root = sqrt(2)', 'not before it is asked for');
		await addedImport(editor);
		assert.equal(editor.document.getText(), 'from math import sqrt\nroot = sqrt(2)');
		await commands.executeCommand('undo');
		assert.equal(editor.document.getText(), 'root = sqrt(2)', 'a step of its own');
		await delay(600);
		await commands.executeCommand('co-clone.addImport');
		assert.equal(editor.document.getText(), 'root = sqrt(2)', 'what was undone is not offered again');
	});

	it('is added right away by setting, several one after another', async () => {
		await set('imports', 'add');
		const editor = await accept(' sqrt(pi)\n', { sqrt: ['math'], pi: ['math'] });
		await until(() => editor.document.getText().split('import ').length === 3, `both imports in ${editor.document.getText()}`);
		assert.match(editor.document.getText(), /root = sqrt\(pi\)$/);
		await commands.executeCommand('undo');
		await commands.executeCommand('undo');
		assert.equal(editor.document.getText(), 'root = sqrt(pi)');
		await delay(600);
		assert.equal(editor.document.getText(), 'root = sqrt(pi)', 'never after undo');
	});

	it('is not chosen where there are two', async () => {
		await set('imports', 'add');
		const editor = await accept(' sqrt(2)\n', { sqrt: ['math', 'cmath'] });
		await until(() => language?.asked.includes('sqrt') === true, 'a look at the quick fixes');
		await delay(300);
		assert.equal(editor.document.getText(), 'root = sqrt(2)');
	});

	it('nobody looks for one when that is turned off', async () => {
		await set('imports', 'off');
		const editor = await accept(' sqrt(2)\n', { sqrt: ['math'] });
		await delay(800);
		await commands.executeCommand('co-clone.addImport');
		assert.equal(editor.document.getText(), 'root = sqrt(2)');
	});

	it('nor for names that were typed', async () => {
		await set('imports', 'add');
		fake = await serve({ tokens: () => [] });
		language = new ScriptedLanguage({ sqrt: ['math'] });
		const editor = await show('|', { language: 'python' });
		await type('root = sqrt', 30);
		await delay(800);
		assert.equal(editor.document.getText(), 'root = sqrt');
	});

	describe('with the TypeScript server itself', () => {
		const source = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'src');
		const files = ['checkout.ts', 'refund.ts', 'basket.ts'].map((name) => join(source, name));

		afterEach(() => Promise.all(files.map((file) => rm(file, { force: true }))));

		/** Has `const sum = total([]);` accepted in a file, when the server knows the project. */
		async function acceptIn(name: string): Promise<TextEditor> {
			await set('imports', 'add');
			fake = await serve({ tokens: () => [...' total([]);\n'] });
			await writeFile(join(source, name), 'export const version = 1;\n\n');
			for (const other of ['cart.ts', 'basket.ts']) {
				if (existsSync(join(source, other))) await workspace.openTextDocument(Uri.file(join(source, other)));
			}
			const editor = await window.showTextDocument(Uri.file(join(source, name)));
			// It has when it complains.
			await editor.edit((edit) => edit.insert(new Position(1, 0), 'undeclared;\n'));
			await until(() => languages.getDiagnostics(editor.document.uri).length > 0, 'the TypeScript server', 60_000);
			await editor.edit((edit) => edit.delete(new Range(1, 0, 2, 0)));
			editor.selection = new Selection(1, 0, 1, 0);
			await type('const sum =', 30);
			assert.match(await accepted(editor), /const sum = total\(\[\]\);\|/);
			return editor;
		}

		it('the only one is added', async () => {
			const { document } = await acceptIn('checkout.ts');
			const hasImport = () => /^import \{ total \} from ['"]\.\/cart(\.ts|\.js)?['"];/.test(document.getText());
			await until(hasImport, `the import in ${document.getText()}`);
			await commands.executeCommand('undo');
			assert.equal(document.getText(), 'export const version = 1;\nconst sum = total([]);\n');
		});

		it('of two none is', async () => {
			await writeFile(join(source, 'basket.ts'), 'export function total(basket: string[]): number {\n\treturn basket.length;\n}\n');
			const { document } = await acceptIn('refund.ts');
			const name = new Range(1, 12, 1, 17);
			const fixes = async () => {
				const found = await commands.executeCommand<CodeAction[]>(
					'vscode.executeCodeActionProvider',
					document.uri,
					name,
					CodeActionKind.QuickFix.value,
				);
				return found.map(({ title }) => title).filter((title) => /^Add import from/.test(title));
			};
			await until(async () => (await fixes()).length === 2, 'two imports to choose from');
			await delay(1500);
			await commands.executeCommand('co-clone.addImport');
			assert.equal(document.getText(), 'export const version = 1;\nconst sum = total([]);\n');
		});
	});
});
