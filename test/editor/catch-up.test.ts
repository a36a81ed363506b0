import assert from 'node:assert/strict';
import type { FakeOllama } from '../fake-ollama.ts';
import { accepted, cleanUp, serve, set, show, showsNothing, type } from './editor.ts';

describe('what was typed before there was a model', () => {
	let fake: FakeOllama;
	let later: FakeOllama;

	beforeEach(async () => {
		fake = await serve({ models: [] });
		later = await serve({ tokens: () => [' a', ' + b', ';\n'] });
		await set('ollamaUrl', fake.url);
	});

	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
		await later[Symbol.asyncDispose]();
	});

	it('is suggested for once there is one, without another key', async () => {
		const editor = await show('|');
		await type('return ');
		assert.ok(await showsNothing(editor, 1000));
		await set('ollamaUrl', later.url);
		assert.equal(await accepted(editor), 'return a + b;|');
	});

	it('is not where nothing was typed', async () => {
		const editor = await show('return |');
		await set('ollamaUrl', later.url);
		assert.ok(await showsNothing(editor, 1000));
	});
});
