import assert from 'node:assert/strict';
import type { GenerateOptions } from '../../src/model/language-model.ts';
import { FakeEngine, failsWith, textOf } from '../fake-engine.ts';

const options: GenerateOptions = { prompt: 'P', maxTokens: 40, stop: [] };
const never = new AbortController().signal;

async function piecesOf(pieces: AsyncIterable<string>): Promise<string[]> {
	const all: string[] = [];
	for await (const piece of pieces) all.push(piece);
	return all;
}

describe('EmbeddedModel', () => {
	let engine: FakeEngine;
	before(async () => {
		engine = await FakeEngine.create();
	});
	after(() => engine[Symbol.asyncDispose]());

	it('says what it is, and streams what it says', async () => {
		await engine.write({ says: 'left + right', words: ['left', ' +', ' right'] });
		const model = engine.model();
		const { name, template, contextLength, canConstrain } = await model.facts(never);
		assert.deepEqual([name, template.family, contextLength, canConstrain], ['qwen2.5-coder:0.5b', 'qwen-coder', 4096, true]);
		let usage: unknown;
		const { prompt } = template.render('return ', ';', '');
		const pieces = await piecesOf(model.generate({ ...options, prompt, onEnd: (used) => (usage = used) }, never));
		assert.deepEqual(pieces, ['left', ' +', ' right']);
		// 3 special tokens and 8 bytes.
		assert.deepEqual(usage, { promptTokens: 11, completionTokens: 3 });
		assert.ok((await model.memory(never)) > 10_000_000);
	});

	it('reads only what is new, at most 64 tokens at once', async () => {
		await engine.write({ says: 'ab' });
		const model = engine.model();
		await textOf(model.generate({ ...options, prompt: 'x'.repeat(150) }, never));
		await textOf(model.generate({ ...options, prompt: `${'x'.repeat(150)}yy` }, never));
		await textOf(model.generate({ ...options, prompt: `${'x'.repeat(150)}yy` }, never));
		const first = ['loaded', 'evaluated 64', 'evaluated 64', 'evaluated 22'];
		const said = ['evaluated 1', 'evaluated 1'];
		assert.deepEqual(await engine.log(), [...first, ...said, 'evaluated 2', ...said, 'evaluated 1', ...said]);
	});

	it('says how much of a prompt it had read before, also when nobody listens to the end', async () => {
		await engine.write({ says: 'abcdef' });
		const model = engine.model();
		const uses: unknown[] = [];
		for (const prompt of ['x'.repeat(100), `${'x'.repeat(100)}yy`]) {
			for await (const _ of model.generate({ ...options, prompt, onRead: (use) => uses.push(use) }, never)) break;
		}
		assert.deepEqual(uses, [
			{ tokens: 100, cached: 0 },
			{ tokens: 102, cached: 100 },
		]);
	});

	it('begins with what is typed, in the tokens the model would use', async () => {
		const words = ['ret', 'return', 'returns', ' left', '🦀'];
		const table = [
			{ says: 'return left', start: 'retu', begins: ['return', ' left'] },
			{ says: 'returns left', start: 'retu', begins: ['returns', ' left'] },
			{ says: 'return left', start: 'return le', begins: ['return', ' left'] },
			// What the model would not say is spelled as far as it has to be.
			{ says: 'return left', start: 'q', begins: ['q', ' left'] },
			// A character that is several tokens, none of which is text.
			{ says: ' left', start: 'ü', begins: ['ü'] },
		];
		for (const { says, start, begins } of table) {
			await engine.write({ says, words });
			const pieces = await piecesOf(engine.model().generate({ ...options, start }, never));
			assert.deepEqual(pieces.slice(0, begins.length), begins, `${start}|`);
		}
	});

	it('shows whole characters only, and never a stop', async () => {
		await engine.write({ says: 'a→🦀b<|file_c<|file_sep|>d' });
		const pieces = await piecesOf(engine.model().generate({ ...options, stop: ['<|file_sep|>', '<|file_sip|>'] }, never));
		assert.deepEqual(pieces, ['a', '→', '🦀', 'b', '<|file_c']);
	});

	it('obeys a grammar, and refuses one that is none', async () => {
		await engine.write({ says: 'no', words: ['yes'] });
		const model = engine.model();
		assert.equal(await textOf(model.generate({ ...options, grammar: 'root ::= "yes"' }, never)), 'yes');
		await assert.rejects(textOf(model.generate({ ...options, grammar: 'rubbish' }, never)), failsWith('bad-response', /grammar/));
	});

	it('draws tokens when it is told to, by the seed', async () => {
		await engine.write({ says: 'a', sampled: ['b', 'c'] });
		const model = engine.model();
		const said = async (seed: number) => textOf(model.generate({ ...options, sampling: { temperature: 0.8, seed } }, never));
		assert.deepEqual([await said(1), await said(0), await textOf(model.generate(options, never))], ['c', 'b', 'a']);
	});

	it('stops generating when nobody listens any more', async () => {
		await engine.write({ says: 'x'.repeat(1000), stepMs: 2 });
		const model = engine.model();
		const caller = new AbortController();
		const aborted = (async () => {
			for await (const _ of model.generate({ ...options, maxTokens: 1000 }, caller.signal)) caller.abort(new Error('typed on'));
		})();
		await assert.rejects(aborted, /typed on/);
		for await (const _ of model.generate({ ...options, maxTokens: 1000 }, never)) break;
		assert.ok((await engine.log()).length < 12);
	});

	it('stops reading after the batch it is at, and goes on from there', async () => {
		await engine.write({ says: 'a', stepMs: 20 });
		const model = engine.model();
		await model.facts(never);
		const prompt = 'x'.repeat(64 * 12);
		await assert.rejects(textOf(model.generate({ ...options, prompt }, AbortSignal.timeout(50))), { name: 'TimeoutError' });
		const before = (await engine.log()).length - 1;
		assert.ok(before >= 1 && before <= 5, `${before} batches`);
		await textOf(model.generate({ ...options, prompt }, never));
		const batches = (await engine.log()).filter((line) => line === 'evaluated 64');
		assert.equal(batches.length, 12);
	});

	it('refuses a prompt there is no room for', async () => {
		await engine.write({});
		const model = engine.model({}, { contextLength: 100 });
		await assert.rejects(textOf(model.generate({ ...options, prompt: 'x'.repeat(100) }, never)), failsWith('bad-response', /100 tokens/));
	});

	it('frees the memory when nobody asks for a while', async () => {
		await using forgetful = await FakeEngine.create({ says: 'a' }, { idleMs: 30 });
		const model = forgetful.model();
		await textOf(model.generate(options, never));
		for (let waited = 0; !(await forgetful.log()).includes('disposed') && waited < 100; waited++) await model.memory(never);
		assert.equal(await textOf(model.generate(options, never)), 'a');
		const loads = (await forgetful.log()).filter((line) => /loaded|disposed/.test(line));
		assert.deepEqual(loads.slice(0, 3), ['loaded', 'disposed', 'loaded']);
	});

	it('lets a model load when the caller gives up', async () => {
		await engine.write({ says: 'a', loadMs: 60 });
		const model = engine.model();
		await assert.rejects(model.facts(AbortSignal.timeout(1)), { name: 'TimeoutError' });
		await assert.rejects(textOf(model.generate(options, AbortSignal.timeout(1))), { name: 'TimeoutError' });
		await model.facts(never);
		assert.deepEqual(await engine.log(), ['loaded']);
	});

	it('learns how fast the model is', async () => {
		await engine.write({ says: 'abcdef', stepMs: 10 });
		const model = engine.model();
		await textOf(model.generate(options, never));
		const { stepMs } = (await model.facts(never)).speed;
		assert.ok(stepMs && stepMs > 5 && stepMs < 40, `${stepMs} ms per token`);
	});
});

describe('a file that cannot be used', () => {
	it('says why', async () => {
		await using engine = await FakeEngine.create({ special: [] });
		const family = { basename: 'Llama-3', special: ['<|fim_prefix|>'] };
		await assert.rejects(engine.model().facts(never), failsWith('no-infill', /qwen2.5-coder:0.5b cannot fill a hole/));
		await engine.write(family);
		await assert.rejects(engine.model({}, { name: 'llama3' }).facts(never), failsWith('no-infill', /llama3 cannot fill a hole/));
		const missing = engine.model({}, { modelPath: `${engine.modelPath}.not` });
		await assert.rejects(missing.facts(never), failsWith('model-missing', /model\.gguf\.not is not there/));
		const noModel = engine.model({}, { modelPath: `${engine.modelPath}.log` });
		await assert.rejects(noModel.facts(never), failsWith('bad-response', /is not a model in GGUF format/));
	});

	it('is tried again when it has changed', async () => {
		await using engine = await FakeEngine.create({ special: [] });
		const model = engine.model();
		await assert.rejects(model.facts(never), failsWith('no-infill', /cannot fill/));
		await engine.write({ says: 'a' });
		assert.equal(await textOf(model.generate(options, never)), 'a');
	});
});
