import assert from 'node:assert/strict';
import { knownGgufs } from '../../src/model/known-gguf.ts';
import { estimatedSpeed, recommended, speedText, thisMachine } from '../../src/model/machine.ts';

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

	const cards: [memory: number, isShared: boolean, name: string][] = [
		[8, false, 'qwen2.5-coder-7b'],
		[4, false, 'qwen2.5-coder-1.5b'],
		[0.5, false, 'qwen2.5-coder-0.5b'],
		[11, true, 'qwen2.5-coder-1.5b'],
	];
	for (const [memory, isShared, name] of cards) {
		it(`2 cores, 16 GB, a graphics card with ${memory} GB${isShared ? ' of these' : ''} → ${name}`, () => {
			const gpu = { name: 'Fast 1', memory: memory * gigabytes, isShared };
			assert.equal(recommended(knownGgufs, { cores: 2, memory: 16 * gigabytes, gpu })?.name, name);
		});
	}

	it('says where it runs: on the card only if all of it fits', () => {
		const gpu = { name: 'Fast 1', memory: 4 * gigabytes, isShared: false };
		const texts = knownGgufs.map((model) => speedText(model, { cores: 2, memory: 16 * gigabytes, gpu }));
		assert.deepEqual(texts, ['at least 204 tokens/s on Fast 1', 'at least 89 tokens/s on Fast 1', 'about 2 tokens/s here']);
	});

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
