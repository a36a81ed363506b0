import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EditorPage, environment } from './editor-page.ts';

const run = promisify(execFile);

const typescript = {
	'area.ts': 'export function area(width: number|): number {\n\treturn width * width;\n}\n',
	'rooms.ts':
		"import { area } from './area';\n\nexport function room(width: number, height: number): number {\n\treturn area(width) + area(\n\t\t2, // doors\n\t) * height;\n}\n",
	'house.ts':
		"import { area } from './area';\n\nconst height = 3;\nexport const house = [1, 2].map((width) => area(width)).concat(area(height));\n",
	'tsconfig.json': '{ "compilerOptions": { "strict": true, "noEmit": true, "module": "nodenext", "target": "es2022", "types": [] } }\n',
};

const python = {
	'area.py': 'def area(width|, unit="m"):\n    return f"{width * width} {unit}"\n',
	'rooms.py':
		'from area import area\n\nheight = 3\nassert area(2) == "6 m", area(2)\nassert area(2, "cm") == "6 cm"\nassert [area(each, unit="km") for each in [1]] == ["3 km"]\n',
};

/** The packaged extension, real keys, and the checkers of the languages as judges. */
describe('a signature that is edited by typing', () => {
	let editor: EditorPage | undefined;

	async function open(name: string, files: Readonly<Record<string, string>>): Promise<EditorPage> {
		editor = await EditorPage.open(name, files);
		await editor.openFile(Object.keys(files)[0] ?? '');
		return editor;
	}

	const lens = (page: EditorPage) => page.page.locator('.codelens-decoration', { hasText: 'need' });
	const folderOf = (name: string) => resolve(environment('E2E_FOLDER'), 'workspaces', name);

	/** What was edited in files that were not open has tabs of its own, a moment later. */
	async function saveAll(page: EditorPage) {
		const dirty = page.page.locator('.tab.dirty');
		for (let times = 0; times < 5; times++) {
			await page.command('File: Save All');
			await delay(1000);
			if ((await dirty.count()) === 0) return;
		}
		assert.fail('something is not saved');
	}

	afterEach(async function () {
		if (this.currentTest?.state === 'failed') await editor?.picture('failed').catch(() => {});
		await editor?.close();
		editor = undefined;
	});

	it('leaves a TypeScript project that compiles, once all its callers are updated', async () => {
		const page = await open('signature-typescript', typescript);
		await page.type(', height: number');
		await page.press('Escape');
		await lens(page).waitFor({ timeout: 30_000 });
		assert.match((await lens(page).textContent()) ?? '', /^4 callers need an update/);
		await page.picture('callers');
		await page.command('Co-Clone: Update All Callers');
		await lens(page).waitFor({ state: 'detached', timeout: 30_000 });
		await page.picture('updated');
		const body = 'export function area(width: number, height: number): number {';
		assert.ok((await page.savedText('area.ts')).startsWith(body));
		await saveAll(page);
		const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc');
		await run(process.execPath, [tsc, '-p', folderOf('signature-typescript')]).catch((error: { stdout?: string }) =>
			assert.fail(error.stdout),
		);
	});

	it('is undone in all files at once, saved or not, and then its callers need an update again', async () => {
		const page = await open('signature-undo', typescript);
		const at = async (path: string) => (await readFile(resolve(folderOf('signature-undo'), path), 'utf8')).trim();
		// A text that is not saved is updated like one that is.
		await page.showFile('rooms.ts');
		await page.press('ControlOrMeta+Home');
		await page.type(';');
		await page.showFile('area.ts');
		await page.type(', height: number');
		await page.press('Escape');
		const says = () => page.page.locator('.codelens-decoration', { hasText: /^4 callers need an update/ }).waitFor({ timeout: 30_000 });
		const update = async () => {
			await page.command('Co-Clone: Update All Callers');
			await lens(page).waitFor({ state: 'detached', timeout: 30_000 });
		};
		await says();
		assert.match((await page.page.locator('.statusbar-item[id$="co-clone.signatures"]').textContent()) ?? '', /4/);
		await page.command('Co-Clone: Show Signature Changes');
		await page.page.locator('.monaco-list-row', { hasText: 'To confirm' }).first().waitFor();
		await page.picture('list');
		await update();
		await page.showFile('rooms.ts');
		await page.press('ControlOrMeta+z');
		await page.showFile('area.ts');
		await says();
		await page.picture('undone');
		await saveAll(page);
		assert.equal(await at('house.ts'), typescript['house.ts'].trim());
		assert.equal(await at('rooms.ts'), `;${typescript['rooms.ts']}`.trim());
		await update();
		await saveAll(page);
		assert.match(await at('house.ts'), /area\(width, height\)\).concat\(area\(height, height\)\)/);
		assert.match(await at('rooms.ts'), /^;import.*return area\(width, height\)/s);
	});

	it('leaves a Python program that runs, once all its callers are updated', async () => {
		const page = await open('signature-python', python);
		await page.type(', height');
		await page.press('Escape');
		await lens(page).waitFor({ timeout: 30_000 });
		await page.command('Co-Clone: Update All Callers');
		await lens(page).waitFor({ state: 'detached', timeout: 30_000 });
		await saveAll(page);
		const program =
			'import re, runpy; source = open("area.py").read(); open("area.py", "w").write(source.replace("width * width", "width * height")); runpy.run_path("rooms.py")';
		await run('python3', ['-c', program], { cwd: folderOf('signature-python') }).catch((error: { stderr?: string }) =>
			assert.fail(error.stderr),
		);
	});
});
