import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, type QuickPickItem, TabInputTextDiff, window } from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { accepted, cleanUp, serve, set, show, type, until } from './editor.ts';

/** Names that do not exist; the requests for them are led to the scripted server, as a name server would. */
describe('a model on another machine', () => {
	const { showInformationMessage, showQuickPick } = window;
	const { fetch } = globalThis;
	const questions: string[] = [];
	let reply: () => Promise<string | undefined>;
	let fake: FakeOllama;
	/** What left for another machine. */
	const left: string[] = [];

	beforeEach(async () => {
		fake = await serve({ tokens: () => [...' left + right;\n'] });
		const { port } = new URL(fake.url);
		globalThis.fetch = (input, init) => {
			const url = String(input);
			if (!url.includes('.test:')) return fetch(input, init);
			left.push(url, String(init?.body ?? ''));
			return fetch(url.replace(/\/\/[\w.]+:\d+/, `//127.0.0.1:${port}`), init);
		};
		const note = async (message: string) => {
			questions.push(message);
			return reply();
		};
		Object.assign(window, { showInformationMessage: note });
		reply = async () => undefined;
		left.length = 0;
		questions.length = 0;
	});
	afterEach(async () => {
		Object.assign(window, { showInformationMessage, showQuickPick });
		globalThis.fetch = fetch;
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	it('gets nothing before somebody says so; one question, and a command that changes the answer', async () => {
		await set('ollamaUrl', 'http://first.test:11434');
		const editor = await show('|');
		await type('return', 50);
		await commands.executeCommand('co-clone.completeHere');
		await delay(500);
		assert.deepEqual(left, []);
		assert.equal(questions.length, 1, questions.join());
		assert.match(questions[0] ?? '', /another machine, first\.test\. May the code .* be sent there, not encrypted\?/);
		await commands.executeCommand('co-clone.whyNoSuggestion');
		assert.match(questions[1] ?? '', /The model may not have your code\. It is on first\.test, which is not this machine\. Allow it/);

		const choices: string[] = [];
		const choose = async (items: readonly QuickPickItem[]) => {
			choices.push(...items.map(({ label, detail }) => `${label}: ${detail}`));
			return items.find(({ label }) => label === 'first.test');
		};
		Object.assign(window, { showQuickPick: choose });
		await commands.executeCommand('co-clone.allowHost');
		await type(' ', 50);
		assert.match(await accepted(editor), /return left \+ right;/);
		assert.ok(left.length > 0);

		await commands.executeCommand('co-clone.allowHost');
		assert.deepEqual(choices, [
			'first.test: Not decided: nothing is sent. Choose it to allow it.',
			'first.test: May have code. Choose it to send nothing there any more.',
		]);
		await delay(300);
		left.length = 0;
		await type('\nreturn ', 50);
		await delay(500);
		assert.deepEqual(left, []);
	});

	it('is asked when the question is answered with yes, and never asked about again', async () => {
		reply = async () => 'Allow';
		await set('model', 'http://second.test:11434');
		const editor = await show('|');
		await type('return', 50);
		await until(() => questions.length > 0, 'the question');
		await delay(100);
		await type(' ', 50);
		assert.match(await accepted(editor), /return left \+ right;/);
		assert.equal(questions.length, 1);
	});

	for (const { trigger, ask } of [
		{ trigger: 'automatic', ask: () => type(' ', 50) },
		{ trigger: 'manual', ask: () => commands.executeCommand('co-clone.completeHere') },
	]) {
		it(`is asked as soon as it is allowed, at the unchanged place: ${trigger}`, async () => {
			await set('trigger', trigger);
			await set('ollamaUrl', `http://${trigger}.test:11434`);
			const editor = await show('function add(left: number, right: number) {\n\tlet sum|\n}\n');
			let allow = () => {};
			reply = () =>
				new Promise((resolve) => {
					allow = () => resolve('Allow');
				});
			await ask();
			await until(() => questions.length > 0, 'the question');
			await delay(300);
			assert.deepEqual(left, []);
			allow();
			assert.match(await accepted(editor), /let sum left \+ right;/);
		});
	}

	it('is asked by the same command where it had been refused', async () => {
		reply = async () => 'Allow';
		await set('trigger', 'manual');
		await set('ollamaUrl', 'http://command.test:11434');
		await show('function add(left: number, right: number) {\n\t|\n}\n');
		void commands.executeCommand('co-clone.completeWithContext');
		await until(() => questions.length > 1, 'the question, and why there is nothing');
		await delay(300);
		const over = commands.executeCommand('co-clone.completeWithContext');
		const isPreview = () => window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputTextDiff;
		await until(isPreview, 'a preview');
		await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
		await over;
		assert.match(window.activeTextEditor?.document.getText() ?? '', /left \+ right;/);
	});

	it('gets nothing when it is answered with no', async () => {
		reply = async () => 'Don’t Allow';
		await set('model', 'http://third.test:11434');
		await show('|');
		await type('return ', 50);
		await until(() => questions.length > 0, 'the question');
		await commands.executeCommand('co-clone.completeHere');
		await delay(300);
		assert.deepEqual(left, []);
		assert.equal(questions.length, 1);
	});
});
