import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	type CodeAction,
	type CodeLens,
	commands,
	DiagnosticSeverity,
	extensions,
	Location,
	languages,
	Position,
	Range,
	Selection,
	type TextEditor,
	Uri,
	window,
	workspace,
} from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { serve, set, type, until } from './editor.ts';

const declaration = 'export function area(width: number|): number {\n\treturn width * width;\n}\n';
const calls = "import { area } from './area';\n\nconst height = 2;\nexport const one = area(1);\nexport const two = area(height);\n";

/** The real thing: the extension that runs in this window, real keys, what the editor shows. */
describe('signature changes', () => {
	const base = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'signatures');
	/** Another for each test: a text that was not saved outlives its file. */
	let root = '';
	let tests = 0;
	const uriOf = (path: string) => Uri.file(join(root, path));

	async function write(files: Readonly<Record<string, string>>) {
		for (const [path, text] of Object.entries(files)) {
			await mkdir(dirname(join(root, path)), { recursive: true });
			await writeFile(join(root, path), text.replace('|', ''));
		}
	}

	/** Shows a file with the cursor at the `|` that it was written with. */
	async function open(path: string, text: string): Promise<TextEditor> {
		const editor = await window.showTextDocument(uriOf(path));
		const at = editor.document.positionAt(text.indexOf('|'));
		editor.selection = new Selection(at, at);
		await delay(600);
		return editor;
	}

	async function lenses(path: string): Promise<string[]> {
		const found = await commands.executeCommand<readonly CodeLens[]>('vscode.executeCodeLensProvider', uriOf(path), 20);
		return found.flatMap(({ command }) => (command?.command.startsWith('co-clone.') ? [command.title] : []));
	}

	const shows = (path: string, said: string) =>
		until(async () => (await lenses(path)).join('; ') === said, `“${said}” above ${path}`).catch(async (error: unknown) => {
			throw new Error(`${error}; it is “${(await lenses(path)).join('; ')}” above ${await textOf(path)}`);
		});
	const textOf = async (path: string) => (await workspace.openTextDocument(uriOf(path))).getText();

	before(async () => {
		await extensions.getExtension('co-clone.co-clone')?.activate();
		await set('autoSave', 'off', 'files');
	});

	beforeEach(() => {
		tests += 1;
		root = join(base, String(tests));
	});

	afterEach(async () => {
		await commands.executeCommand('co-clone.dismissChange');
		for (const { document } of window.visibleTextEditors) {
			await window.showTextDocument(document);
			await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		}
		// The editor may be saving there.
		await rm(root, { recursive: true, force: true, maxRetries: 5 });
	});

	after(async () => {
		await rm(base, { recursive: true, force: true });
		await set('autoSave', undefined, 'files');
	});

	it('shows how many callers need an update, and updates them all in one step that can be undone', async () => {
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		const editor = await open('area.ts', declaration);
		await type(', scale: number');
		await shows('area.ts', '2 callers need an update');
		for (let presses = ', scale: number'.length; presses > 0; presses--) await commands.executeCommand('deleteLeft');
		await shows('area.ts', '');
		await commands.executeCommand('cursorHome');
		const start = editor.document.positionAt(declaration.indexOf('width'));
		editor.selection = new Selection(start, start);
		await type('name?: string, ');
		await shows('area.ts', '2 callers need an update; Update 2 that are certain');
		const { active } = editor.selection;
		await commands.executeCommand('co-clone.updateCertain');
		assert.match(await textOf('calls.ts'), /area\(undefined, 1\);\n.*area\(undefined, height\)/);
		assert.equal(window.activeTextEditor?.document.uri.path, uriOf('area.ts').path);
		assert.ok(window.activeTextEditor.selection.active.isEqual(active));
		await shows('area.ts', '');
		await window.showTextDocument(uriOf('calls.ts'));
		await commands.executeCommand('undo');
		assert.equal(await textOf('calls.ts'), calls);
		await shows('area.ts', '2 callers need an update; Update 2 that are certain');
	});

	it('offers at the declaration and at each call what can be done there', async () => {
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		await open('area.ts', declaration);
		await type(', height: number');
		await shows('area.ts', '2 callers need an update');
		await window.showTextDocument(uriOf('calls.ts'));
		await window.showTextDocument(uriOf('area.ts'));
		const actions = async (path: string, line: number, character: number) => {
			const range = new Range(line, character, line, character);
			const found = await commands.executeCommand<readonly CodeAction[]>('vscode.executeCodeActionProvider', uriOf(path), range);
			return found.flatMap(({ title, command }) => (command?.command.startsWith('co-clone.') ? [title] : []));
		};
		assert.deepEqual(await actions('area.ts', 0, 18), [
			'Review: 2 callers need an update',
			'Peek Callers to Update',
			'Update with Refactor Preview',
			'Choose Values for New Parameters…',
			'Dismiss This Signature Change',
		]);
		assert.deepEqual(await actions('calls.ts', 3, 20), [
			'Update for the new signature: height is in scope here.',
			'Peek: 2 callers need an update',
		]);
		const editor = await window.showTextDocument(uriOf('calls.ts'));
		editor.selection = new Selection(3, 20, 3, 20);
		await commands.executeCommand('co-clone.updateCaller');
		assert.match(await textOf('calls.ts'), /one = area\(1, height\);/);
		await until(() => window.activeTextEditor?.selection.active.line === 4, 'the next call');
	});

	it('marks each call that is stale, more loudly where it compiles and means something else', async () => {
		const sum = 'export function sum(|...all: number[]) {}\nexport function product(factor: number) {}\n';
		await write({ 'sum.ts': sum, 'use.ts': "import { product, sum } from './sum';\n\nsum(1, 2);\nproduct(3);\n" });
		const marks = () => {
			const own = languages.getDiagnostics(uriOf('use.ts')).filter(({ source }) => source === 'Co-Clone');
			return own.map(({ range, severity, relatedInformation }) =>
				[range.start.line, DiagnosticSeverity[severity], relatedInformation?.[0]?.message].join(' '),
			);
		};
		const editor = await open('sum.ts', sum);
		await type('first: number, ');
		await shows('sum.ts', '1 caller needs an update');
		const end = editor.document.lineAt(1).text.indexOf(')');
		editor.selection = new Selection(1, end, 1, end);
		await type(', by: number');
		await shows('sum.ts', '1 caller needs an update; 1 caller needs an update');
		assert.deepEqual(marks(), [
			'2 Warning sum(...all: number[]) → sum(first: number, ...all: number[])',
			'3 Information product(factor: number) → product(factor: number, by: number)',
		]);
		await commands.executeCommand('co-clone.dismissChange');
		await commands.executeCommand('co-clone.dismissChange');
		await until(() => marks().length === 0, 'no marks for what was dismissed');
	});

	it('says that the comment of the function is out of date, and gives it a line', async () => {
		const text = `/**\n * @param width in meters\n */\n${declaration}`;
		await write({ 'area.ts': text, 'calls.ts': calls });
		await open('area.ts', text);
		await type(', scale = 1');
		await shows('area.ts', 'The comment needs an update');
		await commands.executeCommand('co-clone.updateAll');
		assert.match(await textOf('area.ts'), /@param width in meters\n \* @param scale\n \*\//);
		await shows('area.ts', '');
	});

	it('shows all callers before and after in one diff, and edits nothing', async () => {
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		await open('area.ts', declaration);
		await type(', scale: number');
		await shows('area.ts', '2 callers need an update');
		await commands.executeCommand('co-clone.reviewCallers');
		const labels = () => window.tabGroups.activeTabGroup.tabs.map(({ label }) => label).join('; ');
		await until(() => labels().includes('area: 2 callers need an update'), `the diff; there is ${labels()}`);
		const proposed = () => workspace.textDocuments.find(({ uri }) => uri.scheme === 'co-clone-signatures' && uri.path.startsWith(root));
		await until(() => proposed() !== undefined, 'the text as it would be');
		assert.match(proposed()?.getText() ?? '', /area\(1, TODO_scale\);\n.*area\(height, TODO_scale\)/);
		assert.equal(await textOf('calls.ts'), calls);
		await commands.executeCommand('workbench.action.closeActiveEditor');
	});

	it('has what is certain ticked in the preview of the editor, and nothing else', async () => {
		const by = declaration.replace('|', ', by: number');
		const use = "import { area } from './area';\n\nexport const one = area(1, 2);\nexport const two = area(1, Date.now());\n";
		await write({ 'area.ts': by, 'calls.ts': use });
		const editor = await open('area.ts', `|${by}`);
		const start = editor.document.positionAt(by.indexOf(', by'));
		await editor.edit((edit) => edit.delete(new Range(start, start.translate(0, ', by: number'.length))));
		await shows('area.ts', '2 callers need an update; Update 1 that is certain');
		const isDone = commands.executeCommand('co-clone.previewCallers');
		await until(
			async () => {
				await commands.executeCommand('refactorPreview.apply');
				return (await textOf('calls.ts')) !== use;
			},
			'what was ticked',
			15_000,
		);
		await isDone;
		assert.match(await textOf('calls.ts'), /one = area\(1\);\n.*two = area\(1, Date\.now\(\)\)/);
		assert.equal(window.activeTextEditor?.document, editor.document);
	});

	it('goes from call to call, also to those that nobody edits, and back to where that began', async () => {
		const tag = 'export function tag(parts: TemplateStringsArray|) {}\n';
		await write({ 'tag.ts': tag, 'use.ts': "import { tag } from './tag';\n\ntag`one`;\ntag`two`;\n" });
		const editor = await open('tag.ts', tag);
		await type(', by: number');
		await shows('tag.ts', '2 callers need an update');
		const { active } = editor.selection;
		const at = () => `${window.activeTextEditor?.document.fileName.split('/').at(-1)}:${window.activeTextEditor?.selection.active.line}`;
		await commands.executeCommand('co-clone.nextCaller');
		assert.equal(at(), 'use.ts:2');
		await commands.executeCommand('co-clone.nextCaller');
		assert.equal(at(), 'use.ts:3');
		await commands.executeCommand('co-clone.backToSignature');
		assert.equal(at(), 'tag.ts:0');
		assert.ok(window.activeTextEditor?.selection.active.isEqual(active));
	});

	describe('with values from the model', () => {
		const run = commands.executeCommand;
		let fake: FakeOllama | undefined;

		/** What is offered at a call. */
		async function offered(line: number) {
			await workspace.openTextDocument(uriOf('calls.ts'));
			const range = new Range(line, 20, line, 20);
			const found = await run<readonly CodeAction[]>('vscode.executeCodeActionProvider', uriOf('calls.ts'), range);
			return found.flatMap(({ title, command }) => (command?.command === 'co-clone.updateCaller' ? [title] : [])).join();
		}

		/** The third that there is to choose from: the model where there is one, and a placeholder where there is none. When the list shows nobody can tell. */
		async function chooseThird(isChosen: () => boolean | Promise<boolean>) {
			for (let ms = 1500; ms < 10_000 && !(await isChosen()); ms *= 2) {
				await run('workbench.action.closeQuickOpen');
				void run('co-clone.chooseValues');
				await delay(ms);
				await run('workbench.action.quickOpenSelectNext');
				await run('workbench.action.quickOpenSelectNext');
				await run('workbench.action.acceptSelectedQuickOpenItem');
				await until(isChosen, 'the choice', ms).catch(() => {});
			}
		}

		afterEach(async () => {
			await set('ollamaUrl', undefined);
			await fake?.[Symbol.asyncDispose]();
			fake = undefined;
		});

		it('asks for each caller, shows what it says, and edits nothing before it is told to', async () => {
			const answer = (prompt: string) => (prompt.includes('area(1, /*') ? [' height', ')'] : [' unheard', ')']);
			fake = await serve({ tokens: answer });
			await write({ 'area.ts': declaration, 'calls.ts': calls });
			await open('area.ts', declaration);
			await type(', scale: number');
			await shows('area.ts', '2 callers need an update');
			const prompts = () => (fake?.generated ?? []).map(({ body }) => String(body['prompt']));
			const asked = () => prompts().filter((prompt) => prompt.includes('/* scale'));
			await chooseThird(() => asked().length > 0);
			await until(() => asked().length === 4, 'the questions');
			assert.match(asked()[0] ?? '', /one = area\(1, \/\* scale: number \*\//);
			assert.equal(await textOf('calls.ts'), calls);
			await until(async () => /The model gives height\.$/.test(await offered(3)), 'the value');
			await until(async () => /The model gives no scale: unheard is not known there\.$/.test(await offered(4)), 'the reason');
			await run('co-clone.updateAll');
			await until(async () => /area\(1, height\);\n.*area\(height, TODO_scale\)/.test(await textOf('calls.ts')), 'the edits');
			await window.showTextDocument(uriOf('calls.ts'));
			await run('undo');
			assert.equal(await textOf('calls.ts'), calls);
		});

		describe('that the language has an opinion of', () => {
			const unit = "import { unit } from './unit';\n\nexport const three = unit;\n";
			const errors = () => languages.getDiagnostics(uriOf('calls.ts')).filter(({ severity }) => severity === DiagnosticSeverity.Error);

			/** Two callers, of which one is going to get a text where a number has to be. */
			async function update() {
				fake = await serve({ tokens: (prompt) => (prompt.includes('area(1, /*') ? [' unit', ')'] : [' height', ')']) });
				const tsconfig = '{ "compilerOptions": { "strict": true } }\n';
				await write({
					'unit.ts': "export const unit = ['m'].join();\n",
					'area.ts': declaration,
					'calls.ts': calls + unit,
					'tsconfig.json': tsconfig,
				});
				await open('area.ts', declaration);
				await type(', scale: number');
				await shows('area.ts', '2 callers need an update');
				await chooseThird(() => (fake?.generated ?? []).some(({ body }) => String(body['prompt']).includes('/* scale')));
				await until(async () => /gives unit\.$/.test(await offered(3)) && /gives height\.$/.test(await offered(4)), 'the values');
				await run('co-clone.updateAll');
				await until(async () => /area\(1, unit\);\n.*area\(height, height\)/.test(await textOf('calls.ts')), 'the edits');
			}

			it('puts a placeholder where its checker refuses one, and says why', async () => {
				await update();
				await until(async () => /area\(1, TODO_scale\);\n.*area\(height, height\)/.test(await textOf('calls.ts')), 'the placeholder');
				await window.showTextDocument(uriOf('calls.ts'));
				await run('undo');
				assert.match(await textOf('calls.ts'), /area\(1, unit\);\n.*area\(height, height\)/);
				await run('undo');
				assert.equal(await textOf('calls.ts'), calls + unit);
				await until(async () => /gives no scale: .*'string' is not assignable.*'number'/.test(await offered(3)), 'the reason');
			});

			it('leaves a text alone in which somebody typed meanwhile', async () => {
				await update();
				const editor = await window.showTextDocument(uriOf('calls.ts'));
				await editor.edit((edit) => edit.insert(new Position(0, 0), '// mine\n'));
				await until(() => errors().length > 0, 'what the checker says');
				await delay(4000);
				assert.match(await textOf('calls.ts'), /^\/\/ mine\n[\s\S]*area\(1, unit\)/);
			});
		});

		it('offers nothing of the kind where there is no model', async () => {
			await set('ollamaUrl', 'http://127.0.0.1:9');
			await write({ 'area.ts': declaration, 'calls.ts': calls });
			await open('area.ts', declaration);
			await type(', height: number');
			await shows('area.ts', '2 callers need an update');
			await chooseThird(async () => /There is no value for height/.test(await offered(3)));
			await run('co-clone.updateAll');
			await until(async () => /area\(1, TODO_height\)/.test(await textOf('calls.ts')), 'the placeholder that was chosen');
		});
	});

	const firstAnswers: Readonly<Record<string, () => Location[]>> = {
		'says nothing at first': () => [],
		dies: () => {
			throw new Error('The server has ended.');
		},
	};
	for (const [how, first] of Object.entries(firstAnswers)) {
		it(`believes a language server, also one that ${how}`, async () => {
			const shape = 'export class Shape {\n\tgrow(by: number|) {}\n}\n';
			const use = "import { make } from 'elsewhere';\nmake().grow(1);\n";
			await write({ 'shape.ts': shape, 'use.ts': use });
			let asked = 0;
			const provider = languages.registerReferenceProvider('typescript', {
				provideReferences: () => {
					asked += 1;
					return asked < 2 ? first() : [new Location(uriOf('use.ts'), new Position(1, 7))];
				},
			});
			try {
				await open('shape.ts', shape);
				await type(', to: number');
				await shows('shape.ts', '1 caller needs an update');
				assert.ok(asked > 1);
			} finally {
				provider.dispose();
			}
		});
	}

	it('binds with the TypeScript server of the editor what the text alone cannot', async () => {
		assert.ok(extensions.getExtension('vscode.typescript-language-features'), 'the editor has no TypeScript');
		const shape = 'export interface Shape {\n\tgrow(by: number|): void;\n}\nexport declare function make(): Shape;\n';
		await write({
			'shape.ts': shape,
			'box.ts': "import { make } from './shape';\n\nexport const box = () => ({ inner: make() });\n",
			'use.ts': "import { box } from './box';\n\nbox().inner.grow(1);\nbox().other.grow(2);\n",
			'round.ts': "import type { Shape } from './shape';\n\nexport const round: Shape = {\n\tgrow(by: number) {},\n};\n",
			'tsconfig.json': '{ "compilerOptions": { "strict": true } }\n',
		});
		await open('shape.ts', shape);
		await type(', to: number');
		const said = async () => (await lenses('shape.ts')).join('; ');
		const isSaid = async () => (await said()) === '2 callers need an update; Update 1 that is certain';
		await until(isSaid, 'what TypeScript knows of the method', 60_000);
		await commands.executeCommand('co-clone.updateAll');
		assert.match(await textOf('round.ts'), /grow\(by: number, to: number\) \{\}/);
		assert.match(await textOf('use.ts'), /inner\.grow\(1, TODO_to\);\nbox\(\)\.other\.grow\(2\);/);
	});

	it('plans again when a file was changed meanwhile, and overwrites nothing', async () => {
		await write({
			'area.ts': declaration.replace('|', ', name: string|'),
			'calls.ts': calls.replaceAll(/area\((\w+)\)/g, "area($1, 'x')"),
		});
		const editor = await open('area.ts', declaration.replace('|', ', name: string|'));
		const start = editor.document.positionAt(declaration.indexOf('|'));
		await editor.edit((edit) => edit.delete(new Range(start, start.translate(0, ', name: string'.length))));
		await shows('area.ts', '2 callers need an update; Update 2 that are certain');
		await writeFile(join(root, 'calls.ts'), `// new\n${calls.replaceAll(/area\((\w+)\)/g, "area($1, 'x')")}`);
		await commands.executeCommand('co-clone.updateCertain');
		await until(async () => (await textOf('calls.ts')) === `// new\n${calls}`, 'calls without the name');
	});

	it('saves a file that nobody has opened, but leaves one with a tab to be saved by its reader', async () => {
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		const saved = async () => await readFile(join(root, 'calls.ts'), 'utf8');
		const update = async (parameter: string) => {
			const editor = await window.showTextDocument(uriOf('area.ts'));
			const at = editor.document.positionAt(declaration.indexOf('width'));
			editor.selection = new Selection(at, at);
			await delay(600);
			await type(parameter);
			await shows('area.ts', '2 callers need an update; Update 2 that are certain');
			await commands.executeCommand('co-clone.updateCertain');
			await shows('area.ts', '');
		};
		await update('name?: string, ');
		const first = calls.replaceAll(/area\((?=1|height)/g, 'area(undefined, ');
		assert.equal(await saved(), first);
		await window.showTextDocument(uriOf('calls.ts'), { preview: false });
		await update('unit?: string, ');
		assert.equal(await saved(), first);
		assert.equal(await textOf('calls.ts'), calls.replaceAll(/area\((?=1|height)/g, 'area(undefined, undefined, '));
	});

	it('knows from Git what another program changed, and only lists that', async () => {
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		const git = (...args: string[]) =>
			execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root, stdio: 'pipe' });
		git('init', '-q');
		git('add', '.');
		git('commit', '-q', '-m', 'all');
		await writeFile(join(root, 'area.ts'), declaration.replace('width: number|', 'name?: string, width: number'));
		await open('calls.ts', `|${calls}`);
		await until(async () => {
			await commands.executeCommand('co-clone.updateTicked');
			return /area\(undefined, 1\)/.test(await textOf('calls.ts'));
		}, 'callers of what changed since the last commit');
		await window.showTextDocument(uriOf('area.ts'));
		assert.deepEqual(await lenses('area.ts'), []);
	});

	it('scans the codebase', async () => {
		await write({ 'area.ts': declaration, 'tools.py': 'class Tool:\n    def use(self, by):\n        pass\n' });
		await delay(500);
		await commands.executeCommand('co-clone.scanCodebase');
		await commands.executeCommand('workbench.view.explorer');
		await commands.executeCommand('workbench.action.closeAllEditors');
		void commands.executeCommand('co-clone.findFunction');
		const isFound = async () => {
			await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
			return window.activeTextEditor !== undefined;
		};
		await until(isFound, 'one of the functions');
	});

	it('watches nothing where it is turned off', async () => {
		await set('signatures', 'off');
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		await open('area.ts', declaration);
		await type(', name: string');
		await delay(1500);
		assert.deepEqual(await lenses('area.ts'), []);
		await set('signatures', undefined);
		await commands.executeCommand('workbench.action.files.revert');
	});

	it('saves nothing by itself that was not asked for', async () => {
		await write({ 'area.ts': declaration, 'calls.ts': calls });
		await open('area.ts', declaration);
		await type(', name: string');
		await shows('area.ts', '2 callers need an update');
		assert.equal(await readFile(join(root, 'calls.ts'), 'utf8'), calls);
	});
});
