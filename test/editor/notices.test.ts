import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, type Memento, Position, Uri, window } from 'vscode';
import { ModelError } from '../../src/model/model-error.ts';
import type { Entry } from '../../src/vscode/journal.ts';
import { Notices } from '../../src/vscode/notices.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { cleanUp, serve, set, show, type, until } from './editor.ts';

describe('messages', () => {
	let fake: FakeOllama;
	const shown: string[] = [];
	const { showWarningMessage, showInformationMessage } = window;

	before(() => {
		const note = async (message: string) => {
			shown.push(message);
			return undefined;
		};
		Object.assign(window, { showWarningMessage: note, showInformationMessage: note });
	});
	after(() => {
		Object.assign(window, { showWarningMessage, showInformationMessage });
	});
	beforeEach(async () => {
		fake = await serve({ tokens: () => [...' a;\n'] });
		shown.length = 0;
	});
	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	it('a server that is down is told once, and again only after it was there', async () => {
		const { url } = fake;
		await set('ollamaUrl', 'http://127.0.0.1:9');
		await show('|');
		await type('const a = ', 50);
		await until(() => shown.length > 0, 'a message');
		await delay(1100);
		await type('b(c, ', 50);
		await delay(2100);
		await type('d) ', 50);
		assert.deepEqual(
			shown.map((message) => message.slice(0, 52)),
			['Co-Clone: The model server cannot be reached. No mod'],
		);
		await set('ollamaUrl', url);
		await commands.executeCommand('co-clone.completeHere');
		await until(() => fake.generated.length > 0, 'the request');
		await delay(200);
		await set('ollamaUrl', 'http://127.0.0.1:9');
		await type('; ', 50);
		await until(() => shown.length > 1, 'a second message');
	});

	it('a model that is not there is told with what to do', async () => {
		await set('model', 'ollama:nope');
		await show('|');
		await type('return ', 50);
		await until(() => shown.length > 0, 'a message');
		assert.match(shown[0] ?? '', /'nope' not found.*Choose a model/s);
		assert.equal(shown.length, 1);
	});

	it('the editor’s own setting that hides all suggestions is told once', async () => {
		await set('inlineSuggest.enabled', false, 'editor');
		try {
			await until(() => shown.length > 0, 'a message');
			assert.match(shown[0] ?? '', /editor\.inlineSuggest\.enabled is off/);
			await show('|');
			await type('return ');
			await delay(300);
			assert.equal(shown.length, 1);
			assert.equal(fake.generated.length, 0, 'nothing is asked that cannot be shown');
		} finally {
			await set('inlineSuggest.enabled', undefined, 'editor');
		}
	});

	describe('of the embedded engine taking over from Ollama', () => {
		const stored = new Map<string, unknown>();
		const state: Pick<Memento, 'get' | 'update'> = {
			get: (key: string) => stored.get(key),
			update: async (key: string, value: unknown) => void stored.set(key, value),
		};
		const log = window.createOutputChannel('test', { log: true });
		const why = new ModelError('unreachable', 'Nobody is there.');
		const { modelFacts } = new ScriptedModel();
		const embedded = { ...modelFacts, name: 'embedded-model' };
		const completedBy = (model: string): Entry => ({
			document: { uri: Uri.parse('untitled:a') },
			position: new Position(0, 0),
			request: { path: '', languageId: '', prefix: '', suffix: '', trigger: 'automatic' },
			outcome: { completion: { text: 'a', replaces: 0 }, model, timings: { totalMs: 1 }, usage: { promptTokens: 1, completionTokens: 1 } },
		});

		it('to somebody who never had another model it is no news', () => {
			new Notices(state, log).fellBack(why, embedded);
			assert.deepEqual(shown, []);
		});

		it('after another model it is told, and not with every start', () => {
			const notices = new Notices(state, log);
			notices.heed(completedBy('codestral'));
			notices.fellBack(why, embedded);
			assert.match(shown[0] ?? '', /completing with the embedded embedded-model/);
			notices.heed(completedBy('embedded-model'));
			new Notices(state, log).fellBack(why, embedded);
			assert.equal(shown.length, 1);
		});
	});

	it('while somebody reads the walkthrough, nobody else says that there is no model', async () => {
		const notices = new Notices({ get: () => undefined, update: async () => {} }, window.createOutputChannel('test', { log: true }));
		const missing: Entry = {
			document: { uri: Uri.parse('untitled:a') },
			position: new Position(0, 0),
			request: { path: '', languageId: '', prefix: '', suffix: '', trigger: 'automatic' },
			outcome: { nothing: { reason: 'model-missing' }, timings: { totalMs: 1 }, usage: { promptTokens: null, completionTokens: null } },
		};
		notices.beQuietAboutAbsence();
		notices.heed(missing);
		assert.deepEqual(shown, []);
		notices.speakAgain();
		notices.heed(missing);
		notices.heed(missing);
		assert.deepEqual(shown, ['Co-Clone: The model is not installed. Choose a model; what is not here is fetched.']);
	});

	describe('Why Is There No Suggestion?', () => {
		const why = async () => {
			shown.length = 0;
			await commands.executeCommand('co-clone.whyNoSuggestion');
			return shown[0] ?? '';
		};
		const places: [what: string, picture: string, answer: RegExp][] = [
			['in an empty document', '|', /empty so far/],
			['where nothing was asked', 'foo(|)', /Nothing was asked at this place yet/],
		];
		for (const [what, picture, answer] of places) {
			it(`${what}: ${picture}`, async () => {
				await show(picture);
				assert.match(await why(), answer);
			});
		}

		it('when it is turned off', async () => {
			await set('enabled', false);
			await show('a |');
			assert.match(await why(), /turned off/);
		});

		it('when the model had nothing to say, or nothing that fits', async () => {
			fake.script.tokens = () => ['-x'];
			await show('return|');
			await type(' ');
			await until(() => fake.generated.length > 0, 'the question');
			await delay(200);
			assert.match(await why(), /does not continue what is typed.*The model said: “-x”/);
		});

		it('when there is one', async () => {
			await show('return|');
			await type(' ');
			await delay(500);
			assert.match(await why(), /There is one: “a;”/);
		});

		it('when the server failed', async () => {
			await set('ollamaUrl', 'http://127.0.0.1:9');
			await show('return|');
			await delay(1200);
			await type(' ');
			await until(async () => /No model server answers/.test(await why()), 'the reason');
		});
	});
});
