import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CompletionItem, CompletionItemKind, commands, languages } from 'vscode';
import type { FakeOllama, Script, Seen } from '../fake-ollama.ts';
import { accepted, cleanUp, press, serve, set, show, showsNothing, type, until } from './editor.ts';

describe('ghost text', () => {
	let fake: FakeOllama;

	async function start(script: Partial<Script>) {
		fake = await serve(script);
	}

	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	/** What the model says to typing; warming up asks for one token and is answered likewise. */
	const saying = (text: string): Partial<Script> => ({ tokens: () => [...text] });

	const pictures: [what: string, picture: string, typed: string, says: string, result: string][] = [
		['after a space', '|', 'return ', ' a + b;\nx', 'return a + b;|'],
		['between brackets that the editor closed', '|', 'foo(', 'a, b);\n', 'foo(a, b);|'],
		['in a string that the editor closed', '|', "foo('", "a', b);\n", "foo('a', b);|"],
		['in a block that the editor closed', '|', 'if (a) {\n', ' b();\n', 'if (a) {\n    b();|\n}'],
		['in front of a word', '|foo();', 'x = ', ' bar + foo();\n', 'x = bar + |foo();'],
		['in the middle of a line', 'const x = | + c;', 'a ', ' + b + c;\n', 'const x = a + b| + c;'],
		['with tabs', '\tif (a)|', ' {', '\n\t\tb();\n\t}', '\tif (a) {\n\t\tb();\n\t|}'],
	];
	for (const [what, before, typed, says, result] of pictures) {
		it(`${what}: ${JSON.stringify(before)}, typed ${JSON.stringify(typed)} → ${JSON.stringify(result)}`, async () => {
			await start(saying(says));
			const editor = await show(before);
			await type(typed);
			assert.equal(await accepted(editor), result);
		});
	}

	it('comes on demand where there was nothing a moment ago, at the same place', async () => {
		await start(saying(' a + b;\n'));
		fake.script.fault = (_, response) => void response.writeHead(500).end();
		await set('trigger', 'manual');
		const editor = await show('return|');
		await commands.executeCommand('co-clone.completeHere');
		assert.ok(await showsNothing(editor));
		fake.script.fault = undefined;
		await commands.executeCommand('co-clone.completeHere');
		assert.equal(await accepted(editor), 'return a + b;|');
	});

	it('is indented as the editor does where the text does not show how', async () => {
		await start(saying('\n        b();\n}\n'));
		const editor = await show('a();\nif (a)|');
		editor.options = { insertSpaces: true, indentSize: 3 };
		await type(' {');
		assert.equal((await accepted(editor)).replace('|', ''), 'a();\nif (a) {\n   b();\n}');
	});

	it('is there while the suggest widget is open, and continues its entry', async () => {
		await start(saying('.map(x => x);\n'));
		// TypeScript's own entries come when its language server has time, and nothing is in the list before.
		const provideCompletionItems = () => [new CompletionItem('entriesOfList', CompletionItemKind.Variable)];
		const list = languages.registerCompletionItemProvider('ruby', { provideCompletionItems });
		try {
			const editor = await show('|', { language: 'ruby' });
			await type('entr');
			await commands.executeCommand('editor.action.triggerSuggest');
			const isSteered = () => fake.generated.some(({ body }) => String(body['prompt']).endsWith('entriesOfList'));
			await until(isSteered, 'a question with the selected entry');
			assert.equal(await accepted(editor), 'entriesOfList.map(x => x);|');
		} finally {
			list.dispose();
		}
	});

	it('starts its request with the keystroke: the editor asks 50 ms later and joins it', async () => {
		// Long enough for the editor to ask while it is evaluated; warming up is over at once.
		await start({ ...saying(' a;'), delayFor: (body) => (isQuestion(body) ? 300 : 0) });
		const editor = await show('return|');
		const changedAt = await press(' ');
		await until(() => fake.generated.some(({ body }) => isQuestion(body)), 'the request');
		const askedAfter = (fake.generated.find(({ body }) => isQuestion(body))?.startedAt ?? 0) - changedAt;
		await until(() => fake.generated.some(({ isFinished }) => isFinished), 'the answer');
		assert.equal(fake.generated.filter(({ body }) => isQuestion(body)).length, 1);
		assert.equal(await accepted(editor), 'return a;|');
		console.log(`      the server has the request ${askedAfter.toFixed(1)} ms after the change event`);
	});

	it('a keystroke that contradicts the answer closes its connection', async () => {
		await start({ tokens: () => [' ', ...Array(500).fill('x')], step: 10 });
		const times: number[] = [];
		while (times.length < 3) {
			await show('return|');
			await type(' ');
			const isRunning = ({ body, tokensSent, closedAt }: Seen) => isQuestion(body) && tokensSent > 5 && closedAt === undefined;
			await until(() => fake.generated.some(isRunning), 'a running answer');
			const running = fake.generated.find(isRunning);
			const changedAt = await press('(');
			await until(() => running?.closedAt !== undefined, 'the connection to be closed');
			times.push((running?.closedAt ?? Number.NaN) - changedAt);
			await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		}
		console.log(`      connection closed ${times.map((time) => time.toFixed(1)).join(', ')} ms after the change event`);
		// Whatever else runs on the machine only adds.
		assert.ok(Math.min(...times) <= 20);
	});

	const departures: [what: string, command: string][] = [
		['moving the cursor away', 'cursorLeft'],
		['closing the file', 'workbench.action.closeActiveEditor'],
	];
	for (const [what, command] of departures) {
		it(`${what} closes the connection`, async () => {
			await start({ tokens: () => Array(500).fill(' x'), step: 10 });
			await show('return|');
			await type(' ');
			await until(() => fake.generated.some(({ body, tokensSent }) => isQuestion(body) && tokensSent > 5), 'a running answer');
			await commands.executeCommand(command);
			const isOver = ({ isFinished, closedAt }: Seen) => isFinished || closedAt !== undefined;
			await until(() => fake.generated.filter(({ body }) => isQuestion(body)).every(isOver), 'its connection to be closed', 1000);
		});
	}

	it('never has two requests at the server, however fast somebody types', async () => {
		await start({ tokens: () => ['zz', 'zz'], step: 5, prefill: 20 });
		await show('|');
		await type('const total = items.map(item => item.price * 2);', 5);
		await delay(300);
		assert.equal(fake.mostAtOnce, 1);
	});

	describe('on demand only', () => {
		it('typing asks nothing, Complete Here does', async () => {
			await start(saying(' a;'));
			await set('trigger', 'manual');
			const editor = await show('return|');
			await type(' ');
			assert.ok(await showsNothing(editor));
			assert.equal(fake.generated.length, 0);
			await commands.executeCommand('co-clone.completeHere');
			assert.equal(await accepted(editor), 'return a;|');
		});
	});

	describe('turned off', () => {
		const settings: [name: string, value: unknown][] = [
			['enabled', false],
			['languages', { typescript: false }],
		];
		for (const [name, value] of settings) {
			it(`${name}: ${JSON.stringify(value)} sends nothing`, async () => {
				await start(saying(' a;'));
				await set(name, value);
				const editor = await show('return|');
				await type(' ');
				assert.ok(await showsNothing(editor));
				assert.equal(fake.generated.length, 0);
			});
		}

		it('and on again by command, for everything and for the language', async () => {
			await start(saying(' a;'));
			for (const command of ['co-clone.toggle', 'co-clone.toggleLanguage']) {
				const editor = await show('return|');
				await commands.executeCommand(command);
				await type(' ');
				assert.ok(await showsNothing(editor), `${command} turns off`);
				await commands.executeCommand(command);
				await type('(');
				assert.notEqual(await accepted(editor), 'return (|)', `${command} turns on`);
			}
		});

		it('Complete Here works all the same', async () => {
			await start(saying(' a;'));
			await set('enabled', false);
			const editor = await show('return |');
			await commands.executeCommand('co-clone.completeHere');
			assert.equal(await accepted(editor), 'return a;|');
		});
	});

	it('a setting takes effect with the next key', async () => {
		await start(saying(' a;'));
		const editor = await show('return|');
		await set('model', 'ollama:nope');
		await type(' ');
		assert.ok(await showsNothing(editor));
		await set('model', 'auto');
		await type('(');
		await type(' ');
		assert.equal(await accepted(editor), 'return ( a;|)');
	});
});

/** Not one that only warms up. */
function isQuestion(body: Record<string, unknown>): boolean {
	return Number((body['options'] as Record<string, unknown>)['num_predict']) > 1;
}
