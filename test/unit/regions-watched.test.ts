import assert from 'node:assert/strict';
import type { Room } from '../../src/gateway/wire-room.ts';
import { Chronicle } from '../../src/regions/chronicle.ts';
import { Lookout } from '../../src/regions/lookout.ts';
import { Router } from '../../src/regions/router.ts';

const regions = ['eu', 'us'].map((name) => ({ name, url: 'http://localhost', token: '', at: { latitude: 0, longitude: 0 } }));

describe('what happened to regions', () => {
	it('keeps the newest, and the answers of one minute', () => {
		let now = Date.UTC(2026, 0, 1);
		const chronicle = new Chronicle(() => now);
		for (let i = 0; i < 40; i++) chronicle.note('eu', `went down ${i}.`);
		assert.equal(chronicle.events.length, 30);
		assert.deepEqual(chronicle.events[0], { at: '2026-01-01T00:00:00.000Z', region: 'eu', what: 'went down 39.' });
		for (let second = 0; second < 90; second++) {
			chronicle.answered(second < 50 ? 'eu' : 'us');
			now += 1000;
		}
		assert.deepEqual(Object.fromEntries(chronicle.lastMinute()), { eu: 19, us: 40 });
		now += 120_000;
		assert.equal(chronicle.lastMinute().size, 0);
	});
});

describe('looking at regions', () => {
	function setUp() {
		const chronicle = new Chronicle(() => 0);
		const router = new Router(regions, { now: () => 0, random: () => 0 });
		const says = new Map<string, Room | undefined | Error>([
			['eu', { slots: 8, running: 2 }],
			['us', undefined],
		]);
		const ask = async ({ name }: { readonly name: string }) => {
			const said = says.get(name);
			if (said instanceof Error) throw said;
			return said;
		};
		const lookout = new Lookout({ ask, candidates: () => router.candidates, chronicle });
		const events = () => chronicle.events.map(({ region, what }) => `${region} ${what}`);
		return { router, says, lookout, events };
	}

	it('tells that one goes down and comes back, once each, and how much room there is', async () => {
		const { says, lookout, events } = setUp();
		using _ = lookout;
		await lookout.look();
		assert.deepEqual(lookout.sight('eu'), { room: { slots: 8, running: 2 } });
		assert.deepEqual(lookout.sight('us'), { room: undefined });
		assert.deepEqual(events(), []);
		says.set('eu', new Error('The server cannot be reached.'));
		for (let i = 0; i < 3; i++) await lookout.look();
		assert.deepEqual(lookout.sight('eu'), { problem: 'The server cannot be reached.' });
		says.set('eu', { slots: 8, running: 0 });
		for (let i = 0; i < 3; i++) await lookout.look();
		assert.deepEqual(events(), ['eu came back.', 'eu went down. The server cannot be reached.']);
	});

	it('tells that one gets no requests', async () => {
		const { router, lookout, events } = setUp();
		using _ = lookout;
		const [eu] = router.candidates;
		for (let i = 0; i < 5; i++) eu?.begin().failed();
		for (let i = 0; i < 2; i++) await lookout.look();
		assert.equal(eu?.breaker, 'open');
		assert.deepEqual(events(), ['eu gets no requests for a while: it failed, or asked for it.']);
		eu?.begin().firstToken();
		await lookout.look();
		assert.equal(eu?.breaker, 'closed');
		assert.equal(events()[0], 'eu gets requests again.');
	});
});
