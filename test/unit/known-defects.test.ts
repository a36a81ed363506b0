import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { Pace } from '../../src/completion/pace.ts';
import { buildPrompt } from '../../src/completion/prompt.ts';
import { windowAt } from '../../src/completion/window.ts';
import { fimTemplate } from '../../src/model/fim.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { FakeOllama } from '../fake-ollama.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';

const never = new AbortController().signal;

/** Each of these is, or was, wrong in an extension that people use. */
describe('what others got wrong', () => {
	it('an answer is found under the very place that it was kept for', async () => {
		const { model, ask } = setUp();
		model.answer = () => ' left;';
		for (const picture of ['return |', '\treturn |', 'return |\n}', 'f(|)', 'a\r|', 'é = |', '😀 = |']) {
			const { picture: first } = await ask(picture);
			const asked = model.questions.length;
			assert.equal((await ask(picture)).picture, first, picture);
			assert.equal(model.questions.length, asked, `${JSON.stringify(picture)} is asked about once`);
		}
	});

	it('places that differ in white space alone are different places', async () => {
		const { model, ask } = setUp();
		model.answer = () => ' left;';
		const places = ['return |', 'return  |', 'return\n|', 'return\n\t|', 'return |\n', 'return |\n\nx'];
		for (const picture of places) await ask(picture);
		assert.equal(model.questions.length, places.length);
	});

	it('what had come of a cancelled answer is never taken for the answer', async () => {
		const { model, ask } = setUp();
		const first = ask('return |');
		const question = await model.asked(0);
		question.say(' le');
		await turn();
		first.cancel();
		await first;
		model.answer = () => ' left + right;';
		assert.equal((await ask('return |')).picture, 'return left + right;|');
	});

	it('nobody waits an unknown time before the first answer has been timed', () => {
		for (const latency of [0, 40, 1e6, Number.POSITIVE_INFINITY]) assert.ok(new Pace().delayMs(latency) === 0);
		const pace = new Pace();
		pace.typed(at('a|'), 0);
		for (const latency of [0, 40, 400, 1e6]) {
			const ms = pace.delayMs(latency);
			assert.ok(ms >= 0 && ms <= 300, `${ms} ms`);
		}
	});

	it('what is known is shown while the model still answers somebody else', async () => {
		const { model, ask } = setUp();
		model.answer = () => ' left;';
		await ask('return |');
		model.answer = undefined;
		void ask('other(|');
		await model.asked(1);
		assert.equal((await ask('return |')).picture, 'return left;|');
	});

	it('everybody who asked gets an answer, also those whom others overtook', async () => {
		const { model, ask } = setUp();
		model.modelFacts = { ...model.modelFacts, speed: { stepMs: 30, prefillTokensPerSecond: 50 } };
		const all = ['start();\n\tr|', 'start();\n\tre|', 'start();\n\tret|', 'start();\n\tretu|'].map((picture) => ask(picture));
		model.answer = () => 'rn 1;';
		const pictures = (await Promise.all(all)).map(({ picture }) => picture);
		assert.deepEqual(pictures, ['superseded', 'superseded', 'superseded', 'start();\n\treturn 1;|']);
	});

	it('a slow machine is given its time: only silence has a limit, and every sign of life begins it anew', async () => {
		await using fake = await FakeOllama.start({ tokens: () => Array(12).fill('x'), prefill: 200, step: 50 });
		const model = new OllamaModel(() => ({ url: fake.url, model: undefined }), { stall: 600, stuck: 600 });
		let text = '';
		for await (const piece of model.generate({ prompt: 'a', maxTokens: 20, stop: [] }, never)) text += piece;
		assert.equal(text, 'x'.repeat(12));
	});

	it('no stop is ordinary code', () => {
		const code = ['\n\n', '//', '/src/', '#- coding: utf-8', 'function', 'class', 'import', '```', '}', ' t.'];
		for (const name of ['qwen2.5-coder', 'deepseek-coder', 'starcoder2', 'codellama', 'codegemma', 'granite-code']) {
			const { stop = [] } = fimTemplate({ name, canInsert: false }) ?? {};
			for (const text of code) assert.ok(!stop.includes(text), `${name}: ${JSON.stringify(text)}`);
		}
	});

	it('the same place makes the same prompt, byte for byte, every time', () => {
		const request = at('import a from "a";\n\nf() {\n\treturn |\n}\n');
		const { modelFacts } = setUp().model;
		const prompts = Array.from({ length: 20 }, () => buildPrompt(windowAt(request, undefined, 450), request, modelFacts).text);
		assert.equal(new Set(prompts).size, 1);
	});

	it('no request asks for another context length than the one that is loaded', async () => {
		for (const contextLength of [2048, 4096, 32_768]) {
			await using fake = await FakeOllama.start({ contextLength });
			const model = new OllamaModel(() => ({ url: fake.url, model: undefined }));
			for await (const _ of model.generate({ prompt: 'a', maxTokens: 1, stop: [] }, never));
			const asked = fake.generated.map(({ body }) => (body['options'] as Record<string, unknown>)['num_ctx']);
			assert.deepEqual(asked, [contextLength]);
		}
	});

	it('takes over no key but while it has an offer on the screen; changes no setting of others', () => {
		const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
		const keys: { key: string; when: string }[] = contributes.keybindings;
		const offers = /\bcoClone\.(isGrowing|offersImport|hasStaleCallers|isAtCallers)\b/;
		assert.ok(keys.some(({ key }) => key === 'escape'));
		assert.deepEqual(
			keys.filter(({ key, when }) => !offers.test(when) || /^(tab|enter)$/.test(key)),
			[],
		);
		assert.equal(contributes.configurationDefaults, undefined);
	});
});
