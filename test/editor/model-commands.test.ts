import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type CancellationToken, CancellationTokenSource, commands, type QuickPickItem, window, workspace } from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { cleanUp, serve, set, until } from './editor.ts';

/** The model commands, with the editor's boxes answered by the test. */
describe('commands about models', () => {
	let fake: FakeOllama;
	let offered: QuickPickItem[] = [];
	const messages: string[] = [];
	const progress: unknown[] = [];
	let cancelling: CancellationTokenSource;
	const { showQuickPick, withProgress, showInformationMessage, showWarningMessage } = window;

	/** Picks the entry whose label holds this text. */
	function choose(label: string | undefined): void {
		const showQuickPick = async (items: QuickPickItem[]) => {
			offered = items;
			return items.find((item) => label !== undefined && item.label.includes(label));
		};
		const note = async (message: string) => {
			messages.push(message);
			return undefined;
		};
		const withProgress = (_: unknown, task: (report: { report: (value: unknown) => void }, token: CancellationToken) => unknown) =>
			task({ report: (value) => progress.push(value) }, cancelling.token);
		Object.assign(window, { showQuickPick, withProgress, showInformationMessage: note, showWarningMessage: note });
	}

	beforeEach(async () => {
		messages.length = 0;
		progress.length = 0;
		cancelling = new CancellationTokenSource();
		fake = await serve({ models: [{ name: 'starcoder2:3b' }, { name: 'llama3:8b' }], tokens: answers, step: 3 });
	});
	afterEach(async () => {
		Object.assign(window, { showQuickPick, withProgress, showInformationMessage, showWarningMessage });
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	const model = () => workspace.getConfiguration('co-clone').get('model');
	const labels = () => offered.map(({ label }) => label.replace(/\$\([^)]*\) /g, ''));

	it('Select Model offers what is installed and can fill holes, and what can be pulled; it writes what is chosen and checks it', async () => {
		choose('starcoder2:3b');
		await commands.executeCommand('co-clone.selectModel');
		assert.equal(model(), 'ollama:starcoder2:3b');
		assert.ok(labels().includes('deepseek-coder:1.3b-base'));
		assert.ok(!labels().includes('llama3:8b'));
		assert.equal(labels().filter((label) => label === 'starcoder2:3b').length, 1, 'offered once: it is installed');
		await until(() => messages.length > 0, 'the result of the check');
		assert.match(messages[0] ?? '', /starcoder2:3b: fills a known hole/);
	});

	it('pulls a model that is not installed, with its progress', async () => {
		fake.script.pull = [{ status: 'pulling 1', total: 100, completed: 40 }, { status: 'success' }];
		choose('codegemma:2b');
		await commands.executeCommand('co-clone.selectModel');
		assert.equal(fake.seen.find(({ path }) => path === '/api/pull')?.body['name'], 'codegemma:2b');
		assert.deepEqual(progress.slice(0, 2), [
			{ message: '40 %', increment: 40 },
			{ message: 'success', increment: 0 },
		]);
		assert.equal(model(), 'ollama:codegemma:2b');
	});

	it('a pull that is cancelled ends at the server and changes nothing', async () => {
		fake.script.pull = Array(1000).fill({ status: 'pulling 1', total: 1000, completed: 1 });
		choose('codegemma:2b');
		const selecting = commands.executeCommand('co-clone.selectModel');
		await until(() => progress.length > 3, 'progress');
		cancelling.cancel();
		await selecting;
		await delay(50);
		assert.ok(fake.seen.find(({ path }) => path === '/api/pull')?.closedAt);
		assert.equal(model(), 'auto');
		assert.deepEqual(messages, []);
	});

	it('says so when no Ollama answers, and in a build without an engine offers none of its models', async () => {
		await set('ollamaUrl', 'http://127.0.0.1:9');
		choose(undefined);
		await commands.executeCommand('co-clone.selectModel');
		assert.deepEqual(labels(), ['Automatic', 'Ollama does not answer', 'Get Ollama…']);
		assert.deepEqual(messages, []);
	});

	it('Check Model says what is wrong when the server is down', async () => {
		await set('ollamaUrl', 'http://127.0.0.1:9');
		choose(undefined);
		await commands.executeCommand('co-clone.checkModel');
		assert.match(messages[0] ?? '', /No model server answers.*Start Ollama/);
	});

	it('Check Model says what does not hold', async () => {
		fake.script.tokens = (prompt) => (prompt.includes('squares') ? answers(prompt) : ['No.']);
		choose(undefined);
		await commands.executeCommand('co-clone.checkModel');
		assert.match(messages[0] ?? '', /does not: fills a known hole \(return ▮No\.\)/);
	});
});

function answers(prompt: string): string[] {
	return prompt.includes('squares') ? Array(200).fill('1,') : ['left', ' + ', 'right'];
}
