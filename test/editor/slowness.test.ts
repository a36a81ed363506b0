import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, type QuickPickItem, type StatusBarItem, window } from 'vscode';
import type { Outcome } from '../../src/completion/completion.ts';
import type { Complaint } from '../../src/completion/health.ts';
import { ModelError } from '../../src/model/model-error.ts';
import type { Absence } from '../../src/model/stand-in.ts';
import { Battery } from '../../src/vscode/battery.ts';
import { Pauses } from '../../src/vscode/pauses.ts';
import { requestAt } from '../../src/vscode/request-at.ts';
import { Snooze } from '../../src/vscode/snooze.ts';
import { Status } from '../../src/vscode/status.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { cleanUp, serve, set, show, type, until } from './editor.ts';

/** Longer than anybody waits. */
const slowMs = 2600;

describe('a model that is too slow', () => {
	// Five answers have to be waited for before anything is said of them.
	let fake: FakeOllama;
	let offered: QuickPickItem[] = [];
	const messages: string[] = [];
	const { showQuickPick, showWarningMessage } = window;

	before(() => {
		const pick = async (items: QuickPickItem[]) => {
			offered = items;
			return undefined;
		};
		const note = async (message: string) => {
			messages.push(message);
			return undefined;
		};
		Object.assign(window, { showQuickPick: pick, showWarningMessage: note });
	});
	after(() => {
		Object.assign(window, { showQuickPick, showWarningMessage });
	});
	beforeEach(async () => {
		messages.length = 0;
		// A model that no other test uses, because what is usual counts.
		fake = await serve({ models: [{ name: 'qwen2.5-coder:slow' }], tokens: () => [' b', ';\n'] });
	});
	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	const complaint = async () => {
		await commands.executeCommand('co-clone.menu');
		return offered.find(({ label }) => label.includes('$(warning)'));
	};

	/** Types a line and waits for its answer. */
	async function ask(line: number): Promise<void> {
		await type(`const a${line} = `);
		const last = () => fake.generated.at(-1);
		await until(() => String(last()?.body['prompt']).endsWith(`a${line} =`), `the question in line ${line}`);
		await until(() => last()?.isFinished === true || last()?.closedAt !== undefined, `the answer in line ${line}`);
		assert.equal(last()?.tokensSent, 2, 'nobody gave up');
		await delay(50);
		await commands.executeCommand('editor.action.inlineSuggest.hide');
		await type('1;\n');
	}

	it('is named in the menu with what helps, told once, and no longer when it is fast again', async () => {
		fake.script.step = slowMs;
		await show('function f() {\n|\n}\n');
		for (let line = 0; line < 6; line++) await ask(line);
		const entry = await complaint();
		assert.match(entry?.label ?? '', /Suggestions take 2\.\d s/);
		assert.match(entry?.detail ?? '', /^The model writes 0\.4 tokens a second\. A smaller model is faster/);
		assert.equal(entry?.description, 'Choose Another Model');
		assert.deepEqual(
			messages.map((message) => message.slice(0, 29)),
			['Co-Clone: Suggestions take 2.'],
		);
		fake.script.step = 0;
		for (let line = 6; line < 12; line++) await ask(line);
		assert.equal(await complaint(), undefined);
		assert.equal(messages.length, 1);
	});

	it('is no longer a matter once the settings were changed', async () => {
		fake.script.step = slowMs;
		await show('function g() {\n|\n}\n');
		for (let line = 0; line < 5; line++) await ask(line);
		assert.ok(await complaint());
		await commands.executeCommand('co-clone.toggleTrigger');
		assert.equal(await complaint(), undefined);
		const toggle = offered.find(({ label }) => label.includes('Suggest While Typing'));
		assert.ok(toggle, 'the way back is in the menu');
		await set('trigger', undefined);
	});
});

describe('the status bar item', () => {
	const { createStatusBarItem } = window;
	let item: Partial<StatusBarItem>;
	let complaint: Complaint | undefined;
	let absence: Absence | undefined;
	let pauses: Pauses;
	let status: Status;

	beforeEach(async () => {
		pauses = new Pauses(new Snooze(), new Battery(async () => false, 1000));
		item = { show: () => {}, dispose: () => {} };
		Object.assign(window, { createStatusBarItem: () => item });
		status = new Status(
			() => undefined,
			() => complaint,
			pauses,
			() => absence,
		);
		await show('|');
	});
	afterEach(async () => {
		status.dispose();
		pauses.dispose();
		complaint = undefined;
		Object.assign(window, { createStatusBarItem });
		await cleanUp();
	});

	const cases: [complaint: Complaint, tooltip: RegExp][] = [
		[{ slowness: 'decode', ms: 4000, tokensPerSecond: 2.96 }, /^Suggestions take 4 s: the model writes 3 tokens a second\. A smaller/],
		[{ slowness: 'prefill', ms: 5200, tokensPerSecond: 81.2 }, /^Suggestions take 5\.2 s: the model reads 81 tokens a second\. A smaller/],
		[{ slowness: 'cache', ms: 3000 }, /^Suggestions take 3 s: the model reads .* anew for each.* engine is ours alone\./],
		[{ slowness: 'load', ms: 6000 }, /^The model is loaded again and again, 6 s each time: something else takes its place/],
		[{ slowness: 'busy', ms: 3000, usualMs: 450 }, /^Suggestions take 3 s: the machine is busy .* otherwise they take 450 ms\./],
	];
	for (const [what, tooltip] of cases) {
		it(`warns of ${what.slowness}, says why and what helps, and takes it back`, () => {
			complaint = what;
			status.refresh();
			assert.equal(item.text, '$(warning) Co-Clone: slow');
			assert.match(String(item.tooltip), tooltip);
			assert.ok(item.accessibilityInformation?.label.startsWith(`Co-Clone: ${String(item.tooltip).split('\n')[0]}`));
			complaint = undefined;
			status.refresh();
			assert.equal(item.text, '$(sparkle) Co-Clone');
			assert.doesNotMatch(item.accessibilityInformation?.label ?? '', /slow|Suggestions take/);
		});
	}

	it('says who completes while the server is away, without a warning', () => {
		const { modelFacts } = new ScriptedModel();
		const why = new ModelError('unreachable', 'https://code.example cannot be reached.');
		absence = { why, facts: { ...modelFacts, name: 'qwen2.5-coder:0.5b' } };
		status.refresh();
		assert.equal(item.text, '$(sparkle) Co-Clone: local');
		assert.match(String(item.tooltip), /^https:\/\/code\.example cannot be reached\. Until it is back qwen2\.5-coder:0\.5b completes/);
		assert.equal(item.backgroundColor, undefined);
		absence = undefined;
		status.refresh();
		assert.equal(item.text, '$(sparkle) Co-Clone');
	});

	it('says what failed until something comes again, and is never stuck at it', async () => {
		const { document, selection } = await show('return |');
		const request = requestAt(document, selection.active, 'automatic');
		const came = (outcome: Pick<Outcome, 'completion' | 'nothing'>) => {
			const rest = { timings: { totalMs: 1 }, usage: { promptTokens: null, completionTokens: null } };
			status.record({ document, position: selection.active, request, outcome: { ...outcome, ...rest } });
		};
		came({ nothing: { reason: 'unreachable' } });
		assert.equal(item.text, '$(warning) Co-Clone');
		came({ completion: { text: 'left;', replaces: 0 } });
		assert.equal(item.text, '$(sparkle) Co-Clone');
		assert.match(String(item.tooltip), /^Completions are coming\./);
	});

	it('says for how long it is snoozed, and no longer', () => {
		pauses.snooze.start(5);
		assert.equal(item.text, '$(bell-slash) Co-Clone: 5 min');
		assert.match(String(item.tooltip), /snoozed\. For 5 minutes more/);
		pauses.snooze.end();
		assert.equal(item.text, '$(sparkle) Co-Clone');
	});

	it('says first what keeps suggestions from coming at all', async () => {
		complaint = { slowness: 'decode', ms: 4000 };
		await set('enabled', false);
		await until(() => item.text === '$(circle-slash) Co-Clone', 'the new state');
		assert.match(String(item.tooltip), /^Co-Clone is turned off\./);
	});
});
