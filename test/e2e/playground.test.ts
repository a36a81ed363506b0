import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { Script } from '../fake-ollama.ts';
import { launchBrowser } from './browser.ts';
import { Playground, until } from './playground-page.ts';

const area = 'export function area(width: number, height: number): number {\n\treturn width * height;\n}\n';
const room = "import { area } from './area.ts';\n\nexport const room = area(3, 4);\nexport const hall = area(10, 20);\n";
/** Closes within this after nobody wants an answer any more; on a busy machine the browser itself takes most of it. */
const promptly = 1000;

const says = (...tokens: string[]): Partial<Script> => ({ tokens: () => tokens, step: 2 });

describe('the playground', () => {
	let browser: Browser;
	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	it('shows ghost text, and Tab accepts it', async () => {
		// Once it is there it is not said again.
		const tokens = (prompt: string) => (prompt.includes('right;') ? [] : [' left', ' + right;']);
		await using playground = await Playground.open(browser, { script: { tokens, step: 2 } });
		await playground.create('add.ts', 'function add(left: number, right: number) {\n');
		await playground.type('return ');
		assert.equal(await playground.ghost(), 'left + right;');
		await playground.picture('ide-ghost');
		await playground.page.keyboard.press('Tab');
		await playground.noGhost();
		assert.match(await playground.text(), /return left \+ right;$/);
		assert.deepEqual(playground.problems, []);
	});

	it('takes a suggestion away with Escape, and does not bring it back', async () => {
		await using playground = await Playground.open(browser, { script: says(' left', ' + right;') });
		await playground.create('add.ts', 'function add(left: number, right: number) {\n');
		await playground.type('return ');
		await playground.ghost();
		await playground.page.keyboard.press('Escape');
		await playground.noGhost();
		await playground.type('x');
		await playground.page.keyboard.press('Backspace');
		await delay(500);
		assert.equal(await playground.page.locator('.ghost').count(), 0);
		await playground.page.keyboard.press('Alt+\\');
		assert.equal(await playground.ghost(), 'left + right;');
	});

	it('keeps what is typed along: `left + right;` → `ft + right;`, and accepts a word', async () => {
		await using playground = await Playground.open(browser, { script: says(' left', ' + right;') });
		await playground.create('add.ts', 'function add(left: number, right: number) {\n');
		await playground.type('return ');
		await playground.ghost();
		const asked = playground.fake.generated.length;
		await playground.type('le');
		assert.equal(await playground.ghost(), 'ft + right;');
		await playground.page.keyboard.press('Control+ArrowRight');
		assert.equal(await playground.ghost(), ' + right;');
		assert.equal(playground.fake.generated.length, asked);
		assert.match(await playground.text(), /return left$/);
	});

	it('knows what the other files declare, and says what the model was shown', async () => {
		await using playground = await Playground.open(browser, { script: says(' discounted(cents', ', half);') });
		const { page, fake } = playground;
		const price =
			'export interface Rate {\n\tpercent: number;\n}\n\nexport function discounted(cents: number, rate: Rate): number {\n\treturn 0;\n}\n';
		const rows = Array.from({ length: 12 }, (_, row) => `export const row${row} = 'what is printed in row ${row}';\n`).join('');
		const cart = `import { discounted, type Rate } from './price.ts';\n\n${rows}export function reduced(cents: number, half: Rate) {\n\t`;
		await page.setInputFiles('#upload-input', [
			{ name: 'price.ts', mimeType: 'text/plain', buffer: Buffer.from(price) },
			{ name: '.env', mimeType: 'text/plain', buffer: Buffer.from('discounted=hunter2\n') },
			{ name: 'cart.ts', mimeType: 'text/plain', buffer: Buffer.from(cart) },
		]);
		await page.getByRole('tab', { name: 'cart.ts' }).click();
		await page.locator('.cm-content').focus();
		await page.keyboard.press('Control+End');
		await playground.type('return');
		await page.keyboard.press('Escape');
		await page.keyboard.press('Alt+\\');
		assert.match(await playground.ghost(), /discounted\(cents, half\);/);
		await page.locator('#used').filter({ hasText: 'The model was also shown price.ts:5, price.ts:1–3.' }).waitFor();
		assert.match(
			String(fake.generated.at(-1)?.body['prompt']),
			/price\.ts\n[\s\S]*function discounted\(cents: number, rate: Rate\): number[\s\S]*percent: number[\s\S]*cart\.ts/,
		);
		await playground.picture('ide-used');
		for (const { raw } of fake.seen) assert.doesNotMatch(raw, /hunter2/);
		assert.deepEqual(playground.problems, []);
	});

	it('stops the model when something else is typed, and when nobody looks any more', async () => {
		await using playground = await Playground.open(browser, { script: { tokens: () => [' left', ' +', ' right;'], step: 3000 } });
		await playground.create('add.ts', 'function add(left: number, right: number) {\n');
		await playground.type('return ');
		await delay(500);
		const first = await until(() => playground.fake.generated.find(({ tokensSent, closedAt }) => tokensSent > 0 && closedAt === undefined));
		const at = performance.now();
		await playground.type('x');
		const closedAt = await until(() => first.closedAt);
		console.log(`      typed on → the server saw its connection closed after ${Math.round(closedAt - at)} ms`);
		assert.ok(closedAt > at && closedAt - at < promptly);
		const second = await until(() => playground.fake.generated.find((seen) => seen !== first && seen.tokensSent > 0));
		await playground.page.getByRole('button', { name: 'Rename' }).focus();
		await until(() => second.closedAt);
		assert.equal(playground.fake.mostAtOnce, 1);
	});

	it('tells of a signature that was edited, and updates the other file', async () => {
		await using playground = await Playground.open(browser, { script: { tokens: () => [''] } });
		const { page } = playground;
		await page.setInputFiles('#upload-input', [
			{ name: 'area.ts', mimeType: 'text/plain', buffer: Buffer.from(area) },
			{ name: 'room.ts', mimeType: 'text/plain', buffer: Buffer.from(room) },
		]);
		await page.getByRole('tab', { name: 'area.ts' }).click();
		await page.locator('.cm-content').focus();
		await page.keyboard.press('Control+Home');
		for (let right = 0; right < 'export function area(width: number, height: number'.length; right++)
			await page.keyboard.press('ArrowRight');
		await playground.type(', scale: number', 20);
		await page
			.locator('#changes-summary')
			.filter({ hasText: 'The signature of area changed. 2 places in 1 file need an update.' })
			.waitFor();
		await playground.picture('ide-changes');
		await page.getByRole('button', { name: 'Apply' }).click();
		await page.locator('#changes').waitFor({ state: 'hidden' });
		await page.getByRole('tab', { name: 'room.ts' }).click();
		assert.match(await playground.text(), /area\(3, 4, TODO_scale\);\n.*area\(10, 20, TODO_scale\)/);
		await page.locator('.cm-content').focus();
		await page.keyboard.press('Control+z');
		assert.match(await playground.text(), /area\(3, 4\);\n.*area\(10, 20\)/);
		assert.deepEqual(playground.problems, []);
	});

	it('renames, downloads and deletes files, and keeps them when the page is loaded again', async () => {
		await using playground = await Playground.open(browser, { script: { tokens: () => [''] } });
		const { page } = playground;
		await playground.create('add.py', 'x = 1\n');
		await page.getByRole('button', { name: 'Rename' }).click();
		await page.getByRole('textbox', { name: 'New name' }).fill('src/inventory.ts');
		await page.keyboard.press('Enter');
		await page.getByText('There is a file “src/inventory.ts” already.').waitFor();
		await page.getByRole('textbox', { name: 'New name' }).fill('lib/one.py');
		await page.keyboard.press('Enter');
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
		assert.equal(download.suggestedFilename(), 'one.py');
		assert.equal(await readFile(await download.path(), 'utf8'), 'x = 1\n');
		await delay(500);
		await page.reload();
		await playground.says(/Model/);
		await page.getByRole('tab', { name: 'lib/one.py' }).click();
		await page.getByRole('button', { name: 'Delete' }).click();
		assert.equal(await page.getByRole('tab', { name: 'lib/one.py' }).count(), 0);
	});

	it('lets in who has a link, once', async () => {
		await using playground = await Playground.start(browser);
		const { page } = playground;
		await page.goto(`${playground.url}/ide`);
		await page.getByRole('alert').filter({ hasText: 'This page is not signed in.' }).waitFor();
		const link = await playground.link();
		await page.goto('about:blank');
		await page.goto(link);
		await playground.says(/Model: qwen2.5-coder:0.5b/);
		assert.equal(page.url(), `${playground.url}/ide`);
		assert.deepEqual(await page.context().cookies(), []);
		const other = await page.context().browser()?.newContext();
		const stranger = await other?.newPage();
		await stranger?.goto(link);
		await stranger?.getByRole('alert').filter({ hasText: 'This link was used before' }).waitFor();
		await other?.close();
	});

	it('does the three jobs on the form', async () => {
		await using playground = await Playground.start(browser, { script: says('    return', ' ordered[len(ordered) // 2]\n') });
		const { page } = playground;
		await page.goto((await playground.link()).replace('/ide#', '/#'));
		await playground.says(/Model/);
		await page.getByRole('button', { name: 'Complete', exact: true }).click();
		await playground.says(/Done/);
		assert.match((await page.locator('#code-answer').textContent()) ?? '', /return ordered/);
		await page.locator('#code-form').getByRole('button', { name: 'Insert' }).click();
		assert.match(await page.getByLabel('Code, completed at the cursor').inputValue(), /ordered = sorted\(values\)\n\s*return ordered/);
		await playground.picture('form-code');

		playground.fake.script.tokens = () => [' sum', ' + linePrice(line)', ', 0);'];
		await page.getByRole('button', { name: 'Complete with context' }).click();
		await page.locator('#context-answer').filter({ hasText: 'linePrice(line)' }).waitFor();
		assert.match(String(playground.fake.generated.at(-1)?.body['prompt']), /src\/invoice\.ts[\s\S]*unitPrice[\s\S]*orderTotal/);

		await page.setInputFiles('#files', [
			{ name: 'area.ts', mimeType: 'text/plain', buffer: Buffer.from(area) },
			{ name: 'room.ts', mimeType: 'text/plain', buffer: Buffer.from(room) },
		]);
		await page.getByRole('button', { name: 'Scan Codebase' }).click();
		await playground.says(/functions in 6 files/);
		await page.getByLabel('File', { exact: true }).selectOption('area.ts');
		await page
			.getByLabel('Text of the file')
			.fill(area.replace('height: number', 'height: number, scale = 1').replace('width: number, ', ''));
		await page.getByRole('button', { name: 'Detect Function Changes' }).click();
		await page.locator('#found-summary').filter({ hasText: 'The signature of area changed. 2 places in 1 file need an update.' }).waitFor();
		await page.getByRole('button', { name: 'Apply' }).scrollIntoViewIfNeeded();
		await playground.picture('form-tracking');
		await page.getByRole('button', { name: 'Apply' }).click();
		await page.getByLabel('File', { exact: true }).selectOption('room.ts');
		assert.match(await page.getByLabel('Text of the file').inputValue(), /area\(4\);\n.*area\(20\)/);
		assert.deepEqual(playground.problems, []);
	});

	it('can be used with the keyboard alone', async () => {
		await using playground = await Playground.open(browser, { script: says(' left', ' + right;'), scheme: 'dark' });
		const { page } = playground;
		const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 30) ?? '');
		const steps: string[] = [];
		await page.evaluate(() => document.querySelector('a')?.focus());
		for (let step = 0; step < 9; step++) {
			steps.push(await focused());
			await page.keyboard.press('Tab');
		}
		assert.deepEqual(steps, ['Form', 'Editor', 'scripts/statistics.py', 'New', 'Rename', 'Delete', 'Upload', 'Download', 'Complete here']);
		assert.match(
			(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '',
			/^Text of scripts\/statistics\.py$/,
		);
		await page.keyboard.press('Control+End');
		await playground.type('\nreturn ');
		await playground.ghost();
		await playground.picture('ide-dark');
		assert.equal(await page.locator('#spoken').textContent(), 'Suggestion: left + right;');
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await page.keyboard.press('Shift+Tab');
		assert.equal(await focused(), 'Complete here');
		for (let back = 0; back < 6; back++) await page.keyboard.press('Shift+Tab');
		await page.keyboard.press('ArrowRight');
		assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'src/inventory.ts');
	});

	for (const path of ['/', '/ide']) {
		it(`gives everything on ${path} a name and a role`, async () => {
			await using playground = await Playground.open(browser);
			await playground.page.goto(`${playground.url}${path}`);
			const nameless = await playground.page.evaluate(() =>
				[
					...document.querySelectorAll(
						'input:not([hidden]), textarea, select, button, output, [role="tabpanel"], [role="tablist"], [contenteditable="true"]',
					),
				]
					.filter((found) => {
						const labels = 'labels' in found && found.labels instanceof NodeList ? found.labels.length : 0;
						const own = found instanceof HTMLButtonElement ? found.textContent?.trim() : '';
						return labels === 0 && !own && !found.getAttribute('aria-label') && !found.getAttribute('aria-labelledby');
					})
					.map((found) => found.outerHTML.slice(0, 100)),
			);
			assert.deepEqual(nameless, []);
			assert.equal(await playground.page.locator('h1').count(), 1);
			assert.equal(await playground.page.locator('main').count(), 1);
			assert.equal(await playground.page.locator('html').getAttribute('lang'), 'en');
		});
	}
});
