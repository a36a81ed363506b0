import assert from 'node:assert/strict';
import { OllamaModel } from '../../src/model/ollama.ts';
import { type SelfTestReport, selfTest } from '../../src/model/self-test.ts';
import { FakeOllama, type Script } from '../fake-ollama.ts';

const never = new AbortController().signal;
const endless = Array(200).fill('1,');
const good = (prompt: string) => (prompt.includes('squares') ? endless : ['left', ' + ', 'right']);

async function check(script: Partial<Script>): Promise<{ report: SelfTestReport; fake: FakeOllama }> {
	await using fake = await FakeOllama.start({ step: 3, ...script });
	const model = new OllamaModel(() => ({ url: fake.url, model: 'qwen2.5-coder:0.5b' }));
	return { report: await selfTest(model, () => performance.now(), never), fake };
}

const verdicts = ({ checks }: SelfTestReport) => checks.map(({ holds }) => holds);

describe('self-test', () => {
	it('a good model passes, and its long answer was really cut short', async () => {
		const { report, fake } = await check({ tokens: good });
		assert.deepEqual(verdicts(report), [true, true, true], JSON.stringify(report.checks));
		assert.equal(report.model, 'qwen2.5-coder:0.5b');
		const long = fake.generated.find(({ body }) => (body['options'] as Record<string, unknown>)['num_predict'] === 200);
		assert.ok(long?.closedAt && long.tokensSent < 10, `${long?.tokensSent} tokens sent`);
	});

	it('one that answers something else fails the first check', async () => {
		const { report } = await check({ tokens: (prompt) => (prompt.includes('squares') ? endless : ['I', ' think']) });
		assert.deepEqual(verdicts(report), [false, true, true]);
	});

	it('one that leaks its special tokens fails the second', async () => {
		const { report } = await check({ tokens: (prompt) => (prompt.includes('squares') ? endless : ['left + right', '<|fim_pad|>']) });
		assert.deepEqual(verdicts(report), [true, false, true]);
	});

	it('a server that goes on with what nobody waits for fails the third', async () => {
		let busyUntil = 0;
		await using fake = await FakeOllama.start({ step: 1, tokens: good });
		// A long answer keeps this server busy to its end, whoever left; the next request waits for that.
		fake.script.delayFor = (body) => {
			const wait = Math.max(0, busyUntil - performance.now());
			if ((body['options'] as Record<string, unknown>)['num_predict'] === 200) busyUntil = performance.now() + 1500;
			return wait;
		};
		const model = new OllamaModel(() => ({ url: fake.url, model: 'qwen2.5-coder:0.5b' }));
		assert.deepEqual(verdicts(await selfTest(model, () => performance.now(), never)), [true, true, false]);
	});
});
