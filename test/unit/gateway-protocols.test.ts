import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { withFailure, withPings } from '../../src/gateway/stream.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { Served } from '../served.ts';

/** What every protocol has to get right, each in its own words. */
interface Protocol {
	readonly path: string;
	/** A hole after “x = ”. */
	readonly body: Readonly<Record<string, unknown>>;
	/** What makes it stream, where it can, and what makes it not. */
	readonly stream?: object;
	readonly whole?: object;
	/** The text of an answer that was not streamed, and of one part of a stream. */
	readonly text: (answer: Answer) => string | undefined;
	readonly delta?: (part: Answer) => string | undefined;
	/** What is only in a stream that is whole. */
	readonly finished?: RegExp;
	/** The message of a failure. */
	readonly message: (failure: Answer) => string | undefined;
	/** A field of the wrong type, and its name in the sentence that says so. */
	readonly wrong: readonly [fields: object, name: RegExp];
}

/** Whatever JSON says. */
type Answer = ReturnType<typeof JSON.parse>;

const openAi = {
	stream: { stream: true },
	whole: { stream: false },
	finished: /\[DONE\]|"finish_reason":"/,
	message: (failure: Answer) => failure.error.message,
	text: (answer: Answer) => answer.choices[0].text,
	delta: (part: Answer) => part.choices[0]?.text,
};
const chat = {
	text: (answer: Answer) => answer.choices[0].message.content,
	delta: (part: Answer) => part.choices[0]?.delta.content,
};
const llama = {
	stream: { stream: true },
	whole: { stream: false },
	text: (answer: Answer) => answer.content,
	delta: (part: Answer) => part.content,
	finished: /"stop":true/,
	message: (failure: Answer) => failure.error.message,
};
const native = { finished: /event: end/, message: (failure: Answer) => failure.error.message, delta: (part: Answer) => part.text };

const protocols: Readonly<Record<string, Protocol>> = {
	OpenAI: { ...openAi, path: '/v1/completions', body: { model: 'm', prompt: 'x = ' }, wrong: [{ max_tokens: 'many' }, /max_tokens/] },
	'OpenAI’s chat': {
		...openAi,
		...chat,
		path: '/v1/chat/completions',
		body: { model: 'm', messages: [{ role: 'user', content: 'x = ' }], max_tokens: 16 },
		wrong: [{ messages: 'x = ' }, /messages/],
	},
	'FauxPilot and Copilot-like clients': {
		...openAi,
		path: '/v1/engines/copilot-codex/completions',
		body: { prompt: 'x = ', n: 1, logprobs: 2, extra: { language: 'python', next_indent: 0 }, nwo: 'a/b', top_p: 1 },
		wrong: [{ stream: 'false' }, /stream/],
	},
	Mistral: {
		...openAi,
		...chat,
		path: '/v1/fim/completions',
		body: { model: 'codestral-latest', prompt: 'x = ', suffix: '\n', min_tokens: 1 },
		message: (failure) => (failure.object === 'error' ? failure.message : undefined),
		wrong: [{ random_seed: 'seven' }, /random_seed/],
	},
	'llama.cpp': {
		...llama,
		path: '/infill',
		body: { input_prefix: 'x', input_suffix: '\n', input_extra: [], prompt: ' = ', samplers: ['top_k'], cache_prompt: true },
		wrong: [{ input_extra: 'a.py' }, /input_extra/],
	},
	'llama.cpp, without a hole': { ...llama, path: '/completion', body: { prompt: 'x = ', n_predict: 16 }, wrong: [{ stop: [7] }, /stop/] },
	Ollama: {
		path: '/api/generate',
		body: { model: 'co-clone', prompt: 'x = ', suffix: '\n', options: { num_ctx: 4096 }, keep_alive: '5m' },
		stream: {},
		whole: { stream: false },
		text: (answer) => answer.response,
		delta: (part) => part.response,
		finished: /"done":true/,
		message: (failure) => failure.error,
		wrong: [{ options: [] }, /options/],
	},
	'Ollama’s chat': {
		path: '/api/chat',
		body: {
			model: 'co-clone',
			messages: [
				{ role: 'system', content: 'Be brief.' },
				{ role: 'user', content: 'x = ', images: [] },
			],
			tools: [],
			options: { num_predict: 16 },
		},
		stream: {},
		whole: { stream: false },
		text: (answer) => answer.message.content,
		delta: (part) => part.message?.content,
		finished: /"done":true/,
		message: (failure) => failure.error,
		wrong: [{ options: { num_predict: 'many' } }, /num_predict/],
	},
	Tabby: {
		path: '/v1/completions',
		body: { language: 'python', segments: { prefix: 'x = ', suffix: '\n', git_url: 'git@x:y', edit_history: {} }, debug_options: {} },
		whole: {},
		text: (answer) => answer.choices[0].text,
		message: (failure) => failure.error.message,
		wrong: [{ segments: { prefix: 7 } }, /prefix/],
	},
	'the plain call': {
		path: '/',
		body: { prompt: 'x = ', language: 'python' },
		whole: {},
		text: (answer) => answer,
		message: (failure) => failure.error.message,
		wrong: [{ prompt: [] }, /prompt/],
	},
	'our own, for models': {
		...native,
		path: '/co-clone/generate',
		body: { prompt: 'x = ', maxTokens: 16 },
		stream: {},
		text: () => undefined,
		wrong: [{ maxTokens: '16' }, /maxTokens/],
	},
};

for (const [name, protocol] of Object.entries(protocols)) {
	const { path, body, stream, whole, text, delta, finished, message, wrong } = protocol;

	describe(`the protocol of ${name}`, () => {
		it('tells what goes wrong before the first piece by its status', async () => {
			await using served = await Served.start();
			served.model.answer = () => new ModelError('stalled', 'It went silent.');
			for (const kind of [stream, whole]) {
				if (!kind) continue;
				const response = await served.post(path, { ...body, ...kind });
				assert.equal(response.status, 504);
				assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
				assert.match(message(await response.json()) ?? '', /It went silent/);
			}
		});

		it('refuses a field of the wrong type, and says which', async () => {
			await using served = await Served.start('1');
			const response = await served.post(path, { ...body, ...wrong[0] });
			assert.equal(response.status, 400);
			assert.match(message(await response.json()) ?? '', wrong[1]);
			assert.deepEqual(served.model.questions, []);
		});

		it('ignores what it does not know', async () => {
			await using served = await Served.start('1');
			const response = await served.post(path, { ...body, ...whole, unknown: { of: ['any', 'kind'] } });
			assert.equal(response.status, 200);
			await response.text();
		});

		if (whole) {
			it('answers at once where that is asked for, without the model’s own marks', async () => {
				await using served = await Served.start('1 + <|endoftext|>2');
				const response = await served.post(path, { ...body, ...whole });
				assert.equal(response.status, 200);
				assert.doesNotMatch(response.headers.get('content-type') ?? '', /event-stream|ndjson/);
				const said = await response.text();
				assert.equal(text(path === '/' ? said : JSON.parse(said))?.trimEnd(), '1 +');
			});

			it('stops the model when nobody waits for the whole any more', async () => {
				await using served = await Served.start();
				const gone = new AbortController();
				const asking = served.post(path, { ...body, ...whole }, gone.signal).catch(() => undefined);
				const question = await served.model.asked(0);
				const at = performance.now();
				gone.abort();
				await question.over();
				assert.ok(performance.now() - at < 200);
				await asking;
				assert.deepEqual(served.faults, []);
			});
		}

		if (!stream || !delta || !finished) return;

		it('streams each piece by itself, as one JSON in one line', async () => {
			await using served = await Served.start('1 +');
			const response = await served.post(path, { ...body, ...stream });
			const said = await response.text();
			assert.equal(partsOf(said).map(delta).filter(Boolean).join('|'), '1| |+');
			assert.match(said, finished);
			assert.equal(response.headers.get('content-encoding'), null);
		});

		it('never ends a stream that failed as if it were whole', async () => {
			await using served = await Served.start();
			const asking = served.post(path, { ...body, ...stream });
			const question = await served.model.asked(0);
			question.say('1');
			const response = await asking;
			question.fail(new ModelError('stalled', 'It went silent.'));
			const said = await response.text();
			assert.match(message(partsOf(said).at(-1)) ?? '', /It went silent/);
			assert.doesNotMatch(said, finished);
		});

		it('stops the model when the client leaves a stream', async () => {
			await using served = await Served.start();
			const gone = new AbortController();
			const asking = served.post(path, { ...body, ...stream }, gone.signal);
			const question = await served.model.asked(0);
			question.say('1');
			await asking;
			const at = performance.now();
			gone.abort();
			await question.over();
			assert.ok(performance.now() - at < 200);
			assert.deepEqual(served.faults, []);
		});
	});
}

describe('a stream that is quiet for long', () => {
	it('shows that it is alive, and still tells a failure before the first piece', async () => {
		async function* failing(): AsyncGenerator<string> {
			yield await delay(30).then((): string => {
				throw new Error('It went silent.');
			});
		}
		const parts: string[] = [];
		for await (const part of withFailure(withPings(failing(), 10), String)) parts.push(part);
		assert.deepEqual([parts[0], parts.at(-1)], [': ping\n\n', 'Error: It went silent.']);
	});
});

/** The JSON of each line of a stream. */
function partsOf(said: string): Answer[] {
	const lines = said.split('\n').map((line) => line.replace(/^data: /, ''));
	return lines.filter((line) => line !== '' && line !== '[DONE]' && !line.startsWith('event: ')).map((line) => JSON.parse(line));
}
