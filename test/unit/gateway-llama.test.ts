import assert from 'node:assert/strict';
import { llamaVim } from '../llama-vim.ts';
import { Served } from '../served.ts';

describe('what llama.vim asks', () => {
	it('fills a hole, answered by the fields that it names: `return |` → `return a + b`', async () => {
		await using served = await Served.start('a + b');
		const answer = await (await served.post('/infill', llamaVim.infill)).json();
		assert.deepEqual(Object.keys(answer), llamaVim.fields);
		assert.equal(answer.content, 'a + b');
		assert.equal(answer['timings/predicted_n'], 5);
		assert.ok(answer['timings/prompt_ms'] >= 0 && Number.isFinite(answer['timings/predicted_per_second']));
		const prompt = served.model.questions[0]?.options.prompt ?? '';
		assert.match(prompt, /<\|file_sep\|>sub\.py\ndef sub/);
		assert.match(prompt, /<\|fim_prefix\|>def add\(a, b\):\n {4}return <\|fim_suffix\|>\n\nprint\(add\(1, 2\)\)\n<\|fim_middle\|>/);
	});

	it('is asked ahead of what is typed, and answered in one line that it takes for an answer', async () => {
		await using served = await Served.start('a + b\n    print(a)');
		for (const request of [llamaVim.infill, { ...llamaVim.infill, ...llamaVim.speculative }, { ...llamaVim.infill, n_cmpl: 2 }]) {
			const text = await (await served.post('/infill', request)).text();
			assert.match(text, llamaVim.answer);
			assert.doesNotMatch(text.trimEnd(), /\n/);
		}
		const refused = await (await served.post('/infill', { ...llamaVim.infill, prompt: 7 })).text();
		assert.doesNotMatch(refused, llamaVim.answer);
	});

	it('has several answers in a list', async () => {
		await using served = await Served.start();
		served.model.answer = (_, { sampling }) => `${sampling?.seed ?? 'likeliest'}`;
		const answers = await (await served.post('/infill', { ...llamaVim.infill, n_cmpl: 3 })).json();
		assert.deepEqual(
			answers.map(({ content }: { readonly content: string }) => content),
			['likeliest', '1', '2'],
		);
	});

	it('warms up, and has no answer to wait for', async () => {
		await using served = await Served.start();
		assert.deepEqual(await (await served.post('/infill', llamaVim.warmUp)).json(), {});
		assert.deepEqual(served.model.questions, []);
	});

	for (const [picture, n_indent, said, expected] of [
		['in a block it ends with the block', 4, 'a + b\n    print(a)\n\ndef sub():\n', 'a + b\n    print(a)'],
		['deeper lines belong to it', 4, 'a if (\n        b)\n    c\nd', 'a if (\n        b)\n    c'],
		['at the left edge everything belongs to it', 0, 'a + b\n\ndef sub():\n', 'a + b\n\ndef sub():\n'],
	] as const) {
		it(`says how deep a line has to be indented: ${picture}`, async () => {
			await using served = await Served.start(said);
			for (const stream of [false, true]) {
				const response = await served.post('/infill', { ...llamaVim.infill, response_fields: [], n_indent, stream });
				const parts = stream ? (await response.text()).split('\n\n').filter(Boolean) : [`data: ${await response.text()}`];
				const content = parts.map((part) => JSON.parse(part.replace('data: ', '')).content).join('');
				assert.equal(content, expected);
			}
		});
	}

	it('wants what there is after a time, but not half a line', async () => {
		await using served = await Served.start();
		const asking = served.post('/infill', { ...llamaVim.infill, t_max_predict_ms: 30 });
		const question = await served.model.asked(0);
		question.say('a');
		await new Promise((resolve) => setTimeout(resolve, 40));
		question.say(' + b');
		await new Promise((resolve) => setTimeout(resolve, 10));
		question.say('\n', '    c', '\n');
		await question.over();
		assert.match((await (await asking).json()).content, /^a \+ b\n?/);
	});
});

describe('what other clients of llama.cpp ask', () => {
	it('continues a prompt with the marks of the model in it', async () => {
		await using served = await Served.start('a + b');
		const prompt = '<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>';
		const answer = await (await served.post('/completion', { prompt, n_predict: 5 })).json();
		assert.deepEqual([answer.content, answer.stop, answer.stop_type, answer.tokens_predicted], ['a + b', true, 'limit', 5]);
		assert.equal(served.model.questions[0]?.options.prompt, prompt);
	});

	it('asks whether the server is well, and how much it can read', async () => {
		await using served = await Served.start();
		for (const path of ['/health', '/v1/health']) assert.equal((await (await served.get(path)).json()).status, 'ok');
		assert.equal((await (await served.get('/props')).json()).default_generation_settings.n_ctx, 4096);
	});

	it('is told what is wrong in their own shape', async () => {
		await using served = await Served.start();
		const { error } = await (await served.post('/infill', { ...llamaVim.infill, prompt: 7 })).json();
		assert.deepEqual(error, { code: 400, message: '“prompt” must be a text.', type: 'invalid_request_error' });
	});
});
