import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { waitForGhostText } from '../../scripts/setup/type-in-editor.mjs';
import { EditorPage, environment } from './editor-page.ts';
import { ExtensionHostProbe, type HostMemory, processesWith, residentMegabytes } from './extension-host.ts';

const suggestions = 20;

const start = `export function subtract(left: number, right: number): number {
	return left - right;
}
|`;

/** Types the same into every window, and waits for each ghost text where some can come. Resolves to how many came. */
async function typeAlong({ page }: EditorPage, patience: number): Promise<number> {
	let seen = 0;
	for (let number = 0; number < suggestions; number++) {
		await page.keyboard.press('Enter');
		await page.keyboard.type(`export const sum${number} = `, { delay: 30 });
		if ((await waitForGhostText(page, patience)) !== undefined) seen++;
		// The first may only close the list of suggestions.
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await page.keyboard.type(`${number};`, { delay: 30 });
	}
	return seen;
}

describe('what it costs to have Co-Clone running', function () {
	this.timeout(300_000);

	it('is a small part of the extension host, and of the machine', async function () {
		if (process.platform !== 'linux') return this.skip();
		const probe = await ExtensionHostProbe.create();
		const measure = async (name: string, url: string, patience: number) => {
			const editor = await EditorPage.open(name, { 'sums.ts': start }, url, probe.payloadFor(url));
			try {
				await editor.showFile('sums.ts');
				await editor.page.keyboard.press('ControlOrMeta+End');
				const seen = await typeAlong(editor, patience);
				await delay(5000);
				await editor.picture('typed');
				return { seen, memory: await probe.measure(name), engine: await engineMegabytes() };
			} finally {
				await editor.close();
			}
		};
		const [ours, without] = await Promise.all([
			measure('footprint-ours', environment('E2E_EMBEDDED_EDITOR_URL'), 10_000),
			measure('footprint-without', environment('E2E_PLAIN_EDITOR_URL'), 300),
		]);
		console.log(`      with Co-Clone: ${described(ours.memory)}; ${ours.seen} ghost texts`);
		console.log(`      without:       ${described(without.memory)}`);
		console.log(`      engine: ${ours.engine.toFixed(0)} MB`);
		assert.equal(without.seen, 0, 'the other window has no Co-Clone');
		assert.ok(ours.seen >= suggestions * 0.9);
		assert.ok(ours.memory.held - without.memory.held <= 25);
		assert.ok(ours.engine <= 1100);
	});

	it('is a small program that starts at once', async () => {
		const { size } = await stat('dist/extension.cjs');
		const logs = join(environment('E2E_FOLDER'), 'embedded-user', 'logs');
		const files = (await readdir(logs, { recursive: true })).filter((name) => name.endsWith('Co-Clone.log'));
		const texts = await Promise.all(files.map((name) => readFile(join(logs, name), 'utf8')));
		const times = texts.flatMap((text) => [...text.matchAll(/is ready after (\d+) ms/g)].map(([, ms]) => Number(ms)));
		console.log(`      ${(size / 1000).toFixed(1)} kB; ready after ${times.sort((a, b) => a - b).join(', ')} ms`);
		assert.ok(times.length > 0 && Math.min(...times) <= 500);
	});
});

function described({ own, held, heap }: HostMemory): string {
	return `${own.toFixed(1)} MB, ${held.toFixed(1)} MB without garbage, ${heap.toFixed(1)} MB of it JavaScript`;
}

/** The engine of these tests; all that it maps counts, the weights too. */
async function engineMegabytes(): Promise<number> {
	const pids = await processesWith('engine.cjs', join(environment('E2E_FOLDER'), 'embedded-extensions'));
	return Math.max(...(await Promise.all(pids.map(residentMegabytes))));
}
