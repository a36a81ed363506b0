import assert from 'node:assert/strict';
import { Speedometer } from '../../src/model/speed.ts';

describe('the speed of a model', () => {
	let now = 0;
	let speedometer = new Speedometer();

	beforeEach(() => {
		now = 0;
		speedometer = new Speedometer();
	});

	/** One request: so long until its first piece and between the others. Without pieces: somebody left before the first. */
	function answer(prompt: string, firstMs: number, pieces = 1, stepMs = 0): void {
		const arrived = speedometer.start(prompt, () => now);
		for (let piece = 0; piece < pieces; piece++) {
			now += piece === 0 ? firstMs : stepMs;
			arrived();
		}
	}

	const code = (length: number) => 'x'.repeat(length);

	it('comes from what is new of a prompt, and from the time between two pieces', () => {
		answer(code(600), 2000, 3, 40);
		assert.deepEqual(speedometer.speed, { prefillTokensPerSecond: 100, stepMs: 40 });
		assert.equal(speedometer.evaluationMs(code(900)), 3000);
	});

	it('says nothing of a prompt that is mostly evaluated already', () => {
		answer(code(600), 2000);
		answer(code(660), 50);
		assert.equal(speedometer.speed.prefillTokensPerSecond, 100);
	});

	it('is not learnt after a request that was left while its prompt was evaluated: nobody knows how far that came', () => {
		answer(code(600), 2000);
		answer(code(1800), 0, 0);
		answer(code(1830), 10);
		assert.equal(speedometer.speed.prefillTokensPerSecond, 100);
		answer(code(2430), 4000);
		assert.equal(speedometer.speed.prefillTokensPerSecond, 85);
	});
});
