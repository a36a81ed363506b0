import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { GuardedModel, otherMachine, refuseHost } from '../../src/model/hosts.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { FakeOllama } from '../fake-ollama.ts';
import { setUp } from '../scripted-engine.ts';

describe('where an address leads to', () => {
	const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	const addresses: [url: string, host: string | undefined][] = [
		['http://127.0.0.1:11434', undefined],
		['http://127.9.9.9:1', undefined],
		['http://localhost:11434', undefined],
		['http://LOCALHOST', undefined],
		['http://api.localhost:1', undefined],
		['http://[::1]:11434', undefined],
		['http://[::ffff:127.0.0.1]:11434', undefined],
		['http://2130706433/', undefined],
		['not an address', undefined],
		...own.filter(({ family }) => family === 'IPv4').map(({ address }): [string, undefined] => [`http://${address}:11434`, undefined]),
		['http://box:11434', 'box'],
		['https://box.example/proxy', 'box.example'],
		['http://192.0.2.7:11434', '192.0.2.7'],
		['http://[2001:db8::7]:11434', '2001:db8::7'],
		['http://127.0.0.1.example', '127.0.0.1.example'],
		['http://localhost.example', 'localhost.example'],
		['http://127.0.0.1@box:1', 'box'],
		['http://host.docker.internal:11434', 'host.docker.internal'],
	];
	for (const [url, host] of addresses) it(`${url} → ${host ?? 'this machine'}`, () => assert.equal(otherMachine(url), host));
});

describe('a model that may not be asked', () => {
	const never = new AbortController().signal;

	it('is sent nothing at all, and asked as soon as it may be', async () => {
		await using fake = await FakeOllama.start();
		let isAllowed = false;
		const model = new GuardedModel(new OllamaModel(() => ({ url: fake.url, model: undefined })), () => {
			if (!isAllowed) refuseHost('box');
		});
		const refused = { name: 'ModelError', code: 'not-allowed', message: 'It is on box, which is not this machine.' };
		await assert.rejects(model.facts(never), refused);
		await assert.rejects(async () => {
			for await (const _ of model.generate({ prompt: 'secret', maxTokens: 1, stop: [] }, never));
		}, refused);
		assert.deepEqual([fake.seen.length, fake.connections], [0, 0]);
		isAllowed = true;
		assert.equal((await model.facts(never)).name, 'qwen2.5-coder:0.5b');
	});

	it('is not a server that failed: the next keystroke says the same', async () => {
		const { model, ask } = setUp();
		model.facts = async () => refuseHost('box');
		for (const picture of ['return |', 'return a(|', 'return a(b, |']) assert.equal((await ask(picture)).picture, 'not-allowed');
	});

	it('a server that sends requests on to another is not followed', async () => {
		await using other = await FakeOllama.start();
		await using fake = await FakeOllama.start({
			fault: (request, response) => void response.writeHead(307, { location: `${other.url}${request.url}` }).end(),
		});
		const model = new OllamaModel(() => ({ url: fake.url, model: undefined }));
		await assert.rejects(model.facts(never), { code: 'bad-response', message: /sends requests on to http.*set it as the address/ });
		assert.equal(other.seen.length, 0);
	});
});
