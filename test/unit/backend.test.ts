import assert from 'node:assert/strict';
import { type Backend, parseBackend } from '../../src/model/backend.ts';
import { FallbackModel } from '../../src/model/fallback.ts';
import type { LanguageModel, ModelFacts } from '../../src/model/language-model.ts';
import { ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { ScriptedModel } from '../scripted-model.ts';

describe('the setting co-clone.model', () => {
	const cases: [text: string | undefined, backend: Backend][] = [
		[undefined, { kind: 'auto' }],
		['auto', { kind: 'auto' }],
		['ollama:qwen2.5-coder:1.5b', { kind: 'ollama', model: 'qwen2.5-coder:1.5b' }],
		['qwen2.5-coder:1.5b', { kind: 'ollama', model: 'qwen2.5-coder:1.5b' }],
		['http://box:99', { kind: 'server', url: 'http://box:99' }],
		['http://box:99/codegemma:2b', { kind: 'ollama', url: 'http://box:99', model: 'codegemma:2b' }],
		['embedded:qwen2.5-coder-0.5b', { kind: 'embedded', model: 'qwen2.5-coder-0.5b' }],
		['embedded:/models/my.gguf', { kind: 'embedded', model: '/models/my.gguf' }],
		['embedded:C:\\models\\my.gguf', { kind: 'embedded', model: 'C:\\models\\my.gguf' }],
	];
	for (const [text, backend] of cases) it(`${text} → ${JSON.stringify(backend)}`, () => assert.deepEqual(parseBackend(text), backend));
});

describe('falling back', () => {
	const never = new AbortController().signal;

	function setUp() {
		const first = named('first');
		const second = named('second');
		const world = { time: 0, announced: [] as string[] };
		const model = new FallbackModel(
			first,
			second,
			() => world.time,
			(why, { name }) => world.announced.push(`${why.code} → ${name}`),
		);
		return { first, second, world, model };
	}

	it('asks the first as long as it is there', async () => {
		const { model, world } = setUp();
		assert.equal((await model.facts(never)).name, 'first');
		assert.equal(await textOf(model), 'first');
		assert.deepEqual(world.announced, []);
	});

	it('asks the second when the first is not there, and says so once', async () => {
		const { model, first, world } = setUp();
		first.failure = 'unreachable';
		for (let i = 0; i < 3; i++) assert.equal((await model.facts(never)).name, 'second');
		assert.equal(await textOf(model), 'second');
		assert.deepEqual(world.announced, ['unreachable → second']);
		assert.equal(first.timesAsked, 1, 'not with every keystroke');
	});

	it('goes back to the first when it is there again', async () => {
		const { model, first, world } = setUp();
		first.failure = 'unreachable';
		await model.facts(never);
		first.failure = undefined;
		world.time = 30_000;
		assert.equal((await model.facts(never)).name, 'first');
		assert.equal(await textOf(model), 'first');
		first.failure = 'no-infill';
		await model.facts(never);
		assert.deepEqual(world.announced, ['unreachable → second', 'no-infill → second']);
	});

	it('does not leave a server that is merely busy', async () => {
		const { model, first } = setUp();
		first.failure = 'overloaded';
		await assert.rejects(model.facts(never), { code: 'overloaded' });
	});

	it('with neither there, says what is wrong with the second', async () => {
		const { model, first, second } = setUp();
		first.failure = 'unreachable';
		second.failure = 'model-missing';
		await assert.rejects(model.facts(never), { code: 'model-missing' });
	});
});

function named(name: string): LanguageModel & { failure: ModelErrorCode | undefined; timesAsked: number } {
	const { modelFacts } = new ScriptedModel();
	return {
		failure: undefined as ModelErrorCode | undefined,
		timesAsked: 0,
		async facts(): Promise<ModelFacts> {
			this.timesAsked++;
			if (this.failure) throw new ModelError(this.failure, name);
			return { ...modelFacts, name };
		},
		async *generate() {
			yield name;
		},
	};
}

async function textOf(model: LanguageModel): Promise<string> {
	let text = '';
	for await (const piece of model.generate({ prompt: 'P', maxTokens: 1, stop: [] }, new AbortController().signal)) text += piece;
	return text;
}
