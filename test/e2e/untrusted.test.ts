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
			const gateway = `http://127.0.0.1:${environment('E2E_UNTRUSTED_GATEWAY_PORT')}/healthz`;
			await assert.rejects(fetch(gateway), 'rule 21: other programs are not answered either, though it is switched on');
		} finally {
			await editor.close();
		}
	});
});
