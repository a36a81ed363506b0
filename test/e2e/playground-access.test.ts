import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { environment } from './editor-page.ts';
import { Playground } from './playground-page.ts';

const area = 'export function area(width: number, height: number): number {\n\treturn width * height;\n}\n';
const room = "import { area } from './area.ts';\n\nexport const room = area(3, 4);\n";

describe('the playground, for everybody', () => {
	let browser: Browser;
	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	for (const scheme of ['light', 'dark'] as const) {
		it(`has nothing that axe finds fault with, in ${scheme}: with a suggestion, with callers to update, in a dialog, on the form`, async () => {
			await using playground = await Playground.open(browser, { script: { tokens: () => [' width', ' * scale;'] }, scheme });
			const { page } = playground;
			await page.setInputFiles('#upload-input', [
				{ name: 'area.ts', mimeType: 'text/plain', buffer: Buffer.from(area) },
				{ name: 'room.ts', mimeType: 'text/plain', buffer: Buffer.from(room) },
			]);
			await page.getByRole('tab', { name: 'area.ts' }).click();
			await page.locator('.cm-content').focus();
			await page.keyboard.press('Control+Home');
			for (let right = 0; right < 'export function area('.length; right++) await page.keyboard.press('ArrowRight');
			await playground.type('scale: number, ', 20);
			await page.locator('#changes').waitFor();
			await page.keyboard.press('Control+End');
			await playground.type('return ');
			await playground.ghost();
			assert.deepEqual(await faultsIn(page), []);
			await playground.picture(`ide-all-${scheme}`);
			await page.getByRole('button', { name: 'Rename' }).click();
			assert.deepEqual(await faultsIn(page), []);
			await page.goto(`${playground.url}/`);
			await playground.says(/Model/);
			await page.getByRole('button', { name: 'Complete', exact: true }).click();
			await page.getByRole('button', { name: 'Scan Codebase' }).click();
			await playground.says(/functions in/);
			assert.deepEqual(await faultsIn(page), []);
			await page.screenshot({ path: resolve(environment('E2E_FOLDER'), `playground-form-${scheme}.png`), fullPage: true });
			assert.deepEqual(playground.problems, []);
		}).timeout(120_000);
	}

	it('fits into a narrow window, with a cursor that does not blink where nothing is to move', async () => {
		await using playground = await Playground.open(browser, { script: { tokens: () => [' left', ' + right;'] } });
		const { page } = playground;
		await page.emulateMedia({ reducedMotion: 'reduce' });
		await page.setViewportSize({ width: 360, height: 640 });
		await page.reload();
		await playground.says(/Model/);
		await playground.create('src/add.ts', 'function add(left: number, right: number) {\n');
		await playground.type('return ');
		await playground.ghost();
		await playground.picture('ide-narrow');
		const blinking = () => getComputedStyle(document.querySelector('.cm-cursorLayer') ?? document.body).animationDuration;
		assert.equal(await page.evaluate(blinking), '0s');
		const tab = await page.getByRole('tab', { selected: true }).boundingBox();
		assert.ok(tab && tab.x >= 0 && tab.x + tab.width <= 360, 'The tab of the file cannot be seen.');
		const height = await page.evaluate(() => document.querySelector('.cm-editor')?.getBoundingClientRect().height ?? 0);
		assert.ok(height > 200, `The editor is ${height} pixels high.`);
		assert.deepEqual(await overflow(page), { x: 0, y: 0 });
		await page.goto(`${playground.url}/`);
		await playground.says(/Model/);
		assert.equal((await overflow(page)).x, 0);
		await playground.picture('form-narrow');
	});
});

/** What axe finds, by its rules for WCAG 2.2 AA and good practice: the rule, and where. */
async function faultsIn(page: Page): Promise<readonly string[]> {
	await page.evaluate(await readFile(resolve('node_modules/axe-core/axe.min.js'), 'utf8'));
	const { violations } = await page.evaluate(() => (globalThis as unknown as { readonly axe: typeof axe }).axe.run());
	return violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`),
	);
}

/** How far the page reaches beyond the window. */
function overflow(page: Page): Promise<{ x: number; y: number }> {
	return page.evaluate(() => {
		const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
		return { x: scrollWidth - clientWidth, y: scrollHeight - clientHeight };
	});
}
