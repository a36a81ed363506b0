import assert from 'node:assert/strict';
import { commands, window } from 'vscode';
import { gate } from '../../src/completion/gate.ts';
import { Battery } from '../../src/vscode/battery.ts';
import { Pauses } from '../../src/vscode/pauses.ts';
import { Snooze } from '../../src/vscode/snooze.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { at } from '../picture.ts';
import { accepted, cleanUp, serve, set, show, showsNothing, type, until } from './editor.ts';

describe('for a while', () => {
	const { showQuickPick } = window;
	const offered: string[][] = [];
	let fake: FakeOllama;
	let choose = (_: readonly { label: string }[]): { label: string } | undefined => undefined;

	before(() => {
		const pick = async (entries: readonly { label: string }[]) => {
			offered.push(entries.map(({ label }) => label));
			return choose(entries);
		};
		Object.assign(window, { showQuickPick: pick });
	});
	after(() => Object.assign(window, { showQuickPick }));
	beforeEach(async () => {
		offered.length = 0;
		fake = await serve({ tokens: () => [...' a;\n'] });
	});
	afterEach(async () => {
		await commands.executeCommand('co-clone.snooze', 0);
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	it('snoozed: typing asks nothing, and the menu ends it', async () => {
		const editor = await show('return|');
		choose = (entries) => entries.find(({ label }) => label.includes('5 minutes'));
		await commands.executeCommand('co-clone.snooze');
		assert.deepEqual(
			offered[0]?.map((label) => label.replace(/^\$\(.*?\) /, '')),
			['5 minutes', '15 minutes', '30 minutes', '1 hour', '2 hours'],
		);
		const before = fake.generated.length;
		await type(' ');
		assert.ok(await showsNothing(editor));
		assert.equal(fake.generated.length, before, 'nothing is asked, nor prepared');
		choose = (entries) => entries.find(({ label }) => label.includes('End Snooze'));
		await commands.executeCommand('co-clone.snooze');
		await type('(');
		assert.equal(await accepted(editor), 'return (a;|)');
	});

	it('snoozed: Complete Here works all the same', async () => {
		await commands.executeCommand('co-clone.snooze', 5);
		const editor = await show('return |');
		await commands.executeCommand('co-clone.completeHere');
		assert.equal(await accepted(editor), 'return a;|');
		assert.deepEqual(offered, [], 'who says how long is not asked');
	});

	it('on battery: only where the user wants that, and not on demand', async () => {
		let isDischarging = true;
		const battery = new Battery(async () => isDischarging, 10);
		const pauses = new Pauses(new Snooze(), battery);
		const reason = (trigger: 'automatic' | 'manual') => gate(at('return |', { trigger }), pauses.policy())?.reason;
		assert.equal(reason('automatic'), undefined);
		await set('pauseOnBattery', true);
		await until(() => battery.isDischarging, 'a look at the battery');
		assert.equal(reason('automatic'), 'on-battery');
		assert.equal(reason('manual'), undefined);
		isDischarging = false;
		await until(() => !battery.isDischarging, 'another look');
		assert.equal(reason('automatic'), undefined);
		isDischarging = true;
		await set('pauseOnBattery', false);
		assert.equal(reason('automatic'), undefined);
		pauses.dispose();
	});

	it('in comments: not while typing, but on demand', async () => {
		await set('comments', false);
		const editor = await show('a(); // what|');
		await type(' ');
		assert.ok(await showsNothing(editor));
		await commands.executeCommand('co-clone.completeHere');
		assert.equal(await accepted(editor), 'a(); // what a;|');
	});

	it('a line at a time, where that is what the user wants', async () => {
		fake.script.tokens = () => [...'\n\tfirst();\n\tsecond();\n}\n'];
		await set('eagerness', 'line');
		const editor = await show('function f() |');
		await type('{');
		assert.equal((await accepted(editor)).replace('|', ''), 'function f() {\n    first();\n}');
	});
});
