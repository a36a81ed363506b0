import assert from 'node:assert/strict';
import { window } from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { Served } from '../served.ts';
import { accepted, cleanUp, serve, set, show, type } from './editor.ts';

describe('ghost text while the gateway that was chosen is away', () => {
	const { showWarningMessage, showInformationMessage, showErrorMessage } = window;
	const said: string[] = [];
	let local: FakeOllama;

	beforeEach(async () => {
		local = await serve({ tokens: () => [...'local;'] });
		const note = async (message: string) => void said.push(message);
		Object.assign(window, { showWarningMessage: note, showInformationMessage: note, showErrorMessage: note });
		said.length = 0;
	});
	afterEach(async () => {
		Object.assign(window, { showWarningMessage, showInformationMessage, showErrorMessage });
		await cleanUp();
		await local[Symbol.asyncDispose]();
	});

	/** In a new document, as it is there after Tab. */
	const suggested = async () => {
		const editor = await show('const value = |');
		const at = performance.now();
		await type('(');
		const text = await accepted(editor);
		console.log(`      ${text} after ${Math.round(performance.now() - at)} ms`);
		return text;
	};

	it('comes from the model on this machine, without a word, and from the gateway again when it is back', async () => {
		const gateway = await Served.start('remote;', { isOpen: true });
		const { port } = new URL(gateway.url);
		await set('model', gateway.url);
		assert.match(await suggested(), /remote/);
		assert.equal(local.generated.length, 0);
		await gateway[Symbol.asyncDispose]();
		assert.match(await suggested(), /local/);
		await using _again = await Served.start('remote;', { isOpen: true, port: Number(port) });
		const started = performance.now();
		while (!/remote/.test(await suggested())) assert.ok(performance.now() - started < 30_000, 'the gateway is never asked again');
		assert.deepEqual(said, []);
	});

	it('does not come where there is no model on this machine, and the reason says so', async () => {
		await set('model', 'http://127.0.0.1:9');
		await set('ollamaUrl', 'http://127.0.0.1:9');
		const editor = await show('const value = |');
		await type('(');
		for (const started = performance.now(); said.length === 0 && performance.now() - started < 20_000; await type(' ', 300));
		assert.match(said.join('\n'), /http:\/\/127\.0\.0\.1:9 cannot be reached\. No model on this machine stands in for it/);
		assert.match(editor.document.getText(), /^const value = \(/);
	});
});
