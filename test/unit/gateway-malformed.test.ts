import assert from 'node:assert/strict';
import { attack } from '../malformed.ts';
import { Served } from '../served.ts';

/** `npm run bench -- gateway` sends twenty times as many. */
const count = 500;
const calls = { most: 1e9, perSecond: 0 };

describe('rule 23: malformed requests', () => {
	it(`are answered or refused, ${count} of any kind, and the gateway goes on`, async function () {
		this.timeout(20_000);
		await using served = await Served.start('a + b', { limits: { calls, headersMs: 100, bodyMs: 100, idleMs: 100, stallMs: 100 } });
		const { sent, bad, answers } = await attack(served, count, 1);
		assert.deepEqual(bad, []);
		assert.deepEqual(served.faults, []);
		assert.equal(sent, count);
		assert.ok((answers['200'] ?? 0) > 0 && (answers['400'] ?? 0) > 0, JSON.stringify(answers));
		assert.equal((await served.get('/healthz')).status, 200);
		assert.ok(served.model.questions.every(({ isOver }) => isOver));
	});
});
