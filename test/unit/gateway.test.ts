import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { ModelError } from '../../src/model/model-error.ts';
import { Served } from '../served.ts';
import { until } from '../until.ts';

const hole = { prompt: 'def add(a, b):\n    return ', suffix: '\n\nprint(add(1, 2))\n', max_tokens: 20 };

const refusals: readonly (readonly [string, (served: Served) => Promise<Response>, number])[] = [
	['who has no token', (served) => served.get('/v1/models', { authorization: '' }), 401],
	['another token', (served) => served.get('/v1/models', { authorization: `Bearer x${served.key}` }), 401],
	['pages of other origins', (served) => served.get('/v1/models', { origin: 'https://evil.example' }), 403],
	['what is not there', (served) => served.get('/v1/nothing'), 404],
	['another method', (served) => served.get('/v1/completions'), 405],
	['what is not JSON', (served) => served.post('/v1/completions', '{'), 400],
	['a prompt that is no text', (served) => served.post('/v1/completions', { prompt: 7 }), 400],
	['what is too deep', (served) => served.post('/v1/completions', `${'['.repeat(40)}${']'.repeat(40)}`), 413],
	['what is too large', (served) => served.post('/v1/completions', { prompt: 'x'.repeat(1_000_001) }), 413],
];

describe('the gateway', () => {
	it('fills a hole, whole: `return |` → `return a + b`', async () => {
		await using served = await Served.start('a + b');
		const response = await served.post('/v1/completions', hole);
		const { choices, usage } = await response.json();
		assert.equal(response.status, 200);
		assert.deepEqual(choices, [{ text: 'a + b', index: 0, logprobs: null, finish_reason: 'stop' }]);
		assert.equal(usage.completion_tokens, 5);
		const [question] = served.model.questions;
		assert.match(question?.options.prompt ?? '', /return <\|fim_suffix\|>\n\nprint\(add\(1, 2\)\)/);
	});

	it('streams each piece as it comes, and the end last', async () => {
		await using served = await Served.start();
		const asking = served.post('/v1/completions', { ...hole, stream: true });
		const question = await asked(served);
		question.say('a');
		const response = await asking;
		const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
		assert.match((await reader?.read())?.value ?? '', /"text":"a"/);
		question.say(' + b');
		assert.match((await reader?.read())?.value ?? '', /"text":" \+ b"/);
		question.end();
		let rest = '';
		for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) rest += next.value;
		assert.match(rest, /"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/);
	});

	it('never ends a stream that failed as if it were whole', async () => {
		await using served = await Served.start();
		const asking = served.post('/v1/completions', { ...hole, stream: true });
		const question = await asked(served);
		question.say('a');
		const response = await asking;
		question.fail(new ModelError('unreachable', 'It went away.'));
		const text = await response.text();
		assert.match(text, /event: error\ndata: {"error":{"message":"The model server cannot be reached. It went away."/);
		assert.doesNotMatch(text, /DONE|finish_reason":"/);
	});

	it('answers with lines of the block: `def add(a, b):|` → its body', async () => {
		await using served = await Served.start('\n    total = a + b\n    return total\n\nprint(add(1, 2))\n');
		const response = await served.post('/', { prompt: 'def add(a, b):', language: 'python' });
		assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
		assert.equal((await response.text()).trimEnd(), '\n    total = a + b\n    return total');
	});

	for (const protocol of ['HTTP/1.1', 'HTTP/2'] as const) {
		it(`stops the model when a client goes away, over ${protocol}`, async () => {
			await using served = await Served.start();
			const leave = protocol === 'HTTP/2' ? overHttp2(served) : overHttp1(served);
			const question = await asked(served);
			question.say('a');
			const at = performance.now();
			leave();
			await until(() => question.isOver);
			assert.ok(performance.now() - at < 50);
			assert.deepEqual(served.faults, []);
		}).retries(2);
	}

	it('keeps an HTTP/2 connection after a stream of it was reset', async () => {
		await using served = await Served.start();
		const session = connect(served.url);
		const first = open(session, served, hole);
		await asked(served);
		first.close(constants.NGHTTP2_CANCEL);
		await once(first, 'close');
		served.model.answer = () => 'a + b';
		const second = open(session, served, hole);
		let text = '';
		for await (const chunk of second.setEncoding('utf8')) text += chunk;
		assert.match(text, /a \+ b/);
		session.close();
	});

	for (const [what, request, status] of refusals) {
		it(`refuses ${what}`, async () => {
			await using served = await Served.start('a + b');
			const response = await request(served);
			assert.equal(response.status, status);
			assert.ok((await response.json()).error.message.length > 10);
			assert.deepEqual(served.model.questions, []);
		});
	}
});

async function asked({ model }: Served) {
	await until(() => model.questions.length > 0);
	const question = model.questions.at(-1);
	assert.ok(question);
	return question;
}

function overHttp1(served: Served): () => void {
	const controller = new AbortController();
	served.post('/v1/completions', { ...hole, stream: true }, controller.signal).catch(() => {});
	return () => controller.abort();
}

function overHttp2(served: Served): () => void {
	const session = connect(served.url);
	const stream = open(session, served, { ...hole, stream: true });
	return () => {
		stream.close(constants.NGHTTP2_CANCEL);
		stream.once('close', () => session.close());
	};
}

function open(session: ReturnType<typeof connect>, served: Served, body: unknown) {
	const stream = session.request({
		':method': 'POST',
		':path': '/v1/completions',
		authorization: `Bearer ${served.key}`,
		'content-type': 'application/json',
	});
	stream.end(JSON.stringify(body));
	return stream;
}
