import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeOllama } from '../fake-ollama.ts';
import { EditorPage, environment } from './editor-page.ts';

const steps = ['Choose a model', 'See your first suggestion', 'See what is going on', 'It all stays here'];

/** The tests go one after the other on the same machine: what happened is remembered. */
describe('on a machine without a model', () => {
	let editor: EditorPage;
	const open = async (name: string) => {
		editor = await EditorPage.open(name, { 'add.ts': 'const sum = |' }, environment('E2E_BARE_EDITOR_URL'));
	};
	afterEach(() => editor.close());

	const toasts = () => editor.page.locator('.notifications-toasts .notification-list-item').allTextContents();
	const firstStep = () => editor.page.locator('.gettingStartedContainer .step-title').first();

	it('the walkthrough opens by itself the first time, and nothing else talks', async () => {
		await open('first-run');
		await firstStep().waitFor({ timeout: 30_000 });
		assert.deepEqual(await editor.walkthrough(), steps);
		await editor.openFile('add.ts');
		await editor.type('1 + ');
		await delay(2000);
		assert.match(await editor.status(), /not (installed|downloaded)/, 'the status bar says what is missing');
		assert.deepEqual(await toasts(), []);
	});

	it('and never again, in the next window neither', async () => {
		await open('second-run');
		await editor.openFile('add.ts');
		await editor.reload();
		// It took less than this the first time.
		await delay(6000);
		assert.deepEqual(await editor.walkthrough(), []);
	});

	it('it takes no key from somebody who types: then it is a tab behind, and the notice speaks', async () => {
		await rm(join(environment('E2E_FOLDER'), 'bare-user', 'User', 'globalStorage', 'co-clone.co-clone', 'welcomed'));
		// As long as it is not known whether there is an Ollama, nothing is opened.
		const silent = await FakeOllama.start({ fault: () => {} }, Number(environment('E2E_BARE_OLLAMA_PORT')));
		await open('typing');
		await editor.openFile('add.ts');
		await editor.type('1 + 2');
		const gone = silent[Symbol.asyncDispose]();
		await editor.type(' + 3'.repeat(10));
		await gone;
		await editor.page.locator('.tab:not(.active)', { hasText: /Welcome|Walkthrough/ }).waitFor({ timeout: 10_000 });
		await editor.type(' + 4');
		await delay(2000);
		await editor.picture('tab-behind');
		assert.equal(await editor.savedText('add.ts'), `const sum = 1 + 2${' + 3'.repeat(10)} + 4`);
		const [notice = '', ...others] = await toasts();
		for (const part of ['not downloaded yet', 'Select Model', 'Get Started']) assert.ok(notice.includes(part), notice);
		assert.deepEqual(others, []);
	});

	it('“Get Started” opens it at any time, and a suggestion in its sample completes its steps', async () => {
		await using _ = await FakeOllama.start({ tokens: () => [' left', ' + right;', '\n'] }, Number(environment('E2E_BARE_OLLAMA_PORT')));
		await open('get-started');
		await editor.page.locator('.statusbar-item[id^="co-clone"]').first().waitFor({ timeout: 30_000 });
		await editor.command('Co-Clone: Get Started');
		await editor.page.locator('.getting-started-step .step-title').nth(1).click();
		await editor.page.getByRole('button', { name: 'Open a Sample' }).click();
		await editor.page.locator('.monaco-editor.focused').first().waitFor();
		await editor.type('return ');
		assert.equal(await editor.waitForGhostAlone(), 'left + right;');
		await editor.press('Tab');
		const done = editor.page.locator('.getting-started-step .codicon.complete');
		await done.nth(1).waitFor({ state: 'attached', timeout: 10_000 });
		await editor.picture('steps-done');
		assert.deepEqual(await done.evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-done-step-id')?.split('#').at(-1))), [
			'model',
			'suggestion',
		]);
	});

	it('a model that is too slow is named in the status bar with what helps, until it is fast again', async () => {
		const script = { models: [{ name: 'qwen2.5-coder:slow' }], tokens: () => [' left', ' + right;\n'], step: 2600 };
		await using fake = await FakeOllama.start(script, Number(environment('E2E_BARE_OLLAMA_PORT')));
		await open('slow');
		await editor.openFile('add.ts');
		const askUntil = async (status: RegExp) => {
			for (let line = 1; line <= 12 && !status.test(await editor.status()); line++) {
				await editor.type(`a + 1;\nconst b${line} = `);
				await editor.waitForGhost();
			}
			assert.match(await editor.status(), status);
		};
		await askUntil(/Suggestions take 2\.\d s: the model writes 0\.4 tokens a second\. A smaller model is faster/);
		await editor.picture('slow');
		fake.script.step = 0;
		await askUntil(/Completions are coming/);
		await editor.picture('fast-again');
	});
});
