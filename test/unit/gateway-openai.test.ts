import assert from 'node:assert/strict';
import OpenAI, {
	APIError,
	APIUserAbortError,
	AuthenticationError,
	BadRequestError,
	InternalServerError,
	NotFoundError,
	RateLimitError,
} from 'openai';
import { CallError } from '../../src/gateway/failure.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { Served } from '../served.ts';

const model = 'co-clone';
const hole = { model, prompt: 'def add(a, b):\n    return ', suffix: '\n\nprint(add(1, 2))\n', max_tokens: 20 };

function clientOf({ url, key }: Served, options: { readonly apiKey?: string } = {}): OpenAI {
	return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, ...options });
}

describe('the openai package', () => {
	it('fills a hole: `return |` → `return a + b`', async () => {
		await using served = await Served.start('a + b');
		const completion = await clientOf(served).completions.create(hole);
		assert.equal(completion.object, 'text_completion');
		assert.deepEqual(completion.choices, [{ index: 0, text: 'a + b', logprobs: null, finish_reason: 'stop' }]);
		assert.equal(completion.usage?.completion_tokens, 5);
		assert.match(served.model.questions[0]?.options.prompt ?? '', /return <\|fim_suffix\|>\n\nprint\(add/);
	});

	it('is streamed to only when it asks for that', async () => {
		await using served = await Served.start('a + b');
		const completion = await clientOf(served).completions.create({ ...hole, stream: false });
		assert.equal(completion.choices[0]?.text, 'a + b');
	});

	it('sees each piece as it comes, and what it cost when it asks for that', async () => {
		await using served = await Served.start('a+b');
		const stream = await clientOf(served).completions.create({ ...hole, stream: true, stream_options: { include_usage: true } });
		const seen: unknown[] = [];
		for await (const { choices, usage } of stream) {
			seen.push(choices[0] ? [choices[0].text, choices[0].finish_reason, usage] : usage?.completion_tokens);
		}
		assert.deepEqual(seen, [['a', null, null], ['+', null, null], ['b', null, null], ['', 'stop', null], 3]);
	});

	it('gets several answers, each drawn with another seed', async () => {
		await using served = await Served.start();
		served.model.answer = (_, { sampling }) => `seed ${sampling?.seed ?? 'none'}`;
		const texts = async (more: object) =>
			(await clientOf(served).completions.create({ ...hole, ...more })).choices.map(({ index, text }) => `${index}: ${text}`);
		assert.deepEqual(await texts({ n: 3 }), ['0: seed none', '1: seed 1', '2: seed 2']);
		assert.deepEqual(await texts({ n: 2, temperature: 0.5, seed: 7 }), ['0: seed 7', '1: seed 8']);
		const stream = await clientOf(served).completions.create({ ...hole, n: 2, stream: true });
		const streamed = ['', ''];
		for await (const { choices } of stream) for (const { index, text } of choices) streamed[index] += text;
		assert.deepEqual(streamed, ['seed none', 'seed 1']);
	});

	it('gets answers to several prompts, with the prompts in front if it likes', async () => {
		await using served = await Served.start('3');
		const { choices, usage } = await clientOf(served).completions.create({
			model,
			prompt: ['a = ', 'b = '],
			n: 2,
			echo: true,
			max_tokens: 1,
		});
		assert.deepEqual(
			choices.map(({ index, text, finish_reason }) => [index, text, finish_reason]),
			[
				[0, 'a = 3', 'length'],
				[1, 'a = 3', 'length'],
				[2, 'b = 3', 'length'],
				[3, 'b = 3', 'length'],
			],
		);
		const [a, , b] = served.model.questions.map(({ options }) => Math.round(options.prompt.length / 3));
		assert.ok(usage && Math.abs(usage.prompt_tokens - ((a ?? 0) + (b ?? 0))) <= 2);
	});

	it('chats about code: what comes after the last block of the user', async () => {
		await using served = await Served.start();
		served.model.answer = (_, { maxTokens }) => '\n    return a + b\n\nprint(1)'.slice(0, maxTokens);
		const messages = [
			{ role: 'system' as const, content: 'You are helpful.' },
			{ role: 'user' as const, content: 'Finish this:\n```py\ndef add(a, b):\n```\nThank you.' },
		];
		const completion = await clientOf(served).chat.completions.create({ model, messages });
		assert.deepEqual(completion.choices[0]?.message, { role: 'assistant', content: '\n    return a + b' });
		assert.match(served.model.questions[0]?.options.prompt ?? '', /^<\|fim_prefix\|>def add\(a, b\):<\|fim_suffix\|>/);
		const stream = await clientOf(served).chat.completions.create({ model, messages, stream: true, max_tokens: 10 });
		let text = '';
		let finish: string | null | undefined;
		for await (const { choices } of stream) {
			text += choices[0]?.delta.content ?? '';
			finish = choices[0]?.finish_reason;
		}
		assert.deepEqual([text, finish], ['\n    retur', 'length']);
	});

	for (const [content, prefix] of [
		['x = ', 'x = '],
		['```\na\n```\n```\nb\n', 'b\n'],
		['```\na\n```\nand then', 'a'],
		[[{ type: 'text' as const, text: 'y = ' }], 'y = '],
	] as const) {
		it(`takes from a chat: ${JSON.stringify(content)} is continued after ${JSON.stringify(prefix)}`, async () => {
			await using served = await Served.start('1');
			await clientOf(served).chat.completions.create({
				model,
				messages: [{ role: 'user', content: typeof content === 'string' ? content : [...content] }],
			});
			assert.ok(served.model.questions[0]?.options.prompt.startsWith(`<|fim_prefix|>${prefix}<|fim_suffix|>`));
		});
	}

	it('knows the models: by the one name that always works, and by their own', async () => {
		await using served = await Served.start();
		served.model.modelFacts = { ...served.model.modelFacts, name: 'hf.co/some/coder:1b' };
		const client = clientOf(served);
		const { data } = await client.models.list();
		assert.deepEqual(
			data.map(({ id }) => id),
			['co-clone', 'hf.co/some/coder:1b'],
		);
		for (const { id } of data) assert.equal((await client.models.retrieve(id)).id, id);
		await assert.rejects(client.models.retrieve('gpt-5'), NotFoundError);
	});

	it('is a client of an engine, as Copilot-like ones are that know nothing but a host and a port', async () => {
		await using served = await Served.start('a + b');
		const client = new OpenAI({ baseURL: `${served.url}/v1/engines/copilot-codex`, apiKey: served.key, maxRetries: 0 });
		const more = { n: 3, logprobs: 2, extra: { language: 'python', trim_by_indentation: true }, nwo: 'owner/repository' };
		const { choices } = await client.completions.create({ ...hole, ...more });
		assert.deepEqual(
			choices.map(({ index, text, logprobs }) => [index, text, logprobs]),
			[0, 1, 2].map((index) => [index, 'a + b', null]),
		);
		const { data } = await (await served.get('/v1/engines')).json();
		assert.deepEqual(data[0], { id: 'co-clone', object: 'engine', owner: 'co-clone', ready: true });
		assert.equal((await served.get('/v1/engines/nothing')).status, 404);
	});

	for (const [fields, message] of [
		[{ prompt: [[1, 2, 3]] }, /“prompt” must be a text, or a list of texts/],
		[{ prompt: Array(17).fill('x') }, /“prompt” and “n” may ask for 16 answers at most/],
		[{ n: 5 }, /“n” must be a whole number from 1 to 4/],
		[{ n: 2, best_of: 4 }, /“best_of” must be the same as “n”/],
		[{ stop: [7] }, /“stop” must be a text, or a list of texts/],
		[{ temperature: 3 }, /“temperature” must be from 0 to 2/],
		[{ stream: 'yes' }, /“stream” must be true or false/],
		[{ max_tokens: 0 }, /“max_tokens” must be a whole number from 1/],
	] as const) {
		it(`is told what to send instead of ${JSON.stringify(fields).slice(0, 40)}`, async () => {
			await using served = await Served.start('a + b');
			const asking = clientOf(served).completions.create({ ...hole, ...(fields as object) });
			await assert.rejects(asking, (error: unknown) => error instanceof BadRequestError && message.test(error.message));
		});
	}

	it('has an error of its own kind for everything that goes wrong before the first piece', async () => {
		await using served = await Served.start();
		const client = clientOf(served);
		const asked = (more: object = {}) => client.completions.create({ ...hole, ...more });
		await assert.rejects(clientOf(served, { apiKey: 'x' }).completions.create(hole), AuthenticationError);
		await assert.rejects(asked({ prompt: 7 }), BadRequestError);
		await assert.rejects(client.get('/nothing'), NotFoundError);
		const failing = async (error: Error) => {
			served.model.answer = () => error;
			return asked({ stream: true });
		};
		await assert.rejects(failing(new ModelError('unreachable', 'It is down.')), InternalServerError);
		await assert.rejects(failing(new CallError({ status: 429, code: 'busy', message: 'Too many.', retryAfter: 1 })), (error: unknown) => {
			return error instanceof RateLimitError && error.type === 'rate_limit_error' && error.code === 'busy';
		});
	});

	it('asks again only where that may help', async () => {
		await using served = await Served.start();
		const client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: served.key, maxRetries: 2 });
		served.model.answer = () => new ModelError('bad-response', 'It speaks nonsense.');
		await assert.rejects(client.completions.create(hole), InternalServerError);
		assert.equal(served.model.questions.length, 1);
		served.model.answer = () =>
			served.model.questions.length > 2 ? 'a + b' : new CallError({ status: 503, code: 'busy', message: 'Busy.', retryAfter: 0.01 });
		assert.equal((await client.completions.create(hole)).choices[0]?.text, 'a + b');
	});

	it('raises when a stream breaks in the middle', async () => {
		await using served = await Served.start();
		const asking = clientOf(served).completions.create({ ...hole, stream: true });
		const question = await served.model.asked(0);
		question.say('a');
		const seen: unknown[] = [];
		await assert.rejects(
			async () => {
				for await (const { choices } of await asking) {
					seen.push(choices[0]?.text, choices[0]?.finish_reason);
					question.fail(new ModelError('stalled', 'It went silent.'));
				}
			},
			(error: unknown) => error instanceof APIError && /went silent/.test(error.message),
		);
		assert.deepEqual(seen, ['a', null]);
	});

	it('stops the model when it loses interest', async () => {
		await using served = await Served.start();
		const stream = clientOf(served).completions.create({ ...hole, stream: true });
		const question = await served.model.asked(0);
		question.say('a');
		for await (const _ of await stream) break;
		await question.over();
		const gone = new AbortController();
		const whole = clientOf(served).completions.create(hole, { signal: gone.signal });
		const next = await served.model.asked(1);
		gone.abort();
		await assert.rejects(whole, APIUserAbortError);
		await next.over();
		assert.deepEqual(served.faults, []);
	});
});
