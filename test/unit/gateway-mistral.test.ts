import assert from 'node:assert/strict';
import { Mistral } from '@mistralai/mistralai';
import { ModelError } from '../../src/model/model-error.ts';
import { Served } from '../served.ts';

const model = 'co-clone';
const hole = { model, prompt: 'def add(a, b):\n    return ', suffix: '\n\nprint(add(1, 2))\n', maxTokens: 20 };

function clientOf({ url, key }: Served, apiKey = key): Mistral {
	return new Mistral({ serverURL: url, apiKey, retryConfig: { strategy: 'none' } });
}

async function textOf(stream: AsyncIterable<{ data: { choices: { delta: { content?: unknown } }[] } }>): Promise<string> {
	let text = '';
	for await (const { data } of stream) text += data.choices[0]?.delta.content ?? '';
	return text;
}

describe('the package of Mistral', () => {
	it('fills a hole: `return |` → `return a + b`', async () => {
		await using served = await Served.start('a + b');
		const { choices, usage } = await clientOf(served).fim.complete(hole);
		assert.equal(choices?.[0]?.message?.content, 'a + b');
		assert.equal(choices?.[0]?.finishReason, 'stop');
		assert.equal(usage.completionTokens, 5);
		assert.match(served.model.questions[0]?.options.prompt ?? '', /return <\|fim_suffix\|>\n\nprint\(add/);
	});

	it('sees pieces as they come', async () => {
		await using served = await Served.start('a+b');
		assert.equal(await textOf(await clientOf(served).fim.stream(hole)), 'a+b');
	});

	it('is told who it is not', async () => {
		await using served = await Served.start('a + b');
		await assert.rejects(clientOf(served, 'nobody').fim.complete(hole), { statusCode: 401 });
	});

	it('does not take for whole what broke off', async () => {
		await using served = await Served.start();
		const asking = clientOf(served).fim.stream(hole).then(textOf);
		asking.catch(() => {});
		const question = await served.model.asked(0);
		question.say('a');
		question.fail(new ModelError('unreachable', 'It went away.'));
		await assert.rejects(asking);
	});
});
