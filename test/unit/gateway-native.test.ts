import assert from 'node:assert/strict';
import { fimTemplate } from '../../src/model/fim.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { Served } from '../served.ts';

/** The space before the cursor is the model's to say, because it belongs to the token that comes. */
const said = ' a + b';
const place = { path: 'add.py', languageId: 'python', prefix: 'def add(a, b):\n    return ', suffix: '\n' };
/** Where several lines are wanted, of a model that takes its time for each. */
const block = { path: 'f.ts', languageId: 'typescript', prefix: 'f() {\n\t', suffix: '\n}' };
const unhurried = { stepMs: 10, prefillTokensPerSecond: 1000 };

/** The events of a response as they come: name and data. */
async function* eventsOf(response: Response): AsyncGenerator<readonly [name: string, data: ReturnType<typeof JSON.parse>]> {
	let text = '';
	for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
		text += chunk;
		for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
			const [, name = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
			text = text.slice(end + 2);
			yield [name, JSON.parse(data)];
		}
	}
}

async function all(response: Response) {
	const events = [];
	for await (const event of eventsOf(response)) events.push(event);
	return events;
}

describe('POST /co-clone/complete', () => {
	it('completes at a cursor, with what it took: `return |` → `return a + b`', async () => {
		await using served = await Served.start(said);
		const [completion, end, ...more] = await all(await served.post('/co-clone/complete', place));
		assert.deepEqual(completion, ['completion', { text: 'a + b', replaces: 0, isGrowing: false }]);
		assert.equal(end?.[0], 'end');
		assert.equal(end?.[1].model, 'scripted');
		assert.ok(end?.[1].timings.totalMs >= 0);
		assert.deepEqual(more, []);
	});

	it('has the first line as soon as it is whole, and then all of it', async () => {
		await using served = await Served.start();
		served.model.modelFacts = { ...served.model.modelFacts, speed: unhurried };
		const asking = served.post('/co-clone/complete', block);
		const question = await served.model.asked(0);
		question.say('\ta();\n', '\tb');
		const events = eventsOf(await asking);
		assert.deepEqual((await events.next()).value, ['completion', { text: 'a();', replaces: 0, isGrowing: true }]);
		question.say('();\n', '}');
		question.end();
		assert.deepEqual((await events.next()).value, ['completion', { text: 'a();\n\tb();', replaces: 0, isGrowing: false }]);
		assert.equal((await events.next()).value?.[0], 'end');
	});

	it('answers at once who does not want events', async () => {
		await using served = await Served.start(said);
		const { text, replaces, model } = await (await served.post('/co-clone/complete', { ...place, stream: false })).json();
		assert.deepEqual({ text, replaces, model }, { text: 'a + b', replaces: 0, model: 'scripted' });
	});

	it('says why there is nothing', async () => {
		await using served = await Served.start();
		served.model.answer = () => new ModelError('unreachable', 'It is down.');
		const [nothing, end] = await all(await served.post('/co-clone/complete', place));
		assert.deepEqual([nothing?.[0], nothing?.[1].reason, end?.[0]], ['nothing', 'unreachable', 'end']);
		const [secret] = await all(await served.post('/co-clone/complete', { ...place, path: '.env' }));
		assert.deepEqual(secret?.[1].message, 'Files that may hold secrets are never sent to a model.');
	});

	it('leaves a request of the same session that is out of date, and no other', async () => {
		await using served = await Served.start();
		const older = served.post('/co-clone/complete', { ...place, session: 'a' });
		(await served.model.asked(0)).say(' a');
		served.model.answer = (prompt) => (prompt.includes('return') ? said : ' 1');
		const newer = served.post('/co-clone/complete', { ...place, prefix: 'x = ', session: 'a' });
		const other = served.post('/co-clone/complete', { ...place, session: 'b' });
		assert.equal((await all(await older))[0]?.[1].reason, 'superseded');
		assert.equal((await all(await newer))[0]?.[1].text, '1');
		assert.equal((await all(await other))[0]?.[1].text, 'a + b');
	});

	it('takes code from elsewhere along', async () => {
		await using served = await Served.start(' sub(a, b)');
		const context = [{ path: 'sub.py', text: 'def sub(a, b): ...' }];
		await (await served.post('/co-clone/complete', { ...place, trigger: 'manual', context })).text();
		assert.match(served.model.questions[0]?.options.prompt ?? '', /sub\.py\ndef sub/);
	});

	it('has it in front of what is typed as long as that goes on, and says what the model was shown', async () => {
		await using served = await Served.start(' sub(a, b)');
		const context = [{ path: 'sub.py', text: 'def sub(a, b): ...', startLine: 7 }];
		const first = await all(await served.post('/co-clone/complete', { ...place, context }));
		assert.deepEqual(first.at(-1)?.[1].context, [{ path: 'sub.py', startLine: 7, endLine: 7 }]);
		await (await served.post('/co-clone/complete', { ...place, prefix: `${place.prefix}x * `, context: [...context] })).text();
		const [before = '', after = ''] = served.model.questions.map(({ options }) => options.prompt);
		assert.match(before, /sub\.py\ndef sub/);
		assert.ok(after.startsWith(before), after);
	});

	it('takes it up while nobody types, where a prompt without it was asked before', async () => {
		await using served = await Served.start(' sub(a, b)');
		await (await served.post('/co-clone/complete', place)).text();
		const context = [{ path: 'sub.py', text: 'def sub(a, b): ...' }];
		await (await served.post('/co-clone/complete', { ...place, prefix: `${place.prefix}x * `, context })).text();
		assert.doesNotMatch(served.model.questions[1]?.options.prompt ?? '', /sub\.py/);
		assert.match((await served.model.asked(2)).options.prompt, /sub\.py\ndef sub/);
	});

	for (const when of ['before the first line', 'while the rest is still coming'] as const) {
		it(`stops the model when its client goes away ${when}`, async () => {
			await using served = await Served.start();
			served.model.modelFacts = { ...served.model.modelFacts, speed: unhurried };
			const gone = new AbortController();
			const asking = served.post('/co-clone/complete', block, gone.signal).catch(() => undefined);
			const question = await served.model.asked(0);
			if (when !== 'before the first line') {
				question.say('\ta();\n', '\tb');
				await asking;
			}
			const at = performance.now();
			gone.abort();
			await question.over();
			assert.ok(performance.now() - at < 200);
			assert.deepEqual(served.faults, []);
		});
	}

	for (const [fields, message] of [
		[{ prefix: undefined }, 'Send “prefix”, a text.'],
		[{ trigger: 'always' }, '“trigger” must be “automatic” or “manual”.'],
		[{ context: 'sub.py' }, '“context” must be a list of objects.'],
		[{ variant: -1 }, '“variant” must be a whole number from 0 to 1000.'],
		[{ session: 'x'.repeat(101) }, '“session” must have 100 characters at most.'],
	] as const) {
		it(`refuses ${JSON.stringify(fields).slice(0, 40)}`, async () => {
			await using served = await Served.start(said);
			const response = await served.post('/co-clone/complete', { ...place, ...fields });
			assert.equal(response.status, 400);
			assert.deepEqual(await response.json(), { error: { code: 'invalid-request', message } });
		});
	}
});

describe('a model at the other end of a gateway', () => {
	it('says what it is, and how it is asked for a hole', async () => {
		await using served = await Served.start();
		const { template, ...facts } = await (await served.get('/co-clone/facts')).json();
		const known = fimTemplate({ name: 'qwen2.5-coder', canInsert: false });
		assert.deepEqual(facts, {
			name: 'scripted',
			contextLength: 4096,
			canConstrain: false,
			speed: { stepMs: 5, prefillTokensPerSecond: 1000 },
		});
		assert.equal(template.prompt, known?.render('{before}', '{after}', '{typed}').prompt);
		assert.deepEqual(template.specialTokens, known?.specialTokens);
	});

	it('continues a prompt, piece by piece, and says what it used', async () => {
		await using served = await Served.start();
		served.model.answer = (_, { onRead, onEnd }) => {
			onRead?.({ tokens: 7, cached: 5 });
			onEnd?.({ promptTokens: 7, completionTokens: 2 });
			return 'ab';
		};
		const options = { prompt: '<|fim_prefix|>x', maxTokens: 8, stop: ['\n'], sampling: { temperature: 0.8, seed: 3 } };
		const events = await all(await served.post('/co-clone/generate', options));
		assert.deepEqual(events, [
			['loaded', { ms: 0 }],
			['read', { tokens: 7, cached: 5 }],
			['piece', { text: 'a' }],
			['piece', { text: 'b' }],
			['end', { usage: { promptTokens: 7, completionTokens: 2 } }],
		]);
		const { prompt, maxTokens, stop, sampling } = served.model.questions[0]?.options ?? {};
		assert.deepEqual({ prompt, maxTokens, stop, sampling }, options);
	});
});
