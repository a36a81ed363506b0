import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, extensions, TabInputWebview, Uri, window } from 'vscode';
import type { Figures } from '../../src/completion/figures.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { accepted, cleanUp, press, serve, show, type, until } from './editor.ts';

describe('statistics', () => {
	const { showSaveDialog, showWarningMessage } = window;
	const asked: string[] = [];
	let fake: FakeOllama;
	let folder: string;
	let choice: string | undefined;

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'co-clone-statistics-'));
		Object.assign(window, {
			showSaveDialog: async () => Uri.file(join(folder, 'statistics.json')),
			showWarningMessage: async (message: string) => {
				asked.push(message);
				return choice;
			},
		});
	});
	after(async () => {
		Object.assign(window, { showSaveDialog, showWarningMessage });
		await rm(folder, { recursive: true, force: true });
	});
	beforeEach(async () => {
		fake = await serve({ tokens: () => [...' abc;\n'] });
		choice = 'Reset';
		await commands.executeCommand('co-clone.resetStatistics');
		asked.length = 0;
	});
	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	async function exported(): Promise<Figures> {
		await commands.executeCommand('co-clone.exportStatistics');
		return JSON.parse(await readFile(join(folder, 'statistics.json'), 'utf8'));
	}
	const counts = async () => (await exported()).total.counts;

	it('count what is shown and accepted, for its language and its model', async () => {
		const editor = await show('return|');
		await type(' ');
		assert.equal(await accepted(editor), 'return abc;|');
		await until(async () => (await counts()).accepted === 1, 'the acceptance');
		const { total, languages, models, days } = await exported();
		assert.ok(total.counts.shown >= 1);
		assert.equal(total.counts.characters, 'abc;'.length);
		assert.ok(total.counts.answered >= 1);
		assert.ok(total.counts.tokensWritten >= 1);
		assert.equal(total.requestToAnswer.measured, total.counts.answered);
		assert.ok(total.keyToShown.measured >= 1);
		assert.equal(languages[0]?.name, 'typescript');
		assert.equal(languages[0]?.counts.accepted, 1);
		assert.equal(models[0]?.name, 'qwen2.5-coder:0.5b');
		assert.equal(days.at(-1)?.counts.accepted, 1);
		assert.equal(days.length, 30);
		assert.doesNotMatch(await readFile(join(folder, 'statistics.json'), 'utf8'), /abc|return/);
	});

	it('count what is accepted word by word, once', async () => {
		fake.script.tokens = () => [...' left + right;\n'];
		const editor = await show('return|');
		await type(' ');
		await until(async () => (await counts()).shown === 1, 'a suggestion');
		await delay(100);
		await commands.executeCommand('editor.action.inlineSuggest.acceptNextWord');
		await until(() => editor.document.getText() === 'return left', 'a word of it');
		assert.equal((await counts()).partly, 1);
		await delay(300);
		assert.equal(await accepted(editor), 'return left + right;|');
		await until(async () => (await counts()).characters === 'left + right;'.length, 'the rest');
		assert.equal((await counts()).accepted, 1);
	});

	it('count what is typed through once, and as from memory', async () => {
		await show('return|');
		await type(' ');
		await until(async () => (await counts()).shown === 1, 'a suggestion');
		await type('ab', 200);
		await until(async () => (await counts()).remembered >= 2, 'answers from memory');
		const { shown, answers, remembered } = await counts();
		assert.equal(shown, 1);
		assert.equal(answers - remembered, 1);
		// On a slow machine there is time to ask in advance for what comes after it.
		const inAdvance = () => fake.generated.filter(({ body }) => String(body['prompt']).includes('return abc;')).length;
		await until(async () => (await counts()).answered === 1 + inAdvance(), 'one answer, but for those in advance');
	});

	it('count a request that a keystroke made obsolete', async () => {
		fake.script.tokens = () => [' ', ...Array(500).fill('x')];
		fake.script.step = 10;
		await show('return|');
		await type(' ');
		await until(() => fake.generated.some(({ tokensSent }) => tokensSent > 5), 'a running answer');
		await press('(');
		await until(async () => (await counts()).aborted >= 1, 'the abort');
	});

	it('begin anew when that is what the user wants, and only then', async () => {
		await show('return|');
		await type(' ');
		await until(async () => (await counts()).shown === 1, 'a suggestion');
		// Nobody is to ask in advance for what comes after it: that would count when it ends.
		await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		await until(() => fake.generated.every(({ isFinished, closedAt }) => isFinished || closedAt !== undefined), 'the end of all requests');
		choice = undefined;
		await commands.executeCommand('co-clone.resetStatistics');
		assert.match(asked[0] ?? '', /Reset/);
		assert.equal((await counts()).shown, 1);
		choice = 'Reset';
		await commands.executeCommand('co-clone.resetStatistics');
		assert.equal((await counts()).shown, 0);
		assert.deepEqual((await exported()).languages, []);
	});

	it('show in one tab, however often they are asked for', async () => {
		const pages = () =>
			window.tabGroups.all
				.flatMap(({ tabs }) => tabs)
				.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('co-clone.statisticsView'));
		await commands.executeCommand('co-clone.statistics');
		await until(() => pages().length === 1, 'the page');
		await commands.executeCommand('co-clone.statistics');
		await show('x|');
		await commands.executeCommand('co-clone.statistics');
		assert.equal(pages().length, 1);
		await until(() => pages()[0]?.isActive === true, 'the page in front');
		assert.equal(pages()[0]?.label, 'Co-Clone Statistics');
	});

	it('add no command to the palette for what only the editor runs', () => {
		const contributed: { command: string }[] = extensions.getExtension('co-clone.co-clone')?.packageJSON.contributes.commands;
		assert.ok(!contributed.some(({ command }) => command === 'co-clone.accepted'));
	});
});
