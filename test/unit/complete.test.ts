import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Eagerness } from '../../src/completion/shape.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';

describe('complete', () => {
	const examples: [picture: string, says: string, result: string][] = [
		['return |', ' a + b;\n}', 'return a + b;|'],
		['return |', ' a + b;<|endoftext|>x', 'return a + b;|'],
		['foo(|)', 'a, b)\nbar()', 'foo(a, b)|'],
		['function f() {|}', '\n\treturn 1;\n}\n\nf();', 'function f() {\n\treturn 1;\n}|'],
		['return |', '-a', 'does-not-fit'],
		['return |', '', 'model-silent'],
		['a();\n|\nb();', 'b();', 'already-there'],
	];
	for (const [picture, says, result] of examples) {
		it(`${JSON.stringify(picture)}, model: ${JSON.stringify(says)} → ${JSON.stringify(result)}`, async () => {
			const { model, ask } = setUp();
			model.answer = () => says;
			assert.equal((await ask(picture)).picture, result);
		});
	}

	it('asks once, also when the answer turns out not to fit while it still comes', async () => {
		const { model, ask } = setUp();
		const answer = ask('return |');
		const question = await model.asked(0);
		question.say('-', '1', ';');
		assert.equal((await answer).picture, 'does-not-fit');
		assert.equal(model.questions.length, 1);
	});

	it('says what it asked and how long it took', async () => {
		const { model, world, ask } = setUp();
		const answer = ask('return |');
		const question = await model.asked(0);
		world.time = 40;
		question.say(' a');
		await turn();
		world.time = 60;
		question.end();
		const { timings, model: name, prompt } = await answer;
		assert.deepEqual(timings, { queuedMs: 0, firstTokenMs: 40, totalMs: 60 });
		assert.equal(name, 'scripted');
		assert.equal(prompt, '<|fim_prefix|><|fim_suffix|><|fim_middle|>return');
	});

	it('asks nothing when the gate is closed', async () => {
		const { model, ask } = setUp();
		assert.equal((await ask('|')).picture, 'nothing-before-cursor');
		assert.equal(model.questions.length, 0);
	});

	it('a bug in a stage is an outcome, not a crash', async () => {
		const { model, ask } = setUp();
		model.answer = () => new TypeError('x is undefined');
		const { nothing } = await ask('return |');
		assert.equal(nothing?.reason, 'bug');
		assert.equal(nothing?.error?.message, 'x is undefined');
	});

	describe('while the user types on', () => {
		it('shows the rest of an answer without asking again', async () => {
			const { model, ask } = setUp();
			model.answer = () => ' alpha + beta;';
			assert.equal((await ask('return |')).picture, 'return alpha + beta;|');
			for (const typed of ['a', 'alp', 'alpha +']) assert.equal((await ask(`return ${typed}|`)).picture, 'return alpha + beta;|');
			assert.equal(model.questions.length, 1);
		});

		it('joins the running request while its text agrees with what is typed', async () => {
			const { model, ask } = setUp();
			const first = ask('return |');
			const question = await model.asked(0);
			question.say(' al');
			await turn();
			const second = ask('return al|');
			const third = ask('return alp|');
			question.say('pha', ';');
			question.end();
			assert.equal((await first).picture, 'superseded');
			assert.equal((await second).picture, 'superseded');
			assert.equal((await third).picture, 'return alpha;|');
			assert.equal(model.questions.length, 1);
		});

		it('aborts the running request as soon as its text disagrees, and asks anew', async () => {
			const { model, ask } = setUp();
			void ask('return |');
			const question = await model.asked(0);
			question.say(' al');
			await turn();
			const second = ask('return x(|');
			await turn();
			assert.ok(question.signal.aborted);
			const next = await model.asked(1);
			assert.match(next.options.prompt, /return x\($/);
			next.say('1)');
			next.end();
			assert.equal((await second).picture, 'return x(1)|');
			assert.equal(model.mostAtOnce, 1);
		});

		it('does not abort the evaluation of a prompt that the next one extends', async () => {
			const { model, ask } = setUp();
			void ask('foo(|)');
			const question = await model.asked(0);
			const second = ask('foo(a, |)');
			await turn();
			assert.ok(!question.signal.aborted, 'nothing contradicts it yet');
			question.say('x');
			const next = await model.asked(1);
			assert.ok(question.signal.aborted);
			assert.ok(next.options.prompt.startsWith(question.options.prompt), 'all that was evaluated stays valid');
			next.say(' b)');
			next.end();
			assert.equal((await second).picture, 'foo(a, b)|');
		});

		it('never has two requests at once, however fast somebody types', async () => {
			const { model, ask } = setUp();
			const text = 'const total = items.map(item => item.price).reduce((a, b) => a + b, 0);';
			let last = ask('|');
			for (let i = 1; i <= text.length; i++) {
				last = ask(`${text.slice(0, i)}|`);
				await turn();
				if (i % 3 === 0) model.questions.at(-1)?.say('zz');
			}
			last.cancel();
			await last;
			assert.equal(model.mostAtOnce, 1);
			assert.ok(model.questions.every(({ isOver }) => isOver));
		});
	});

	it('aborts when nobody waits any more, and keeps nothing of a cut-off answer', async () => {
		const { model, ask } = setUp();
		const answer = ask('return |');
		const question = await model.asked(0);
		question.say(' al');
		await turn();
		answer.cancel();
		assert.equal((await answer).picture, 'cancelled');
		assert.ok(question.signal.aborted && question.isOver);
		void ask('return |');
		assert.ok(await model.asked(1), 'asks again');
	});

	it('waits for a pause inside a word when the answer takes longer than most pauses there', async () => {
		const { model, world, ask } = setUp();
		model.answer = () => 'rn 1;';
		assert.equal((await ask('\tretu|')).picture, '\treturn 1;|');
		assert.deepEqual(world.delays, [], 'it takes 40 ms');
		model.modelFacts = { ...model.modelFacts, speed: { stepMs: 30, prefillTokensPerSecond: 50 } };
		assert.equal((await ask('start();\n\tretu|')).picture, 'start();\n\treturn 1;|');
		assert.equal(world.delays.length, 1);
		await ask('start();\n\tretur|');
		assert.equal(world.delays.length, 1, 'what is known is shown at once');
		await ask('start();\n\tfoo(|');
		assert.equal(world.delays.length, 1, 'nothing is evaluated for nothing after a bracket');
	});

	it('on a slow machine asks for a line, on a fast one for a block, on demand always for a block', async () => {
		const says = '\ta();\n\tb();\n\tc();\n}';
		const lines = async (stepMs: number, trigger: 'automatic' | 'manual') => {
			const { model, ask } = setUp();
			model.modelFacts = { ...model.modelFacts, speed: { stepMs } };
			model.answer = () => says;
			return (await ask('f() {\n\t|', { trigger })).completion?.text.split('\n').length;
		};
		assert.deepEqual(await Promise.all([lines(40, 'automatic'), lines(5, 'automatic'), lines(40, 'manual')]), [1, 3, 3]);
	});

	it('asks for as much as the user wants: a line on a fast machine, a block on a slow one', async () => {
		const tokens = async (eagerness: Eagerness, stepMs: number, trigger: 'automatic' | 'manual' = 'automatic') => {
			const { model, ask } = setUp({ eagerness });
			model.modelFacts = { ...model.modelFacts, speed: { stepMs } };
			model.answer = () => '\ta();\n}';
			await ask('f() {\n\t|', { trigger });
			return model.questions[0]?.options.maxTokens;
		};
		const [line, block] = [96, 360];
		assert.deepEqual(await Promise.all([tokens('auto', 5), tokens('auto', 40)]), [block, line]);
		assert.deepEqual(await Promise.all([tokens('line', 5), tokens('block', 40)]), [line, block]);
		assert.equal(await tokens('line', 40, 'manual'), block, 'on demand always a block');
	});

	describe('after the model failed', () => {
		it('leaves it alone for a while, longer each time; on demand it asks at once', async () => {
			const { model, world, ask } = setUp();
			model.answer = () => new ModelError('unreachable', 'No server.');
			assert.equal((await ask('a |')).picture, 'unreachable');
			assert.equal((await ask('b |')).picture, 'backing-off');
			assert.equal(model.questions.length, 1);
			world.time = 1000;
			assert.equal((await ask('c |')).picture, 'unreachable');
			world.time = 2999;
			assert.equal((await ask('d |')).picture, 'backing-off');
			model.answer = () => ' x';
			assert.equal((await ask('e |', { trigger: 'manual' })).picture, 'e x|');
			assert.equal((await ask('f |')).picture, 'f x|');
		});
	});

	describe('warming up', () => {
		it('evaluates what is around the cursor, so that the next prompt only extends it', async () => {
			const { model, engine, ask } = setUp();
			model.answer = () => ' x';
			await engine.warm(at('a\nb\nc\nd\nreturn |\nend'), new AbortController().signal);
			assert.equal(model.questions[0]?.options.maxTokens, 1);
			await ask('a\nb\nc\nd\nreturn |\nend');
			const [warm, real] = model.questions.map(({ options }) => options.prompt);
			assert.ok(warm && real?.startsWith(warm));
		});

		it('is done once for a place', async () => {
			const { model, engine } = setUp();
			model.answer = () => ' x';
			for (const picture of ['a\nb|', 'a\nb|', 'a\n|b']) await engine.warm(at(picture), new AbortController().signal);
			assert.equal(model.questions.length, 1);
		});

		it('has the model loaded wherever the cursor is; after that it happens only where something would be asked', async () => {
			const { model, engine } = setUp();
			model.answer = () => ' x';
			for (const picture of ['|import a\nb\nc\nd\ne\n', 'import a\nb\nc\nd\n|e\n', 'import a\nb\nc\nd\ne|\n'])
				await engine.warm(at(picture), new AbortController().signal);
			assert.deepEqual(
				model.questions.map(({ options }) => /middle\|>(.*)$/s.exec(options.prompt)?.[1]),
				['', 'b\nc\nd\n'],
			);
		});

		it('is left to finish when a keystroke comes whose prompt extends it', async () => {
			const { model, engine, ask } = setUp();
			void engine.warm(at('a\n|'), new AbortController().signal);
			const warm = await model.asked(0);
			const answer = ask('a\nfoo(|');
			await turn();
			assert.ok(!warm.signal.aborted);
			warm.say('x');
			warm.end();
			(await model.asked(1)).end();
			assert.equal((await answer).picture, 'model-silent');
		});

		for (const [prefillTokensPerSecond, isAborted] of [
			[1000, false],
			[0.5, true],
		] as const) {
			it(`${isAborted ? 'makes way for' : 'is over in less than a second, and waited for by'} a request at another place`, async () => {
				const { model, engine, ask } = setUp();
				model.modelFacts = { ...model.modelFacts, speed: { prefillTokensPerSecond, stepMs: 5 } };
				void engine.warm(at('a\n|'), new AbortController().signal);
				const warm = await model.asked(0);
				void ask('something else |', { path: '/other.ts' });
				await turn();
				assert.equal(warm.signal.aborted, isAborted);
				warm.end();
				assert.ok(await model.asked(1));
			});
		}

		it('does not happen where the user wants nothing', async () => {
			for (const policy of [{ enabled: false }, { trigger: 'manual' as const }, { languages: { typescript: false } }]) {
				const { model, engine } = setUp(policy);
				await engine.warm(at('a\n|'), new AbortController().signal);
				assert.equal(model.questions.length, 0);
			}
			const { model, engine } = setUp();
			await engine.warm(at('KEY=|', { path: '/.env' }), new AbortController().signal);
			assert.equal(model.questions.length, 0);
		});
	});
});
