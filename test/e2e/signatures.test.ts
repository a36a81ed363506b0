import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { pyright } from '../pyright.ts';
import { EditorPage, environment } from './editor-page.ts';
import { until } from './faults.ts';

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
	'area.py': 'def area(width: int|, unit: str = "m") -> str:\n    return f"{width * width} {unit}"\n',
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
	/** Runs the compiler on a project. */
	const compile = (name: string) =>
		run(process.execPath, [resolve('node_modules', 'typescript', 'bin', 'tsc'), '-p', folderOf(name)]).catch((error: { stdout?: string }) =>
			assert.fail(error.stdout),
		);
	const folderOf = (name: string) => resolve(environment('E2E_FOLDER'), 'workspaces', name);

	/** What was edited in files that were not open has tabs of its own, a moment later. */
	async function saveAll(page: EditorPage) {
		const dirty = page.page.locator('.tab.dirty');
		for (let times = 0; times < 20; times++) {
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
		await compile('signature-typescript');
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

	it('updates dozens of files, shows that it does, and takes all of it back with one undo', async () => {
		const count = 60;
		const rooms = Array.from({ length: count }, (_, index): [path: string, text: string] => [
			`rooms/room${index}.ts`,
			`import { area } from '../area';\n\nexport const room = area(${index});\n`,
		]);
		const declaration = 'export function area(|width: number): number {\n\treturn width * width;\n}\n';
		const page = await open('signature-dozens', { 'area.ts': declaration, ...Object.fromEntries(rooms) });
		const texts = () => Promise.all(rooms.map(([path]) => readFile(resolve(folderOf('signature-dozens'), path), 'utf8')));
		await page.type('unit?: string, ');
		await page.press('Escape');
		const says = () =>
			lens(page)
				.filter({ hasText: `${count} callers need an update` })
				.waitFor({ timeout: 60_000 });
		await says();
		await page.command('Co-Clone: Update Callers That Are Certain');
		const started = performance.now();
		const progress = page.page.locator('.notification-toast', { hasText: `${count} files are edited` });
		const isSeen = progress.waitFor({ timeout: 60_000 }).then(
			() => page.picture('updating').then(() => true),
			() => false,
		);
		const edited = rooms.map(([, text]) => text.replace('= area(', '= area(undefined, '));
		await until(async () => isDeepStrictEqual(await texts(), edited), 60_000);
		const tookMs = performance.now() - started;
		console.log(`      ${count} files after ${(tookMs / 1000).toFixed(1)} s`);
		assert.ok(tookMs < 3000 || (await isSeen), 'nobody was told what goes on');
		await lens(page).waitFor({ state: 'detached', timeout: 60_000 });
		await page.picture('updated');
		await page.showFile('rooms/room7.ts');
		await page.press('ControlOrMeta+z');
		await page.page.locator('.tab.dirty').nth(count).waitFor({ timeout: 60_000 });
		await page.picture('undone');
		await saveAll(page);
		assert.deepEqual(
			await texts(),
			rooms.map(([, text]) => text),
		);
		await page.showFile('area.ts');
		await says();
	}).timeout(240_000);

	it('has the callers in a peek that need an update, and nothing else', async () => {
		const other = { 'other.ts': "import { room } from './rooms';\n\nfunction area(width: number) {}\narea(1);\nroom(1, 2);\n" };
		const page = await open('signature-peek', { ...typescript, ...other });
		await page.type(', height: number');
		await page.press('Escape');
		await lens(page).waitFor({ timeout: 30_000 });
		const cursor = page.page.locator('[id="status.editor.selection"]');
		const before = await cursor.textContent();
		await page.command('Co-Clone: Peek Callers to Update');
		const rows = page.page.locator('.peekview-widget .ref-tree .monaco-list-row');
		await rows.first().waitFor();
		// Files are closed, but for that of the first place.
		const closed = page.page.locator('.peekview-widget .ref-tree .monaco-list-row[aria-expanded="false"]');
		for (let files = 0; files < 5 && (await closed.count()) > 0; files++) await closed.first().locator('.monaco-tl-twistie').click();
		await page.page.locator('.peekview-widget .peekview-title', { hasText: '(4)' }).waitFor();
		await rows.nth(5).waitFor();
		await page.picture('peek');
		const labels = (await rows.evaluateAll((found) => found.map((row) => row.ariaLabel ?? ''))).flatMap((label) => {
			const [, file, line, column] = /in (\S+) on line (\d+) at column (\d+)/.exec(label) ?? [];
			return file === undefined ? [] : [`${file}:${line}:${column}`];
		});
		const callsIn = (file: 'house.ts' | 'rooms.ts') =>
			[...typescript[file].matchAll(/\barea\(/g)].map(({ index }) => {
				const before = typescript[file].slice(0, index).split('\n');
				return `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
			});
		assert.deepEqual(labels.toSorted(), [...callsIn('house.ts'), ...callsIn('rooms.ts')].toSorted());
		assert.equal(labels.length, 4);
		await page.press('Escape');
		await page.page.locator('.peekview-widget').waitFor({ state: 'detached' });
		assert.equal(await cursor.textContent(), before);
		await page.type('?');
		// The key is there before it is drawn.
		await until(async () => /height: number\?\): number/.test(await page.shownLine()));
	});

	it('says everywhere how many callers need an update, and the imports apart', async () => {
		const area = typescript['area.ts'].replace('|', '').replace('area', 'area|');
		const page = await open('signature-imports', { ...typescript, 'area.ts': area });
		await page.type('s');
		await page.press('Escape');
		await page.page.locator('.codelens-decoration', { hasText: /^4 callers and 2 imports need an update/ }).waitFor({ timeout: 30_000 });
		const item = page.page.locator('.statusbar-item[id$="co-clone.signatures"]');
		assert.match((await item.textContent()) ?? '', /^\s*4\s*$/);
		assert.match((await item.getAttribute('aria-label')) ?? '', /4 callers and 2 imports need an update/);
		await page.command('Co-Clone: Show Signature Changes');
		await page.page.locator('.monaco-list-row', { hasText: /Certain\s*4 callers and 2 imports/ }).waitFor();
		await page.picture('list');
	});

	it('gives every caller the expression that somebody types, once that is one', async () => {
		const page = await open('signature-expression', typescript);
		await page.type(', height: number');
		await page.press('Escape');
		await lens(page).waitFor({ timeout: 30_000 });
		await page.command('Co-Clone: Choose Values for New Parameters…');
		await page.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'This expression' }).waitFor();
		await page.picture('choices');
		await page.press('Enter');
		const input = page.page.locator('.quick-input-widget:visible');
		await input.locator('.quick-input-message', { hasText: 'What every caller gives for height: number' }).waitFor();
		const refused = async (said: string, text: string) => {
			await page.press('Enter');
			await input.locator('.quick-input-message', { hasText: said }).waitFor();
			await page.picture('refused');
			assert.equal(await input.locator('input').inputValue(), text);
		};
		await refused('there is nothing yet', '');
		await page.type('Math.max(1,');
		await refused('“Math.max(1,” is not an expression that can be parsed.', 'Math.max(1,');
		await page.type(' 2), 3');
		await refused('“Math.max(1, 2), 3” is more than one expression.', 'Math.max(1, 2), 3');
		for (const _ of ', 3') await page.press('Backspace');
		await page.picture('expression');
		await page.press('Enter');
		await page.page.locator('.codelens-decoration', { hasText: 'Update 4 that are certain' }).waitFor({ timeout: 30_000 });
		await page.picture('chosen');
		await page.command('Co-Clone: Update Callers That Are Certain');
		await lens(page).waitFor({ state: 'detached', timeout: 30_000 });
		await saveAll(page);
		const at = (path: string) => readFile(resolve(folderOf('signature-expression'), path), 'utf8');
		assert.match(await at('house.ts'), /area\(width, Math\.max\(1, 2\)\)\)\.concat\(area\(height, Math\.max\(1, 2\)\)\)/);
		assert.match(await at('rooms.ts'), /area\(width, Math\.max\(1, 2\)\) \+ area\(\n\t\t2, \/\/ doors\n\t\tMath\.max\(1, 2\),\n/);
		await compile('signature-expression');
	});

	it('leaves a Python program that runs, and types that fit, once all its callers are updated', async () => {
		const page = await open('signature-python', python);
		assert.deepEqual(pyright(folderOf('signature-python')), []);
		await page.type(', height: int');
		await page.press('Escape');
		await lens(page).waitFor({ timeout: 30_000 });
		await page.command('Co-Clone: Update All Callers');
		await lens(page).waitFor({ state: 'detached', timeout: 30_000 });
		await saveAll(page);
		assert.deepEqual(pyright(folderOf('signature-python')), []);
		const program =
			'import re, runpy; source = open("area.py").read(); open("area.py", "w").write(source.replace("width * width", "width * height")); runpy.run_path("rooms.py")';
		await run('python3', ['-c', program], { cwd: folderOf('signature-python') }).catch((error: { stderr?: string }) =>
			assert.fail(error.stderr),
		);
	});
});
