import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { alternatives, mostInEditor } from '../../src/completion/candidates.ts';
import { CompletionEngine } from '../../src/completion/complete.ts';
import type { CompletionRequest } from '../../src/completion/completion.ts';
import { everything } from '../../src/completion/gate.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { at } from '../picture.ts';
import { ScriptedModel } from '../scripted-model.ts';

const never = new AbortController().signal;

describe('candidates', () => {
	/** A model that says the first text by itself, and the others by seed: 1, 2, 3… */
	function setUp(...says: (string | Error)[]) {
		const model = new ScriptedModel();
		model.answer = (_, { sampling }) => says[sampling?.seed ?? 0] ?? '';
		const delay = async () => {};
		const engine = new CompletionEngine({ model, policy: () => everything, now: () => 0, delay });
		const choose = async (request: CompletionRequest, signal = never) => {
			const { completion } = await engine.complete(request, never);
			assert.ok(completion);
			const others = await alternatives(engine.complete, request, completion, mostInEditor, signal);
			return [completion, ...others.map((outcome) => outcome.completion)].map((shown) => shown?.text);
		};
		return { model, engine, choose };
	}

	const choices: [what: string, says: string[], texts: string[], questions: number][] = [
		['three that differ', [' a;', ' b;', ' c;', ' d;'], ['a;', 'b;', 'c;'], 3],
		['what was said before is drawn once more', [' a;', ' a;', ' b;', ' b;', ' c;'], ['a;', 'b;', 'c;'], 5],
		['white space at the end is no difference', [' a;', ' a; ', ' b;', ' b;  ', ' b;'], ['a;', 'b;'], 5],
		['what does not fit is none', [' a;', '-b', ' c;', ' d;'], ['a;', 'c;', 'd;'], 4],
		['a model that always says the same has one', [' a;', ' a;', ' a;', ' a;', ' a;'], ['a;'], 5],
	];
	for (const [what, says, texts, questions] of choices) {
		it(`${what}: ${JSON.stringify(says)} → ${JSON.stringify(texts)}`, async () => {
			const { model, choose } = setUp(...says);
			assert.deepEqual(await choose(at('return |')), texts);
			assert.equal(model.questions.length, questions);
			assert.equal(model.mostAtOnce, 1);
		});
	}

	it('draws only those after the first, each with a seed of its own, and from the same prompt', async () => {
		const { model, choose } = setUp(' a;', ' b;', ' c;');
		await choose(at('return |'));
		const [first, ...others] = model.questions.map(({ options }) => options);
		assert.equal(first?.sampling, undefined);
		assert.deepEqual(
			others.map(({ sampling }) => sampling?.seed),
			[1, 2],
		);
		assert.ok(others.every(({ prompt, sampling }) => prompt === first?.prompt && (sampling?.temperature ?? 0) > 0));
	});

	it('are remembered: to choose again asks nobody, and what was drawn is not what typing gets', async () => {
		const { model, engine, choose } = setUp(' a;', ' b;', ' c;');
		const texts = await choose(at('return |'));
		assert.deepEqual(await choose(at('return |')), texts);
		assert.equal((await engine.complete(at('return |'), never)).completion?.text, 'a;');
		assert.equal(model.questions.length, 3);
	});

	it('keep their rest for whoever goes on with one of them, the first before those that were drawn', async () => {
		const { model, engine, choose } = setUp(' left + right;', ' left - right;', ' top;');
		await choose(at('return |'));
		const rest = async (picture: string) => (await engine.complete(at(picture), never)).completion?.text;
		assert.equal(await rest('return left |'), '+ right;');
		assert.equal(await rest('return left -|'), ' right;');
		assert.equal(await rest('return t|'), 'op;');
		assert.equal(model.questions.length, 3);
	});

	it('are those found so far when time is up, and the one under way is stopped', async () => {
		const { model, engine } = setUp(' a;');
		const { completion } = await engine.complete(at('return |'), never);
		assert.ok(completion);
		model.answer = undefined;
		const time = new AbortController();
		const found = alternatives(engine.complete, at('return |'), completion, mostInEditor, time.signal);
		const second = await model.asked(1);
		second.say(' b;');
		second.end();
		const third = await model.asked(2);
		third.say(' c');
		time.abort();
		assert.deepEqual(
			(await found).map((outcome) => outcome.completion?.text),
			['b;'],
		);
		assert.ok(third.signal.aborted && third.isOver);
	});

	it('are looked for no longer once somebody types on', async () => {
		const { model, engine } = setUp(' a;');
		const { completion } = await engine.complete(at('return |'), never);
		assert.ok(completion);
		model.answer = undefined;
		const found = alternatives(engine.complete, at('return |'), completion, mostInEditor, never);
		const second = await model.asked(1);
		second.say(' b');
		await turn();
		const typed = engine.complete(at('return x(|'), never);
		assert.deepEqual(await found, []);
		assert.ok(second.signal.aborted);
		const next = await model.asked(2);
		assert.equal(next.options.sampling, undefined);
		next.end();
		await typed;
		await turn();
		assert.equal(model.questions.length, 3);
	});

	it('are what was there when the model failed', async () => {
		const { model, choose } = setUp(' a;', ' b;', new ModelError('unreachable', 'No server.'), ' d;');
		assert.deepEqual(await choose(at('return |')), ['a;', 'b;']);
		assert.equal(model.questions.length, 3);
	});
});
