import assert from 'node:assert/strict';
import { Ollama } from 'ollama';
import { ModelError } from '../../src/model/model-error.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { selfTest } from '../../src/model/self-test.ts';
import { Served } from '../served.ts';

const hole = { model: 'co-clone', prompt: 'def add(a, b):\n    return ', suffix: '\n\nprint(add(1, 2))\n' };

function clientOf({ url, key }: Served): Ollama {
	return new Ollama({ host: url, headers: { authorization: `Bearer ${key}` } });
}

describe('the ollama package', () => {
	it('fills a hole: `return |` → `return a + b`', async () => {
		await using served = await Served.start('a + b');
		const { response, done, done_reason, eval_count, prompt_eval_count, total_duration } = await clientOf(served).generate(hole);
		assert.deepEqual({ response, done, done_reason, eval_count }, { response: 'a + b', done: true, done_reason: 'stop', eval_count: 5 });
		assert.ok(prompt_eval_count > 0 && total_duration > 0 && Number.isInteger(total_duration));
		assert.match(served.model.questions[0]?.options.prompt ?? '', /return <\|fim_suffix\|>\n\nprint/);
	});

	it('sees each piece as it comes, and the end last', async () => {
		await using served = await Served.start('a+b');
		const seen: unknown[] = [];
		for await (const { response, done } of await clientOf(served).generate({ ...hole, stream: true })) seen.push(response, done);
		assert.deepEqual(seen, ['a', false, '+', false, 'b', false, '', true]);
	});

	it('says where an answer ends and how it is drawn', async () => {
		await using served = await Served.start('a + b;c');
		const options = { num_predict: 7, stop: [';'], temperature: 0.5, seed: 3 };
		assert.equal((await clientOf(served).generate({ ...hole, options })).response, 'a + b');
		const { maxTokens, stop, sampling } = served.model.questions[0]?.options ?? {};
		assert.deepEqual({ maxTokens, first: stop?.[0], sampling }, { maxTokens: 7, first: ';', sampling: { temperature: 0.5, seed: 3 } });
	});

	it('has a raw prompt continued as it is', async () => {
		await using served = await Served.start('a + b');
		const prompt = '<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>';
		await clientOf(served).generate({ model: 'scripted', prompt, raw: true });
		assert.equal(served.model.questions[0]?.options.prompt, prompt);
	});

	it('has the code of a chat continued, whole and as it comes', async () => {
		await using served = await Served.start('\n    total = a + b\n    return total\n');
		const body = '\n    total = a + b\n    return total';
		const messages = [{ role: 'user', content: 'Finish this:\n```python\ndef add(a, b):\n```' }];
		const client = clientOf(served);
		const { message, done, done_reason } = await client.chat({ model: 'co-clone', messages });
		assert.deepEqual({ message, done, done_reason }, { message: { role: 'assistant', content: body }, done: true, done_reason: 'stop' });
		const seen: [string, boolean][] = [];
		for await (const { message, done } of await client.chat({ model: 'co-clone', messages, stream: true })) {
			assert.equal(message.role, 'assistant');
			seen.push([message.content, done]);
		}
		assert.equal(seen.map(([text]) => text).join(''), body);
		assert.deepEqual(
			seen.map(([, done]) => done),
			[...seen.slice(1).map(() => false), true],
		);
		assert.ok(seen.length > 2);
		const [whole] = served.model.questions;
		assert.match(whole?.options.prompt ?? '', /def add\(a, b\):/);
		assert.doesNotMatch(whole?.options.prompt ?? '', /Finish|```/);
	});

	it('says where an answer to a chat ends', async () => {
		await using served = await Served.start('a + b;c\n\nd');
		const options = { num_predict: 7, stop: [';'], seed: 3, temperature: 0.5 };
		const messages = [{ role: 'user', content: 'x = ' }];
		assert.equal((await clientOf(served).chat({ model: 'co-clone', messages, options })).message.content, 'a + b');
		assert.equal(served.model.questions[0]?.options.maxTokens, 7);
		assert.deepEqual(served.model.questions[0]?.options.sampling, { temperature: 0.5, seed: 3 });
	});

	it('has the model loaded by a chat without messages', async () => {
		await using served = await Served.start();
		const { done_reason, message } = await clientOf(served).chat({ model: 'co-clone', messages: [] });
		assert.deepEqual([done_reason, message.content], ['load', '']);
		assert.deepEqual(served.model.questions, []);
	});

	it('is told that there are no embeddings, and no models to pull', async () => {
		await using served = await Served.start();
		const client = clientOf(served);
		for (const asking of [
			client.embed({ model: 'co-clone', input: 'x' }),
			client.embeddings({ model: 'co-clone', prompt: 'x' }),
			client.pull({ model: 'llama3' }),
		]) {
			await assert.rejects(asking, { name: 'ResponseError', status_code: 501, message: /is nothing that Co-Clone does/ });
		}
	});

	it('knows what is there, what is loaded, and which API that is', async () => {
		await using served = await Served.start();
		const client = clientOf(served);
		const names = ({ models }: { models: { name: string }[] }) => models.map(({ name }) => name);
		assert.deepEqual(names(await client.list()), ['scripted', 'co-clone:latest']);
		assert.deepEqual(names(await client.ps()), ['scripted', 'co-clone:latest']);
		assert.deepEqual((await client.show({ model: 'co-clone' })).capabilities, ['completion', 'insert']);
		assert.match((await client.version()).version, /^\d+\.\d+\.\d+$/);
		assert.equal((await client.generate({ model: 'co-clone', prompt: '' })).done_reason, 'load');
		assert.deepEqual(served.model.questions, []);
	});

	it('is told what is wrong', async () => {
		await using served = await Served.start();
		const client = clientOf(served);
		await assert.rejects(client.generate({ ...hole, model: 'llama3:8b' }), {
			name: 'ResponseError',
			status_code: 404,
			message: /not found/,
		});
		await assert.rejects(client.show({ model: 'llama3:8b' }), { status_code: 404 });
		await assert.rejects(new Ollama({ host: served.url }).list(), { status_code: 401, message: /Send a token/ });
		served.model.answer = () => new ModelError('unreachable', 'It is down.');
		await assert.rejects(client.generate(hole), { status_code: 503, message: /It is down/ });
	});

	it('raises when a stream breaks in the middle', async () => {
		await using served = await Served.start();
		const asking = clientOf(served).generate({ ...hole, stream: true });
		const question = await served.model.asked(0);
		question.say('a');
		const seen: unknown[] = [];
		await assert.rejects(async () => {
			for await (const { response } of await asking) {
				seen.push(response);
				question.fail(new ModelError('stalled', 'It went silent.'));
			}
		}, /It went silent/);
		assert.deepEqual(seen, ['a']);
	});

	it('stops the model with abort()', async () => {
		await using served = await Served.start();
		const client = clientOf(served);
		const asking = client.generate({ ...hole, stream: true });
		const question = await served.model.asked(0);
		question.say('a');
		await asking;
		client.abort();
		await question.over();
		assert.deepEqual(served.faults, []);
	});
});

/** Continue’s requests (core/llm/llms/Ollama.ts), Twinny’s (src/extension/completion/request-body.ts). */
describe('what other clients of Ollama ask', () => {
	it('whether it is there: with HEAD as Ollama’s own program, with GET as many; no key is needed for that', async () => {
		await using served = await Served.start();
		for (const accept of ['*/*', 'application/json', 'application/json, text/plain, */*']) {
			const response = await fetch(served.url, { headers: { accept } });
			assert.deepEqual([response.status, await response.text()], [200, 'Ollama is running']);
			assert.equal((await fetch(served.url, { method: 'HEAD', headers: { accept } })).status, 200);
		}
	});

	it('whether the model takes a suffix, as Continue does, and then with one', async () => {
		await using served = await Served.start('a + b');
		const shown = await (await served.post('/api/show', { name: 'co-clone' })).json();
		assert.ok(shown.template.includes('.Suffix'));
		const options = { temperature: 0.01, num_predict: 4096, num_ctx: 8192, stop: ['/src/', '#- coding: utf-8', '```'] };
		const { prompt, suffix } = hole;
		const body = { model: 'co-clone', prompt, suffix, options, keep_alive: 1800, stream: true };
		assert.match(await (await served.post('/api/generate', body)).text(), /"response":"b".*"done":false[\s\S]*"done":true/);
		assert.match(served.model.questions[0]?.options.prompt ?? '', /return <\|fim_suffix\|>\n\nprint/);
	});

	it('with the marks of the model, as Twinny does', async () => {
		await using served = await Served.start('a + b');
		const prompt = '<|fim_prefix|>def add(a, b):\n    return <|fim_suffix|>\n<|fim_middle|>';
		const options = { temperature: 0.2, num_predict: 512, stop: ['<|endoftext|>'] };
		const response = await served.post('/api/generate', { model: 'co-clone', prompt, stream: true, keep_alive: '5m', options });
		assert.match(await response.text(), /"done":true/);
		assert.match(
			served.model.questions[0]?.options.prompt ?? '',
			/^<\|fim_prefix\|>def add[^<]*return <\|fim_suffix\|>\n<\|fim_middle\|>$/,
		);
	});
});

describe('a client that guesses the marks of the model by its name', () => {
	const asked = '<|fim_prefix|>def add(a, b):\n    return <|fim_suffix|>\nx = 1\n<|fim_middle|>';
	for (const [whose, prompt] of [
		['of CodeLlama, as Twinny does', '<PRE> def add(a, b):\n    return  <SUF> \nx = 1\n <MID>'],
		['of StarCoder, as Continue does', '<fim_prefix>def add(a, b):\n    return <fim_suffix>\nx = 1\n<fim_middle>'],
		['of DeepSeek', '<｜fim▁begin｜>def add(a, b):\n    return <｜fim▁hole｜>\nx = 1\n<｜fim▁end｜>'],
		['of Codestral', '[SUFFIX]\nx = 1\n[PREFIX]def add(a, b):\n    return '],
	] as const) {
		it(`has the hole filled all the same: ${whose}`, async () => {
			await using served = await Served.start('a + b');
			await clientOf(served).generate({ model: 'co-clone', prompt });
			assert.equal(served.model.questions[0]?.options.prompt, asked);
		});
	}

	for (const prompt of ['<PRE> a <SUF> b <SUF> c <MID>', '<PRE> a', 'x = "<fim_prefix>" <fim_suffix> <fim_middle>', '[PREFIX]']) {
		it(`has other texts continued as they are: ${prompt}`, async () => {
			await using served = await Served.start('a + b');
			await clientOf(served).generate({ model: 'co-clone', prompt });
			assert.ok(served.model.questions[0]?.options.prompt.includes(prompt));
		});
	}
});

describe('another Co-Clone', () => {
	for (const [name, how] of [
		['qwen2.5-coder:0.5b', 'puts the marks of a family that it knows into prompts itself'],
		['mine', 'leaves that to the gateway for a family that it does not know'],
	] as const) {
		it(`has the gateway for its Ollama and passes the self-test: it ${how}`, async () => {
			await using served = await Served.start();
			served.model.modelFacts = { ...served.model.modelFacts, name };
			served.model.answer = (prompt) => (prompt.includes('squares') ? '\t64,\n\t81,\n\t100,\n' : 'left + right;');
			const { checks } = await served.withKey(async () => {
				const model = new OllamaModel(() => ({ url: served.url, model: undefined }));
				return selfTest(model, () => performance.now(), new AbortController().signal);
			});
			const failed = checks.filter(({ holds }) => !holds);
			assert.deepEqual(failed, []);
			const prompt = served.model.questions[0]?.options.prompt ?? '';
			assert.match(prompt, /^<\|fim_prefix\|>function add.*return <\|fim_suffix\|>.*<\|fim_middle\|>$/s);
		});
	}
});
