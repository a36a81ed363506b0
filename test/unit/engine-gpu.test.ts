import assert from 'node:assert/strict';
import { EngineClient } from '../../src/model/engine-client.ts';
import type { GenerateOptions } from '../../src/model/language-model.ts';
import { FakeEngine, failsWith, textOf } from '../fake-engine.ts';

const options: GenerateOptions = { prompt: 'P', maxTokens: 40, stop: [] };
const never = new AbortController().signal;

describe('a graphics card', () => {
	it('is used where there is one, and can be turned off', async () => {
		await using engine = await FakeEngine.on({ card: 'Fast 1' }, { says: 'abc' });
		let gpu = true;
		const client = new EngineClient(() => ({ ...engine.program, gpu }));
		assert.deepEqual(await load(client, engine), { gpu: 'Fast 1', gpuFailure: undefined });
		assert.deepEqual((await engine.log()).slice(0, 1), ['loaded on Fast 1']);
		for await (const reply of client.ask({ kind: 'hardware' }, never))
			assert.deepEqual(reply, { kind: 'hardware', id: 2, gpu: { name: 'Fast 1', memory: 8e9, isShared: false } });
		gpu = false;
		assert.deepEqual(await load(client, engine), { gpu: undefined, gpuFailure: undefined });
		assert.equal((await engine.log()).at(-1), 'loaded');
		client.close();
	});

	it('is not there where only its libraries are', async () => {
		await using engine = await FakeEngine.on({ libraries: true }, { says: 'abc' });
		assert.equal(await textOf(engine.model().generate(options, never)), 'abc');
		await engine.model().facts(never);
		assert.deepEqual(
			engine.loaded.map(({ gpu, gpuFailure }) => [gpu, gpuFailure]),
			[[undefined, undefined]],
		);
		// In batches for the processor.
		await textOf(engine.model().generate({ ...options, prompt: 'x'.repeat(100) }, never));
		assert.ok((await engine.log()).includes('evaluated 64'));
	});

	it('can be left alone where every binary is for one', async () => {
		await using engine = await FakeEngine.on({ card: 'Fast 1', has: ['auto'] }, { says: 'a' });
		const client = new EngineClient(() => ({ ...engine.program, gpu: false }));
		assert.deepEqual(await load(client, engine), { gpu: undefined, gpuFailure: undefined });
		client.close();
	});

	it('that cannot load a model is not used any more, and the user hears why', async () => {
		await using engine = await FakeEngine.on({ card: 'Fast 1', fails: 'when loading' }, { says: 'abc' });
		const model = engine.model();
		await model.facts(never);
		assert.match(engine.loaded[0]?.gpuFailure ?? '', /^Fast 1: .*ErrorDeviceLost/);
		assert.equal(await textOf(model.generate(options, never)), 'abc');
		assert.equal((await engine.log())[0], 'loaded');
	});

	it('is not blamed for a file that nothing can load', async () => {
		await using engine = await FakeEngine.on({ card: 'Fast 1' }, { says: 'abc' });
		const noModel = engine.model({}, { modelPath: engine.program.llama });
		await assert.rejects(noModel.facts(never), failsWith('bad-response', /is not a model in GGUF format/));
		await engine.model().facts(never);
		assert.deepEqual(
			engine.loaded.map(({ gpu }) => gpu),
			['Fast 1'],
		);
	});

	it('that takes the engine with it is left alone by the next engine', async () => {
		await using engine = await FakeEngine.on({ card: 'Fast 1', fails: 'when computing' }, { says: 'abcdef' });
		const model = engine.model();
		await assert.rejects(textOf(model.generate(options, never)), failsWith('unreachable', /ended unexpectedly/));
		assert.equal(await textOf(model.generate(options, never)), 'abcdef');
		await model.facts(never);
		assert.match(engine.loaded.at(-1)?.gpuFailure ?? '', /ended while it was at work/);
	});
});

async function load(client: EngineClient, { modelPath: path }: FakeEngine) {
	const model = { name: 'qwen2.5-coder:0.5b', path, contextLength: 4096 };
	for await (const reply of client.ask({ kind: 'load', model }, never)) {
		if (reply.kind === 'loaded') return { gpu: reply.file.gpu, gpuFailure: reply.file.gpuFailure };
	}
	return undefined;
}
