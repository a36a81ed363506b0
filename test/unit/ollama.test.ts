import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { GenerateOptions } from '../../src/model/language-model.ts';
import { ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { type OllamaLimits, OllamaModel } from '../../src/model/ollama.ts';
import { ask } from '../../src/model/ollama-client.ts';
import { expire } from '../../src/model/ollama-models.ts';
import { FakeOllama, type Script } from '../fake-ollama.ts';

const options: GenerateOptions = { prompt: 'P', maxTokens: 8, stop: ['<|endoftext|>'] };
const never = new AbortController().signal;

function modelAt(url: string, limits?: Partial<OllamaLimits>, model: string | undefined = 'qwen2.5-coder:0.5b') {
	return new OllamaModel(() => ({ url, model }), limits);
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
	let text = '';
	for await (const piece of pieces) text += piece;
	return text;
}

describe('OllamaModel', () => {
	it('streams a raw prompt, with exactly the context length that is loaded', async () => {
		await using fake = await FakeOllama.start({ tokens: () => ['a', ' + ', 'b'], contextLength: 8192 });
		let usage: unknown;
		const text = await textOf(modelAt(fake.url).generate({ ...options, onEnd: (used) => (usage = used) }, never));
		assert.equal(text, 'a + b');
		assert.deepEqual(usage, { promptTokens: 7, completionTokens: 3 });
		const body = fake.generated[0]?.body;
		assert.equal(body?.['raw'], true);
		assert.equal(body?.['truncate'], false);
		assert.deepEqual(body?.['options'], { num_predict: 8, temperature: 0, stop: ['<|endoftext|>'], num_ctx: 8192 });
	});

	it('draws tokens when it is told to, by the seed', async () => {
		await using fake = await FakeOllama.start();
		await textOf(modelAt(fake.url).generate({ ...options, sampling: { temperature: 0.8, seed: 3 } }, never));
		const { temperature, seed } = (fake.generated[0]?.body['options'] ?? {}) as Record<string, unknown>;
		assert.deepEqual({ temperature, seed }, { temperature: 0.8, seed: 3 });
	});

	it('sends no context length when the server does not say what it loaded', async () => {
		await using fake = await FakeOllama.start({ contextLength: undefined });
		await textOf(modelAt(fake.url).generate(options, never));
		assert.deepEqual(Object.keys(fake.generated[0]?.body['options'] ?? {}).sort(), ['num_predict', 'stop', 'temperature']);
	});

	it('never asks for an endless answer, nor sends more than four stops', async () => {
		await using fake = await FakeOllama.start();
		await textOf(modelAt(fake.url).generate({ ...options, maxTokens: 0, stop: ['1', '2', '3', '4', '5'] }, never));
		const sent = fake.generated[0]?.body['options'] as Record<string, unknown>;
		assert.equal(sent['num_predict'], 1);
		assert.deepEqual(sent['stop'], ['1', '2', '3', '4']);
	});

	it('loads a model that is not in memory, and lets it load when the caller gives up', async () => {
		await using fake = await FakeOllama.start({ isLoaded: false });
		const model = modelAt(fake.url);
		const caller = new AbortController();
		const first = textOf(model.generate(options, caller.signal));
		caller.abort();
		await assert.rejects(first);
		await textOf(model.generate(options, never));
		const loads = fake.seen.filter(({ path, body }) => path === '/api/generate' && body['prompt'] === '');
		assert.ok(loads.length >= 1 && loads.every(({ isFinished }) => isFinished));
	});

	it('says how long a request waited for its model, also one that gave up', async () => {
		await using fake = await FakeOllama.start({ isLoaded: false, loading: 300 });
		const model = modelAt(fake.url);
		const waits: number[] = [];
		const ask = (signal: AbortSignal) => textOf(model.generate({ ...options, onLoaded: (ms) => waits.push(ms) }, signal));
		await assert.rejects(ask(AbortSignal.timeout(100)));
		await ask(never);
		await ask(never);
		const [gaveUp = 0, waited = 0, found = Number.NaN] = waits;
		assert.equal(waits.length, 3);
		assert.ok(gaveUp >= 50 && waited >= 50 && gaveUp + waited >= 280, `${gaveUp} ms, ${waited} ms`);
		assert.ok(found < waited, `${found} ms, although it was there`);
	});

	it('leaves the choice among installed models to nobody but those that can fill holes', async () => {
		await using fake = await FakeOllama.start({
			models: [{ name: 'llama3:8b' }, { name: 'starcoder2:3b' }, { name: 'deepseek-coder:1.3b-base' }],
		});
		assert.equal((await new OllamaModel(() => ({ url: fake.url, model: undefined })).facts(never)).name, 'deepseek-coder:1.3b-base');
	});

	it('never has two requests at one server', async () => {
		await using fake = await FakeOllama.start({ tokens: () => ['a', 'b'], step: 2, prefill: 2 });
		const model = modelAt(fake.url);
		await Promise.all(Array.from({ length: 10 }, () => textOf(model.generate(options, never))));
		assert.equal(fake.mostAtOnce, 1);
	});

	it('learns how fast the model is', async () => {
		await using fake = await FakeOllama.start({ tokens: () => ['a', 'b', 'c', 'd'], step: 10, prefill: 100 });
		const model = modelAt(fake.url);
		await textOf(model.generate({ ...options, prompt: 'x'.repeat(600) }, never));
		const { stepMs, prefillTokensPerSecond } = (await model.facts(never)).speed;
		assert.ok(stepMs && stepMs > 5 && stepMs < 200, `${stepMs} ms per token`);
		assert.ok(prefillTokensPerSecond && prefillTokensPerSecond > 50 && prefillTokensPerSecond < 2500, `${prefillTokensPerSecond} tokens/s`);
	});

	describe('when something is wrong', () => {
		const answer = (status: number, type: string, body: string) => (_: IncomingMessage, response: ServerResponse) => {
			response.writeHead(status, { 'content-type': type }).end(body);
		};
		const cutOff =
			(...chunks: Buffer[]) =>
			(request: IncomingMessage, response: ServerResponse) => {
				if (request.url !== '/api/generate')
					return answer(200, 'application/json', '{"models":[{"name":"qwen2.5-coder:0.5b"}]}')(request, response);
				response.writeHead(200, { 'content-type': 'application/x-ndjson' });
				for (const chunk of chunks) response.write(chunk);
				setTimeout(() => response.destroy(), 10);
			};
		const inMiddleOfCharacter = Buffer.from('{"response":"a"}\n{"response":"ä"}').subarray(0, -3);
		const faults: [what: string, code: ModelErrorCode, message: RegExp, fault: Script['fault']][] = [
			['HTML instead of JSON', 'bad-response', /not as Ollama does/, answer(200, 'text/html', '<html>')],
			['404 that is no JSON', 'bad-response', /status 404/, answer(404, 'text/plain', '404 page not found')],
			['500', 'bad-response', /status 500: out of memory/, answer(500, 'application/json', '{"error":"out of memory"}')],
			['503', 'overloaded', /busy/, answer(503, 'application/json', '{"error":"server busy"}')],
			['a stream that breaks off', 'bad-response', /broke off/, cutOff(Buffer.from('{"response":"a"}\n'))],
			['a stream that breaks off in a character', 'bad-response', /broke off/, cutOff(inMiddleOfCharacter)],
			['an error in a stream', 'bad-response', /CUDA/, cutOff(Buffer.from('{"response":"a"}\n{"error":"CUDA error"}\n'))],
			['a server that never answers', 'stalled', /sent nothing/, () => {}],
		];
		for (const [what, code, message, fault] of faults) {
			it(`${what} → ${code}`, async () => {
				await using fake = await FakeOllama.start({ fault });
				const ms = code === 'stalled' ? 100 : 5000;
				await fails(modelAt(fake.url, { answer: ms, stall: ms }), code, message);
			});
		}

		it('a server that goes silent in the middle → stalled', async () => {
			await using fake = await FakeOllama.start({ tokens: () => ['a', 'b'], step: 10_000 });
			await fails(modelAt(fake.url, { stall: 100 }), 'stalled', /sent nothing/);
			assert.ok(await closed(fake));
		});

		it('a server that is down → unreachable', async () => {
			const fake = await FakeOllama.start();
			const { url } = fake;
			await fake[Symbol.asyncDispose]();
			await fails(modelAt(url), 'unreachable', /No model server answers at/);
		});

		it('something that is no address → unreachable', () => fails(modelAt('not a url'), 'unreachable', /not the address/));

		it('a model that is not there → model-missing', async () => {
			await using fake = await FakeOllama.start();
			await fails(modelAt(fake.url, {}, 'nope'), 'model-missing', /'nope' not found/);
		});

		it('a model without fill-in-the-middle → no-infill', async () => {
			await using fake = await FakeOllama.start({ models: [{ name: 'llama3' }] });
			await assert.rejects(modelAt(fake.url, {}, 'llama3').facts(never), { code: 'no-infill' });
			await assert.rejects(new OllamaModel(() => ({ url: fake.url, model: undefined })).facts(never), { code: 'no-infill' });
		});

		it('no model at all → model-missing', async () => {
			await using fake = await FakeOllama.start({ models: [], isLoaded: false });
			await assert.rejects(new OllamaModel(() => ({ url: fake.url, model: undefined })).facts(never), { code: 'model-missing' });
		});

		it('works again as soon as the server does', async () => {
			await using fake = await FakeOllama.start({ fault: answer(500, 'application/json', '{}') });
			const model = modelAt(fake.url);
			await fails(model, 'bad-response', /./);
			fake.script.fault = undefined;
			assert.equal(await textOf(model.generate(options, never)), 'answer');
		});
	});

	describe('a server that gets stuck when it is left', () => {
		it('is told to load the model anew, and answers', async () => {
			await using fake = await FakeOllama.start({ tokens: () => ['a', 'b', 'c'], step: 5, getsStuck: true });
			const model = modelAt(fake.url, { stuck: 50 });
			await textOf(model.generate(options, never));
			await leave(fake, model);
			assert.equal(await textOf(model.generate(options, never)), 'abc');
			assert.deepEqual(
				fake.seen.filter(({ body }) => body['prompt'] === '').map(({ body }) => body['keep_alive']),
				[0, undefined],
			);
		});

		it('answers every window again, though all of them waited for it', async () => {
			await using fake = await FakeOllama.start({ tokens: () => ['a', 'b', 'c'], step: 5, getsStuck: true });
			await leave(fake, modelAt(fake.url));
			const windows = [100, 200, 300].map((stuck) => modelAt(fake.url, { stuck, stall: 2000 }));
			const answers = await Promise.all(windows.map((model) => textOf(model.generate(options, never))));
			assert.deepEqual(answers, ['abc', 'abc', 'abc']);
		});

		it('is known to be leaving when another window told it to, while our answer is on its way', async () => {
			const told = (_: unknown, response: ServerResponse) => {
				const answer = JSON.stringify({ created_at: new Date().toISOString(), done: true });
				setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(answer), 50);
			};
			await using fake = await FakeOllama.start({ fault: told });
			const isLeaving = await ask({ url: fake.url }, 5000, never, (client) => expire(client, 'm'));
			const now = Date.now();
			const leaving = [now - 1, now + 300_000].map((expiresAt) => isLeaving({ name: 'm', contextLength: undefined, expiresAt }));
			assert.deepEqual(leaving, [true, false]);
		});

		it('is noticed by somebody who goes on typing, too', async () => {
			const prompt = 'x'.repeat(300);
			await using fake = await FakeOllama.start({ tokens: () => ['a', 'b', 'c'], step: 5, getsStuck: true });
			const model = modelAt(fake.url, { stuck: 200 });
			await textOf(model.generate({ ...options, prompt }, never));
			await leave(fake, model, prompt);
			let answered = 0;
			for (let key = 1; key <= 40 && answered === 0; key++) {
				await textOf(model.generate({ ...options, prompt }, AbortSignal.timeout(40))).then(
					() => (answered = key),
					() => {},
				);
			}
			assert.ok(answered > 5, `answered at key ${answered}`);
		});

		it('is not left when the end of its answer is on its way', async () => {
			await using fake = await FakeOllama.start({ tokens: () => ['a'], step: 20, getsStuck: true });
			const model = modelAt(fake.url, { stuck: 50 });
			for (let i = 0; i < 3; i++) for await (const _ of model.generate({ ...options, maxTokens: 1 }, never)) break;
			assert.ok(fake.generated.every(({ isFinished }) => isFinished));
		});

		it('is not left right behind a piece, which may have been the last', async () => {
			await using fake = await FakeOllama.start({ tokens: () => ['a', 'b;'], step: 30, endAfter: 3, getsStuck: true });
			const model = modelAt(fake.url);
			for (let i = 0; i < 5; i++) for await (const piece of model.generate(options, never)) if (piece === 'b;') break;
			for (let i = 0; i < 5; i++) {
				const caller = new AbortController();
				const answer = model.generate(options, caller.signal);
				const reading = (async () => {
					for await (const piece of answer) if (piece === 'b;') setImmediate(() => caller.abort());
				})();
				await reading.catch(() => {});
			}
			assert.equal(fake.generated.length, 10);
			assert.ok(fake.generated.every(({ isFinished }) => isFinished));
		});

		it('nothing is loaded anew for a server that is only slow', async () => {
			await using fake = await FakeOllama.start({ tokens: () => ['a'], prefill: 150 });
			const model = modelAt(fake.url, { stuck: 400 });
			assert.equal(await textOf(model.generate(options, never)), 'a');
			assert.equal(fake.seen.filter(({ body }) => body['prompt'] === '').length, 0);
		});
	});

	describe('abort', () => {
		const phases: [phase: string, script: Partial<Script>, isThere: (fake: FakeOllama) => boolean][] = [
			['before the headers', { headersAfter: 5000 }, (fake) => fake.generated.length === 1],
			['while the prompt is evaluated', { prefill: 5000 }, (fake) => fake.generated.length === 1],
			['while it generates', { tokens: () => Array(1000).fill('x'), step: 5 }, (fake) => (fake.generated[0]?.tokensSent ?? 0) > 3],
		];
		for (const [phase, script, isThere] of phases) {
			it(`closes the connection ${phase}`, async () => {
				const times: number[] = [];
				while (times.length < 5) times.push(await abortedAfter(script, isThere));
				times.sort((x, y) => x - y);
				console.log(`        server sees the connection closed after ${times.map((time) => time.toFixed(1)).join(', ')} ms`);
				assert.ok((times[2] ?? Number.NaN) <= 20, 'the median');
			});
		}

		it('ending the iteration closes the connection too', async () => {
			await using fake = await FakeOllama.start({ tokens: () => Array(1000).fill('x'), step: 5 });
			for await (const _ of modelAt(fake.url).generate({ ...options, maxTokens: 1000 }, never)) break;
			await closed(fake);
			assert.ok((fake.generated[0]?.tokensSent ?? 99) <= 3);
		});

		it('a thousand cancelled requests leave nothing behind', async function () {
			this.timeout(10_000);
			await using fake = await FakeOllama.start({ tokens: () => ['x', 'y'], prefill: 50 });
			const rejections: unknown[] = [];
			const note = (reason: unknown) => rejections.push(reason);
			process.on('unhandledRejection', note);
			const warnings: string[] = [];
			const warn = (warning: Error) => warnings.push(warning.message);
			process.on('warning', warn);
			try {
				const model = modelAt(fake.url);
				await model.facts(never);
				for (let i = 0; i < 1000; i++) {
					const caller = new AbortController();
					const text = textOf(model.generate(options, caller.signal));
					if (i % 4 === 1) await delay(1);
					else if (i % 4 === 2) await Promise.resolve();
					caller.abort();
					await assert.rejects(text);
				}
				assert.equal(await textOf(model.generate(options, never)), 'xy');
				await delay(50);
			} finally {
				process.off('unhandledRejection', note);
				process.off('warning', warn);
			}
			const handles = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
			console.log(`        ${fake.generated.length} reached the server; ${fake.connections} connections and ${handles} timers left`);
			assert.deepEqual(rejections, []);
			assert.deepEqual(warnings, []);
			assert.equal(fake.seen.filter(({ isFinished, closedAt }) => !isFinished && closedAt === undefined).length, 0, 'requests still open');
			// Idle ones are kept for the next question.
			assert.ok(fake.connections <= 10);
		});
	});
});

/** Milliseconds from the abort of a request to the server's seeing it. */
async function abortedAfter(script: Partial<Script>, isThere: (fake: FakeOllama) => boolean): Promise<number> {
	await using fake = await FakeOllama.start(script);
	const caller = new AbortController();
	const text = textOf(modelAt(fake.url).generate({ ...options, maxTokens: 1000 }, caller.signal));
	text.catch(() => {});
	while (!isThere(fake)) await delay(1);
	const abortedAt = performance.now();
	caller.abort();
	await assert.rejects(text, { name: 'AbortError' });
	return (await closed(fake)) - abortedAt;
}

async function fails(model: OllamaModel, code: ModelErrorCode, message: RegExp): Promise<void> {
	await assert.rejects(textOf(model.generate(options, never)), (error) => {
		assert.ok(error instanceof ModelError, String(error));
		assert.equal(error.code, code, error.message);
		assert.match(error.message, message);
		return true;
	});
}

/** Leaves it in the middle of an answer, which is slow enough to have one also on a busy machine. */
async function leave(fake: FakeOllama, model: OllamaModel, prompt = options.prompt): Promise<void> {
	const { step } = fake.script;
	fake.script.step = 30;
	for await (const _ of model.generate({ ...options, prompt }, never)) break;
	await closed(fake);
	fake.script.step = step;
}

/** When the server saw the connection of its last request for text closed. */
async function closed(fake: FakeOllama): Promise<number> {
	for (let i = 0; i < 200; i++) {
		const at = fake.generated.at(-1)?.closedAt;
		if (at !== undefined) return at;
		await delay(1);
	}
	throw new Error('The connection stays open.');
}
