import assert from 'node:assert/strict';
import { ModelError } from '../../src/model/model-error.ts';
import { type Chat, EditorChat } from '../../src/vscode/signatures/editor-chat.ts';

const forever = new AbortController().signal;
const options = { maxTokens: 32, stop: [] };

/** A chat model that says the same to everything, and what it was asked. */
function chatSaying(...pieces: string[]) {
	const asked: string[] = [];
	const chat: Chat = {
		name: 'chat',
		maxInputTokens: 8000,
		async *ask(message, signal) {
			asked.push(message);
			for (const piece of pieces) {
				signal.throwIfAborted();
				yield piece;
			}
		},
	};
	return { asked, model: new EditorChat(async () => chat) };
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
	let text = '';
	for await (const piece of pieces) text += piece;
	return text;
}

describe('a chat model of the editor', () => {
	it('is asked for the expression in the place of a hole', async () => {
		const { asked, model } = chatSaying('la', 'bel');
		const { template } = await model.facts();
		const { prompt } = template.render('draw(', ', 3);', '/* title */ ');
		assert.equal(await textOf(model.generate({ ...options, prompt }, forever)), 'label');
		assert.match(asked[0] ?? '', /Answer with the expression alone[\s\S]*draw\(\/\* title \*\/ <VALUE>, 3\);$/);
	});

	for (const [said, taken] of [
		['```ts\nlabel\n```', 'label'],
		['label', 'label'],
		['`label`', '`label`'],
	] as const)
		it(`is taken at its word, without a fence: ${JSON.stringify(said)} → ${taken}`, async () => {
			const { model } = chatSaying(said);
			assert.equal(await textOf(model.generate({ ...options, prompt: 'x' }, forever)), taken);
		});

	it('is missing where the editor offers none', async () => {
		const model = new EditorChat(async () => undefined);
		await assert.rejects(model.facts(), (error) => error instanceof ModelError && error.code === 'model-missing');
	});

	it('stops when nobody waits any more', async () => {
		const { model } = chatSaying('label');
		await assert.rejects(textOf(model.generate({ ...options, prompt: 'x' }, AbortSignal.abort())));
	});

	it('finds none in an editor without any, and says so', async () => {
		await assert.rejects(new EditorChat().facts(), (error) => error instanceof ModelError && /offers no chat model/.test(error.message));
	});
});
