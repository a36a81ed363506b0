import assert from 'node:assert/strict';
import { OllamaModel } from '../../src/model/ollama.ts';
import { type SelfTestReport, selfTest } from '../../src/model/self-test.ts';
import { FakeOllama, type Script } from '../fake-ollama.ts';
import { ScriptedModel } from '../scripted-model.ts';

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

	for (const [what, waitMs] of [
		['a server that goes on with what nobody waits for fails', 1500],
		['one that is free at once passes', 0],
	] as const) {
		it(`${what} the third`, async () => {
			const model = new ScriptedModel();
			// Every token takes 10 ms of this clock; the second question with the long answer waits for the rest of the first.
			let [time, asked] = [0, 0];
			model.answer = (prompt) => {
				if (prompt.includes('squares') && asked++ > 0) time += waitMs;
				return good(prompt).join('');
			};
			const clock = () => {
				time += 10;
				return time;
			};
			assert.deepEqual(verdicts(await selfTest(model, clock, never)), [true, true, waitMs === 0]);
		});
	}
});
