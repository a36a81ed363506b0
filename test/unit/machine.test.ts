import assert from 'node:assert/strict';
import { knownGgufs } from '../../src/model/known-gguf.ts';
import { estimatedSpeed, recommended, thisMachine } from '../../src/model/machine.ts';

const gigabytes = 1e9;

describe('the model recommended for a machine', () => {
	const machines: [cores: number, memory: number, name: string][] = [
		[2, 4, 'qwen2.5-coder-0.5b'],
		[2, 24, 'qwen2.5-coder-0.5b'],
		[8, 16, 'qwen2.5-coder-1.5b'],
		[16, 2, 'qwen2.5-coder-0.5b'],
		[64, 256, 'qwen2.5-coder-1.5b'],
	];
	for (const [cores, memory, name] of machines) {
		it(`${cores} cores, ${memory} GB → ${name}`, () =>
			assert.equal(recommended(knownGgufs, { cores, memory: memory * gigabytes })?.name, name));
	}

	it('agrees with what was measured on two cores', () => {
		const [small] = knownGgufs;
		assert.ok(small);
		assert.equal(estimatedSpeed(small, { cores: 2, memory: 24 * gigabytes }), 28);
	});

	it('knows this machine', () => {
		const { cores, memory } = thisMachine();
		assert.ok(cores >= 1 && memory > 0);
	});
});
