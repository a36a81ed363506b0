import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';

const slow = { stepMs: 40, prefillTokensPerSecond: 100 };
const quick = { stepMs: 10, prefillTokensPerSecond: 1000 };
const never = new AbortController().signal;

describe('complete, beyond one answer', () => {
	describe('an answer of several lines', () => {
		const picture = 'f() {\n\t|\n}';
		async function begun(...pieces: string[]) {
			const world = setUp();
			world.model.modelFacts = { ...world.model.modelFacts, speed: quick };
			const answer = world.ask(picture);
			const question = await world.model.asked(0);
			question.say(...pieces);
			return { ...world, answer, question };
		}

		it('is shown as soon as its first line is there, and whole when asked again', async () => {
			const { answer, question, ask, model } = await begun('\ta();\n', '\tb');
			const { picture: early, growing, usage } = await answer;
			assert.equal(early, 'f() {\n\ta();|\n}');
			assert.ok(!question.signal.aborted, 'it goes on');
			question.say('();\n', '}');
			question.end();
			assert.equal(await growing, true);
			const whole = await ask(picture);
			assert.equal(whole.picture, 'f() {\n\ta();\n\tb();|\n}');
			assert.equal(model.questions.length, 1);
			assert.equal(whole.usage, usage, 'whoever counts answers knows that it is one');
		});

		it('goes on while its first line is typed', async () => {
			const { answer, question, ask } = await begun('\ta();\n', '\tb');
			await answer;
			const typed = await ask('f() {\n\ta|\n}');
			assert.equal(typed.picture, 'f() {\n\ta();|\n}');
			assert.ok(!question.signal.aborted);
			question.end();
			assert.equal(await typed.growing, true);
		});

		it('ends when something else is typed', async () => {
			const { answer, question, ask, model } = await begun('\ta();\n', '\tb');
			const { growing } = await answer;
			void ask('f() {\n\tx|\n}');
			await model.asked(1);
			assert.ok(question.signal.aborted);
			assert.equal(await growing, false);
		});

		it('ends when nobody looks any more', async () => {
			const { answer, question, engine } = await begun('\ta();\n', '\tb');
			const { growing } = await answer;
			engine.leave();
			assert.ok(question.signal.aborted);
			assert.equal(await growing, false);
		});

		it('is not shown in part when the whole would not begin with that part', async () => {
			const world = setUp();
			world.model.modelFacts = { ...world.model.modelFacts, speed: quick };
			const answer = world.ask('f(() => {|})');
			const question = await world.model.asked(0);
			question.say('\n\ta();\n', '\tb();\n', '})');
			question.end();
			assert.equal((await answer).picture, 'f(() => {\n\ta();\n\tb();\n})|', 'the closers after the cursor go with the last line');
		});

		it('comes whole from a model that is fast, and on demand', async () => {
			for (const [stepMs, trigger] of [
				[3, 'automatic'],
				[10, 'manual'],
			] as const) {
				const { model, ask } = setUp();
				model.modelFacts = { ...model.modelFacts, speed: { stepMs } };
				const answer = ask(picture, { trigger });
				const question = await model.asked(0);
				question.say('\ta();\n', '\tb();\n');
				question.end();
				assert.equal((await answer).picture, 'f() {\n\ta();\n\tb();|\n}');
			}
		});
	});

	describe('asking for what comes after a suggestion', () => {
		it('has it there when the suggestion is accepted', async () => {
			const { model, engine, ask } = setUp();
			model.answer = () => ' a;';
			const { completion } = await ask('return |');
			assert.ok(completion);
			model.answer = () => '\n}';
			await engine.lookAhead(at('return |'), completion, never);
			assert.equal(model.questions.length, 2);
			assert.match(model.questions[1]?.options.prompt ?? '', /return a;$/);
			await ask('return a;|');
			assert.equal(model.questions.length, 2);
		});

		it('leaves nothing behind with whoever may call it off', async () => {
			const { model, engine } = setUp();
			model.answer = () => ' a;';
			const { signal } = new AbortController();
			await engine.lookAhead(at('return |'), { text: 'b;', replaces: 0 }, signal);
			assert.equal(model.questions.length, 1);
			assert.equal(getEventListeners(signal, 'abort').length, 0);
		});

		it('goes on while the suggestion is typed, and ends when something else is', async () => {
			const { model, engine, ask } = setUp();
			model.answer = () => ' alpha;';
			const { completion } = await ask('return |');
			assert.ok(completion);
			model.answer = undefined;
			void engine.lookAhead(at('return |'), completion, never);
			const ahead = await model.asked(1);
			ahead.say(' b');
			assert.equal((await ask('return al|')).picture, 'return alpha;|');
			assert.ok(!ahead.signal.aborted);
			void ask('return x|');
			await model.asked(2);
			assert.ok(ahead.signal.aborted);
		});

		it('is left to models that have it in no time', async () => {
			const { model, engine, ask } = setUp();
			model.modelFacts = { ...model.modelFacts, speed: slow };
			model.answer = () => ' a;';
			const { completion } = await ask('return |');
			assert.ok(completion);
			await engine.lookAhead(at('return |'), completion, never);
			assert.equal(model.questions.length, 1);
		});

		it('ends when nobody looks any more', async () => {
			const { model, engine } = setUp();
			void engine.lookAhead(at('return |'), { text: 'a;', replaces: 0 }, never);
			const ahead = await model.asked(0);
			engine.leave();
			assert.ok(ahead.signal.aborted);
		});
	});

	it('does not show again what was rejected at that place, unless somebody asks for it', async () => {
		const { model, engine, ask } = setUp();
		model.answer = () => ' a;';
		const { completion } = await ask('return |');
		assert.ok(completion);
		engine.reject(at('return |'), completion);
		assert.equal((await ask('return |')).picture, 'rejected');
		assert.equal((await ask('x = 1\nreturn |')).picture, 'x = 1\nreturn a;|', 'another place');
		assert.equal((await ask('return |', { trigger: 'manual' })).picture, 'return a;|');
	});

	it('a slow model is not asked for a line that stands elsewhere', async () => {
		for (const [speed, asked] of [
			[slow, 1],
			[quick, 2],
		] as const) {
			const { model, ask } = setUp();
			model.modelFacts = { ...model.modelFacts, speed };
			model.answer = () => ' b';
			await ask('a |');
			const { completion } = await ask('const totals = sum(items);\nf();\n\nconst totals |', { path: '/b.ts' });
			assert.equal(model.questions.length, asked);
			if (speed === slow) assert.equal(completion?.text, '= sum(items);');
		}
	});
});
