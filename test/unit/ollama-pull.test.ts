import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { fimTemplate } from '../../src/model/fim.ts';
import { installedModels, knownModels, type PullProgress, pullModel } from '../../src/model/ollama-pull.ts';
import { FakeOllama } from '../fake-ollama.ts';

const never = new AbortController().signal;

async function pull(fake: FakeOllama, signal = never): Promise<PullProgress[]> {
	const seen: PullProgress[] = [];
	for await (const progress of pullModel(fake.url, 'codegemma:2b', signal)) seen.push(progress);
	return seen;
}

describe('pulling a model', () => {
	it('reports how far it is', async () => {
		const part = { status: 'pulling 0a1b', digest: 'sha256:0a1b', total: 200 };
		await using fake = await FakeOllama.start({
			pull: [{ status: 'pulling manifest' }, { ...part, completed: 50 }, { ...part, completed: 200 }, { status: 'success' }],
		});
		assert.deepEqual(await pull(fake), [
			{ status: 'pulling manifest', fraction: undefined },
			{ status: 'pulling 0a1b', fraction: 0.25 },
			{ status: 'pulling 0a1b', fraction: 1 },
			{ status: 'success', fraction: undefined },
		]);
		assert.equal(fake.seen[0]?.body['name'], 'codegemma:2b');
	});

	it('says what the server says when there is no such model', async () => {
		await using fake = await FakeOllama.start({
			pull: [{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }],
		});
		await assert.rejects(pull(fake), { code: 'bad-response', message: /file does not exist/ });
	});

	it('does not take a download that breaks off for done', async () => {
		await using fake = await FakeOllama.start({ pull: [{ status: 'pulling manifest' }] });
		await assert.rejects(pull(fake), { code: 'bad-response', message: /broke off/ });
	});

	it('ends when it is cancelled, and the server sees it', async () => {
		await using fake = await FakeOllama.start({ pull: Array(1000).fill({ status: 'pulling', total: 1000, completed: 1 }), step: 5 });
		const caller = new AbortController();
		const pulling = pull(fake, caller.signal);
		await delay(50);
		caller.abort();
		await assert.rejects(pulling, { name: 'AbortError' });
		await delay(20);
		assert.ok(fake.seen[0]?.closedAt);
	});
});

describe('the models to choose from', () => {
	it('tells those that can fill holes from the others', async () => {
		await using fake = await FakeOllama.start({
			models: [
				{ name: 'starcoder2:3b', size: 1_700_000_000 },
				{ name: 'llama3:8b' },
				{ name: 'other:1b', capabilities: ['insert'] },
				{ name: 'mine', basename: 'Qwen2.5-Coder' },
			],
		});
		assert.deepEqual(await installedModels(fake.url, never), [
			{ name: 'starcoder2:3b', bytes: 1_700_000_000, canFill: true },
			{ name: 'llama3:8b', bytes: undefined, canFill: false },
			{ name: 'other:1b', bytes: undefined, canFill: true },
			{ name: 'mine', bytes: undefined, canFill: true },
		]);
	});

	it('offers only models to pull that can', () => {
		for (const { name } of knownModels) assert.ok(fimTemplate({ name, canInsert: false }), name);
	});
});
