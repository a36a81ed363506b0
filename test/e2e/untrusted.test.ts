import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeOllama } from '../fake-ollama.ts';
import { EditorPage, environment } from './editor-page.ts';

describe('a workspace that is not trusted', () => {
	it('has nothing sent to the model, and the status says why', async () => {
		await using fake = await FakeOllama.start({}, Number(environment('E2E_UNTRUSTED_MODEL_PORT')));
		const editor = await EditorPage.open('untrusted', { 'add.ts': 'export const sum = |' }, environment('E2E_UNTRUSTED_EDITOR_URL'));
		try {
			await editor.openFile('add.ts');
			await editor.type('1 + ');
			await delay(1500);
			await editor.picture('restricted');
			assert.equal(await editor.ghost(), undefined);
			assert.match(await editor.status(), /not trusted/);
			assert.deepEqual(await editor.walkthrough(), [], 'nobody was asked for a model, so nobody knows that there is none');
			assert.deepEqual(fake.seen, []);
		} finally {
			await editor.close();
		}
	});
});
