import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { environment } from './editor-page.ts';
import { Gateway, RegionProcesses } from './region-processes.ts';

const hole = { prompt: 'def add(a, b):\n    return ', suffix: '\n', max_tokens: 4 };

/** Real gateways as regions, a real one in front of them, and a browser that looks at it. */
describe('regions in a browser', () => {
	let browser: Browser;
	let tier: RegionProcesses;

	before(async () => {
		browser = await launchBrowser();
		tier = await RegionProcesses.start(() => ({ tokens: () => [' left', ' + right;'], step: 5, prefill: 20 }));
	});

	after(async () => {
		await browser.close();
		await tier[Symbol.asyncDispose]();
	});

	/** The live page of a gateway, opened with the link that a command prints. */
	async function live(name: string, colorScheme: 'light' | 'dark') {
		const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 620 } });
		const page = await context.newPage();
		const problems: string[] = [];
		page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
		page.on('pageerror', (error) => problems.push(error.message));
		const link = /^http\S+\/regions#code=\S+$/m.exec(await tier.coClone(name, 'status', '--regions'))?.[0] ?? assert.fail('no link');
		await page.goto(link);
		return { page, problems };
	}

	const row = (page: Page, region: string) => page.getByRole('row', { name: new RegExp(`^${region} `) });
	const picture = (page: Page, name: string) => page.screenshot({ path: join(environment('E2E_FOLDER'), `regions-${name}.png`) });

	async function ask(front: Gateway, region: string): Promise<void> {
		const headers = { authorization: `Bearer ${tier.key}`, 'content-type': 'application/json', 'x-co-clone-region': region };
		const response = await fetch(`${front.url}/v1/completions`, { method: 'POST', headers, body: JSON.stringify(hole) });
		assert.equal(response.status, 200);
		await response.text();
	}

	it('show that one went down and came back', async () => {
		await using front = await Gateway.start(tier.home, 'front', ['0', '--regions', tier.file, '--location', 'eu']);
		const { page, problems } = await live('front', 'light');
		const north = tier.named('eu-north');
		await page.getByRole('status').filter({ hasText: '3 of 3 regions are up.' }).waitFor();
		for (const region of ['eu-north', 'eu-west', 'eu-west', 'eu-west']) await ask(front, region);
		await row(page, 'eu-west').filter({ hasText: '75 %' }).filter({ hasText: '128 of 128' }).waitFor();
		await picture(page, 'well');

		const killedAt = performance.now();
		await north.gateway.kill();
		await row(page, 'eu-north').filter({ hasText: 'down' }).waitFor();
		console.log(`      killed → shown after ${Math.round(performance.now() - killedAt)} ms`);
		await page.getByRole('status').filter({ hasText: '2 of 3 regions are up. Last: eu-north went down.' }).waitFor();
		await picture(page, 'down');

		const { port } = new URL(north.gateway.url);
		await using revived = await Gateway.start(tier.home, 'eu-north', [port, '--model', `${north.model.url}/qwen2.5-coder:0.5b`]);
		await page.getByRole('listitem').filter({ hasText: 'eu-north came back.' }).waitFor();
		await row(page, 'eu-north').filter({ hasText: 'up' }).waitFor();
		assert.equal(new URL(revived.url).port, port);
		await picture(page, 'back');
		assert.deepEqual(problems, []);

		await front.kill();
		await page.getByRole('alert').filter({ hasText: 'The gateway does not answer.' }).waitFor();
	});

	it('are told with each answer on the other pages, with the reason, and from where somebody wants to be', async () => {
		const { model } = tier.named('eu-west');
		const args = ['0', '--multi-region', '--location', 'eu', '--model', `${model.url}/qwen2.5-coder:0.5b`];
		await using front = await Gateway.start(tier.home, 'shown', args);
		const { page, problems } = await live('shown', 'dark');
		await page.getByRole('status').filter({ hasText: '4 of 4 regions are up.' }).waitFor();
		await page.getByRole('link', { name: 'Form' }).press('Enter');
		// Later, on a machine that is busy, those that are farther may be expected to be as quick.
		const answered = page.locator('#answered');
		await answered.filter({ hasText: /^eu-west answered after \d+ ms.*\(nearest; this file goes there\)\.$/ }).waitFor();
		await page.getByRole('button', { name: 'Complete', exact: true }).click();
		await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor();
		await answered.filter({ hasText: /^[\w-]+ answered after \d+ ms/ }).waitFor();
		await picture(page, 'form');
		await page.goto(`${front.url}/?location=ap`);
		await answered.filter({ hasText: /^ap-east answered/ }).waitFor();
		await page.goto(`${front.url}/ide`);
		await page.getByRole('button', { name: 'New' }).click();
		await page.getByRole('textbox', { name: 'Name of the new file' }).fill('add.ts');
		await page.keyboard.press('Enter');
		await page.locator('.cm-content').focus();
		await page.keyboard.insertText('function add(left: number, right: number) {\n');
		await page.keyboard.type('return ', { delay: 60 });
		await page.locator('.ghost').waitFor();
		await answered.filter({ hasText: /^[\w-]+ answered after \d+ ms/ }).waitFor();
		await picture(page, 'ide');
		await page.getByRole('link', { name: 'Regions' }).click();
		await row(page, 'ap-east').filter({ hasText: '35.7° N 139.7° E' }).waitFor();
		await row(page, 'eu-west')
			.filter({ hasText: /64 of 64/ })
			.waitFor();
		await picture(page, 'shown');
		assert.deepEqual(problems, []);
	});

	it('are not there where a gateway has none, and the page says what to start', async () => {
		const page = await browser.newPage();
		await page.goto(`${tier.named('eu-west').gateway.url}/regions`);
		await page
			.getByRole('alert')
			.filter({ hasText: 'This gateway has no regions. Start one that has: co-clone serve --multi-region' })
			.waitFor();
		await page.close();
	});
});
