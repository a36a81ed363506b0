import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Snooze } from '../../src/vscode/snooze.ts';

describe('snooze', () => {
	let now: number;
	let snooze: Snooze;
	let told: number[];

	beforeEach(() => {
		mock.timers.enable({ apis: ['setTimeout'] });
		now = 1_000_000;
		told = [];
		snooze = new Snooze(() => now);
		snooze.onChange(() => told.push(snooze.minutesLeft));
	});
	afterEach(() => {
		snooze.dispose();
		mock.timers.reset();
	});

	const detail = () => snooze.reason?.detail;

	function pass(seconds: number): void {
		for (let second = 0; second < seconds; second++) {
			now += 1000;
			mock.timers.tick(1000);
		}
	}

	it('is over after its time, by itself, and says every minute how much is left', () => {
		assert.equal(snooze.reason, undefined);
		snooze.start(5);
		assert.deepEqual(snooze.reason, { reason: 'snoozed', detail: 'For 5 minutes more.' });
		pass(241);
		assert.deepEqual(told, [5, 4, 3, 2, 1]);
		assert.equal(detail(), 'For 1 minute more.');
		pass(60);
		assert.deepEqual(told, [5, 4, 3, 2, 1, 0]);
		assert.equal(snooze.reason, undefined);
		pass(600);
		assert.equal(told.length, 6);
	});

	it('can be ended, and begun anew for longer or shorter', () => {
		snooze.start(60);
		assert.equal(detail(), 'For 1 hour more.');
		snooze.start(5);
		pass(30);
		snooze.end();
		assert.equal(snooze.reason, undefined);
		assert.deepEqual(told, [60, 5, 0]);
		pass(600);
		assert.equal(told.length, 3);
	});

	it('is not prolonged by a machine that sleeps meanwhile', () => {
		snooze.start(30);
		now += 3_600_000;
		assert.equal(snooze.reason, undefined);
		mock.timers.tick(61_000);
		assert.deepEqual(told, [30, 0]);
	});
});
