import assert from 'node:assert/strict';
import { Pace } from '../../src/completion/pace.ts';
import { at } from '../picture.ts';

/** A pace after this was typed, with the pauses between the keys in milliseconds. */
function typed(text: string, pauseMs = 100, pace = new Pace(), start = 0): Pace {
	for (let length = 1; length <= text.length; length++) pace.typed(at(`${text.slice(0, length)}|`), start + length * pauseMs);
	return pace;
}

describe('pace', () => {
	/** How long a request is held back, by what was typed last and how long an answer takes. */
	const cases: [typed: string, latencyMs: number, delayMs: number][] = [
		['foo', 40, 0],
		['foo', 100, 175],
		['foo', 400, 300],
		['foo(', 100, 0],
		['foo(', 400, 225],
		['foo()', 400, 0],
		['a ', 200, 0],
		['{\n', 200, 0],
		['{\n\t', 200, 0],
	];
	for (const [text, latencyMs, expected] of cases) {
		it(`${JSON.stringify(text)}, an answer takes ${latencyMs} ms → waits about ${expected} ms`, () => {
			const delay = typed(text).delayMs(latencyMs);
			assert.ok(Math.abs(delay - expected) <= 50, `${delay} ms`);
		});
	}

	it('after a deletion people take their time', () => {
		const pace = typed('foo');
		pace.typed(at('fo|'), 400);
		assert.equal(pace.delayMs(200), 0);
	});

	it('learns how somebody types', () => {
		assert.equal(typed('f'.repeat(200), 900).delayMs(400), 0, 'slowly');
		const bursts = new Pace();
		let now = 0;
		for (let key = 1; key <= 400; key++) {
			now += key % 10 === 0 ? 1500 : 60;
			bursts.typed(at(`${'f'.repeat(key)}|`), now);
		}
		assert.ok(bursts.delayMs(400) <= 150, 'who pauses after more than 60 ms is thinking');
	});

	it('takes questions at the same place for what they are', () => {
		const pace = typed('f'.repeat(50), 900);
		for (let i = 0; i < 500; i++) pace.typed(at(`${'f'.repeat(50)}|`), 45_000 + i);
		assert.equal(pace.delayMs(400), typed('f'.repeat(50), 900).delayMs(400));
	});
});
