import assert from 'node:assert/strict';
import { type Demand, nextStep, type Phase, type Step } from '../../src/completion/schedule.ts';

const demands: readonly Demand[] = ['fits', 'extends', 'nearly', 'differs', 'abandoned'];

/** What is done in every phase about every demand, in the order of `demands`. */
const table: Record<Phase, readonly [Step, Step, Step, Step, Step]> = {
	idle: ['start', 'start', 'start', 'start', 'none'],
	loading: ['wait', 'wait', 'wait', 'wait', 'cancel'],
	prefill: ['wait', 'wait', 'wait', 'cancel', 'cancel'],
	decode: ['wait', 'cancel', 'cancel', 'cancel', 'cancel'],
	closing: ['wait', 'wait', 'wait', 'wait', 'none'],
};

describe('schedule', () => {
	for (const phase of Object.keys(table) as Phase[]) {
		it(`${phase}: ${demands.map((demand, i) => `${demand} → ${table[phase][i]}`).join(', ')}`, () => {
			assert.deepEqual(
				demands.map((demand) => nextStep(phase, demand)),
				table[phase],
			);
		});
	}

	it('starts only when nothing runs', () => {
		for (const phase of Object.keys(table) as Phase[]) {
			for (const demand of demands) if (nextStep(phase, demand) === 'start') assert.equal(phase, 'idle');
		}
	});
});
