import assert from 'node:assert/strict';
import { isFlat } from '../../bench/session/heap.ts';

describe('the heap of a session', () => {
	const quarters: [megabytes: readonly number[], isFlat: boolean][] = [
		[[10, 20, 20, 20], true],
		[[10, 20, 21, 22], true],
		[[10, 20, 21, 22.1], false],
		[[50, 100, 103, 105], true],
		[[50, 100, 103, 105.1], false],
		[[50, 40, 30, 20], true],
	];
	for (const [megabytes, flat] of quarters) {
		it(`${megabytes.join(', ')} MB ${flat ? 'is flat' : 'grows'}`, () => {
			assert.equal(isFlat({ start: 0, quarters: megabytes, end: 0 }), flat);
		});
	}
});
