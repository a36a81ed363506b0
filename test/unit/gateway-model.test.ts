import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { everything } from '../../src/completion/gate.ts';
import { Access } from '../../src/gateway/access/access.ts';
import { Keys } from '../../src/gateway/access/keys.ts';
import { Log } from '../../src/gateway/access/log.ts';
import { listen } from '../../src/gateway/listen.ts';
import { GatewayModel } from '../../src/model/gateway-model.ts';
import type { PromptUse, Usage } from '../../src/model/language-model.ts';
import { ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { delay } from '../../src/std/abortable.ts';
import { answering } from '../answering.ts';
import { certificate } from '../certificate.ts';
import { Served } from '../served.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

const forever = new AbortController().signal;

function modelAt({ url, key }: { readonly url: string; readonly key: string | undefined }): GatewayModel {
	return new GatewayModel(
		() => ({ url, tokens: { get: async () => key, another: async () => assert.fail('the first is good') } }),
		() => performance.now(),
	);
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
	let text = '';
	for await (const piece of pieces) text += piece;
	return text;
}

const options = { prompt: 'x = ', maxTokens: 8, stop: [] };

describe('the model behind a gateway elsewhere', () => {
	it('is put holes as the model there has them', async () => {
		await using served = await Served.start('1');
		using model = modelAt(served);
		const { name, template, contextLength } = await model.facts(forever);
		assert.equal(name, 'scripted');
		assert.equal(contextLength, 4096);
		const own = served.model.modelFacts.template;
		assert.deepEqual(template.render('a $& {after}', 'b', 'c'), own.render('a $& {after}', 'b', 'c'));
		assert.deepEqual(template.specialTokens, own.specialTokens);
	});

	it('streams what it says, with what it used', async () => {
		await using served = await Served.start('1 + 2');
		using model = modelAt(served);
		const heard: (PromptUse | Usage | number)[] = [];
		const note = (value: PromptUse | Usage | number) => heard.push(value);
		assert.equal(await textOf(model.generate({ ...options, onLoaded: note, onEnd: note }, forever)), '1 + 2');
		assert.equal(heard[0], 0);
		assert.equal(served.model.questions[0]?.options.prompt, 'x = ');
	});

	it('is asked once more with another token where one is refused, and not a third time', async () => {
		await using served = await Served.start('1');
		const refused: string[] = [];
		const settings = (next: string) => ({
			url: served.url,
			tokens: {
				get: async () => 'of-a-gateway-before',
				another: async (token: string) => {
					refused.push(token);
					return next;
				},
			},
		});
		using model = new GatewayModel(
			() => settings(served.key),
			() => performance.now(),
		);
		assert.equal((await model.facts(forever)).name, 'scripted');
		assert.equal(await textOf(model.generate(options, forever)), '1');
		using wrong = new GatewayModel(
			() => settings('wrong-as-well'),
			() => performance.now(),
		);
		await assert.rejects(wrong.facts(forever), { code: 'signed-out' });
		assert.deepEqual(
			refused,
			Array.from({ length: 3 }, () => 'of-a-gateway-before'),
		);
	});

	it('completes in an editor: `return |` → `return a + b`', async () => {
		await using served = await Served.start(' a + b');
		using model = modelAt(served);
		const engine = new CompletionEngine({ model, policy: () => everything, now: () => performance.now(), delay });
		const request = { path: 'a.py', languageId: 'python', prefix: 'def add(a, b):\n    return ', suffix: '\n', trigger: 'manual' } as const;
		assert.equal((await engine.complete(request, forever)).completion?.text, 'a + b');
	});

	it('stops when nobody wants the rest, and keeps its connection', async () => {
		await using served = await Served.start();
		using model = modelAt(served);
		const gone = new AbortController();
		const asking = textOf(model.generate(options, gone.signal));
		await until(() => served.model.questions.length === 1);
		served.model.questions[0]?.say('1');
		const at = performance.now();
		gone.abort();
		await assert.rejects(asking);
		await until(() => served.model.questions[0]?.isOver === true);
		assert.ok(performance.now() - at < 50);
		served.model.answer = () => '2';
		assert.equal(await textOf(model.generate(options, forever)), '2');
	}).retries(2);

	for (const [what, fail, code] of [
		[
			'fails before its first token',
			(served: Served) => served.model.questions[0]?.fail(new ModelError('no-memory', 'Too large.')),
			'no-memory',
		],
		[
			'fails in the middle',
			(served: Served) => {
				served.model.questions[0]?.say('1');
				served.model.questions[0]?.fail(new ModelError('unreachable', 'It went away.'));
			},
			'unreachable',
		],
	] as const satisfies readonly (readonly [string, (served: Served) => void, ModelErrorCode])[])
		it(`${what} as if it were here`, async () => {
			await using served = await Served.start();
			using model = modelAt(served);
			const asking = textOf(model.generate(options, forever));
			asking.catch(() => {});
			await until(() => served.model.questions.length === 1);
			fail(served);
			await assert.rejects(asking, (error) => error instanceof ModelError && error.code === code);
		});

	it('says how to sign in where it is let in nowhere', async () => {
		await using served = await Served.start('1');
		using model = modelAt({ url: served.url, key: undefined });
		await assert.rejects(model.facts(forever), (error) => error instanceof ModelError && error.code === 'signed-out');
	});

	it('is told nothing where nobody vouches for who answers (rule 16)', async function () {
		await using folder = await TemporaryFolder.create();
		const files = certificate(folder.path);
		if (!files) return this.skip();
		const [cert, key] = [readFileSync(files.cert, 'utf8'), readFileSync(files.key, 'utf8')];
		const asked: string[] = [];
		const log = new Log('debug', (line) => asked.push(line));
		const access = new Access(new Keys(folder.path), Date.now);
		await using open = await listen(answering('1'), { port: 0, access, tls: { cert, key }, log });
		using model = modelAt({ url: open.url, key: access.localKey });
		await assert.rejects(model.facts(forever), (error) => error instanceof ModelError && error.code === 'unreachable');
		assert.deepEqual(
			asked.filter((line) => JSON.parse(line).event === 'request'),
			[],
		);
	});

	it('says that nobody is there', async () => {
		using model = modelAt({ url: 'http://127.0.0.1:9', key: 'k' });
		await assert.rejects(model.facts(forever), (error) => error instanceof ModelError && error.code === 'unreachable');
	});
});
