import assert from 'node:assert/strict';
import { seededRandom } from '../../bench/random.ts';
import { Breaker } from '../../src/regions/breaker.ts';
import { Dispatcher, NoRegion, RegionError, type Send } from '../../src/regions/dispatch.ts';
import { kilometres, placeNamed, placeOfTimeZone } from '../../src/regions/geography.ts';
import { PeakEwma } from '../../src/regions/peak-ewma.ts';
import { Prober } from '../../src/regions/prober.ts';
import { Router } from '../../src/regions/router.ts';

const forever = new AbortController().signal;
const eu = { name: 'eu' };
const us = { name: 'us' };
const ap = { name: 'ap' };

/** A clock that a test moves, and numbers that it gives. */
function world(random: () => number = () => 0) {
	let now = 0;
	const waiting: { at: number; go: () => void }[] = [];
	return {
		now: () => now,
		random,
		delay: (ms: number, signal: AbortSignal) =>
			new Promise<void>((resolve, reject) => {
				waiting.push({ at: now + ms, go: resolve });
				signal.addEventListener('abort', () => reject(signal.reason), { once: true });
			}),
		async pass(ms: number) {
			now += ms;
			for (const { at, go } of waiting) if (at <= now) go();
			for (let i = 0; i < 20; i++) await Promise.resolve();
		},
	};
}

type Region = typeof eu;

/** Regions that answer by hand. */
class Regions {
	readonly asked: {
		readonly region: string;
		readonly signal: AbortSignal;
		answer(): void;
		fail(retryAfterMs?: number): void;
		end(): void;
	}[] = [];

	readonly send: Send<Region, string> = ({ name }, signal) =>
		new Promise((resolve, reject) => {
			let end = () => {};
			const over = new Promise<void>((done) => {
				end = done;
			});
			signal.addEventListener('abort', () => reject(signal.reason), { once: true });
			this.asked.push({
				region: name,
				signal,
				answer: () => resolve({ answer: `from ${name}`, over }),
				fail: (retryAfterMs) => reject(new RegionError('refused', retryAfterMs)),
				end,
			});
		});

	get names(): string {
		return this.asked.map(({ region }) => region).join(' ');
	}
}

function at(index: number, { asked }: Regions) {
	const found = asked[index];
	assert.ok(found, `Only ${asked.length} were asked.`);
	return found;
}

function setUp(regions: readonly Region[], random?: () => number) {
	const time = world(random);
	const router = new Router(regions, time);
	return { time, router, dispatcher: new Dispatcher(router, time), asked: new Regions() };
}

describe('the time to the first token of a region', () => {
	it('rises at once and sinks slowly', () => {
		const time = world();
		const latency = new PeakEwma(time.now);
		assert.equal(latency.value, 1000);
		latency.took(3000);
		assert.equal(latency.value, 3000);
		latency.took(100);
		assert.ok(latency.value > 2900);
	});

	it('sinks while nobody asks, so that somebody asks again', async () => {
		const time = world();
		const latency = new PeakEwma(time.now);
		latency.took(3000);
		await time.pass(30_000);
		assert.ok(latency.value < 200);
	});

	it('sinks no further than the way there takes', async () => {
		const time = world();
		const latency = new PeakEwma(time.now, 150, () => 150);
		latency.took(3000);
		await time.pass(120_000);
		assert.ok(Math.abs(latency.value - 150) < 1, `${latency.value}`);
		latency.took(90);
		await time.pass(120_000);
		assert.ok(latency.value < 100);
	});

	it('does not take who left early for a quick answer', () => {
		const latency = new PeakEwma(world().now);
		latency.took(500);
		const before = latency.value;
		latency.tookAtLeast(20);
		assert.equal(latency.value, before);
		latency.tookAtLeast(4000);
		assert.equal(latency.value, 4000);
	});
});

describe('the breaker of a region', () => {
	it('opens after five failures in a row, and closes when it has been seen to be well', async () => {
		const time = world();
		const breaker = new Breaker(time.now);
		const states: boolean[] = [];
		for (let i = 0; i < 5; i++) {
			states.push(breaker.isClosed);
			breaker.failed();
		}
		assert.deepEqual(states, [true, true, true, true, true]);
		assert.equal(breaker.isClosed, false);
		await time.pass(5000);
		assert.deepEqual([breaker.isClosed, breaker.state], [false, 'half-open']);
		breaker.succeeded();
		assert.equal(breaker.isClosed, true);
	});

	it('stays open for as long as the region says', async () => {
		const time = world();
		const breaker = new Breaker(time.now);
		breaker.failed(20_000);
		await time.pass(19_000);
		assert.equal(breaker.isClosed, false);
		await time.pass(1000);
		assert.equal(breaker.isClosed, true);
	});
});

describe('the router', () => {
	it('takes the better of two that are drawn', () => {
		const { router } = setUp([eu, us], () => 0);
		const slow = router.candidates[0]?.begin();
		slow?.failed();
		assert.equal(router.choose(undefined)?.candidate.region, us);
	});

	it('sends the same file to the same region, as long as that is about as good', () => {
		const { router } = setUp([eu, us, ap], Math.random);
		const homes = new Set(Array.from({ length: 30 }, () => router.choose('user file.ts')?.candidate.region.name));
		assert.equal(homes.size, 1);
		const [home = ''] = homes;
		const busy = router.candidates.find(({ region }) => region.name === home);
		const attempts = [busy?.begin(), busy?.begin()];
		assert.notEqual(router.choose('user file.ts')?.candidate.region.name, home);
		for (const attempt of attempts) attempt?.ended();
		assert.equal(router.choose('user file.ts')?.candidate.region.name, home);
	});

	it('moves only the files of a region that is gone', () => {
		const keys = Array.from({ length: 200 }, (_, index) => `file ${index}`);
		const homes = (regions: readonly Region[]) => keys.map((key) => new Router(regions, world()).choose(key)?.candidate.region.name);
		const before = homes([eu, us, ap]);
		const after = homes([eu, us]);
		for (const [index, name] of before.entries()) if (name !== 'ap') assert.equal(after[index], name);
		assert.ok(before.filter((name) => name === 'ap').length > 40);
	});
});

describe('the router, for somebody at a place', () => {
	const guesses: Readonly<Record<string, number>> = { eu: 110, us: 220, ap: 300 };
	/** How many milliseconds a region takes, at a time in seconds. */
	type Takes = (name: string, second: number) => number;

	/** Somebody who types on and on, a request a second. */
	async function typing(seconds: number, takes: Takes) {
		const time = world(seededRandom(1));
		const router = new Router([ap, us, eu], { ...time, guess: (name) => guesses[name] });
		const chosen: { readonly name: string; readonly why: string }[] = [];
		for (let second = 0; second < seconds; second++) {
			const { candidate, why } = router.choose('file') ?? assert.fail();
			chosen.push({ name: candidate.region.name, why });
			const attempt = candidate.begin();
			const ms = takes(candidate.region.name, second);
			await time.pass(ms);
			attempt.firstToken();
			attempt.ended();
			await time.pass(1000 - ms);
		}
		return chosen;
	}

	for (const [what, model] of [
		['quick', 20],
		['usual', 100],
		['slow', 160],
	] as const)
		it(`leaves those far away alone while the near one is well, with a ${what} model`, async () => {
			const chosen = await typing(300, (name) => (guesses[name] ?? 0) - 100 + model);
			assert.ok(chosen.filter(({ name }) => name !== 'eu').length <= 2, chosen.map(({ name }) => name).join(' '));
			assert.equal(chosen.at(-1)?.why, 'nearest; this file goes there');
		});

	it('tries a region again that was slow', async () => {
		const chosen = await typing(120, (name, second) => (name === 'eu' && second >= 30 && second < 60 ? 900 : (guesses[name] ?? 0)));
		const slow = chosen.slice(31, 60).filter(({ name }) => name === 'eu');
		assert.ok(slow.length <= 3, `${slow.length}`);
		assert.match(chosen[32]?.why ?? '', /^eu is nearer but slow \(\d+ ms\)/);
		const back = chosen.findIndex(({ name }, second) => second >= 60 && name === 'eu');
		assert.ok(back < 90, `${back}`);
		assert.ok(chosen.slice(back).every(({ name }) => name === 'eu'));
	});

	it('says why in a few words', () => {
		const router = new Router([ap, us, eu], { ...world(), guess: (name) => guesses[name] });
		const why = () => router.choose(undefined)?.why;
		const near = router.candidates.find(({ region }) => region === eu);
		assert.equal(why(), 'nearest');
		const busy = Array.from({ length: 6 }, () => near?.begin());
		assert.equal(why(), 'eu is nearer but busy (6 under way); 220 ms, ap 300 ms');
		for (const one of busy) one?.failed(60_000);
		assert.equal(why(), 'eu is nearer but fails');
		assert.equal(router.pinned('us')?.why, 'asked for by name');
		const alike = new Router([eu, us], { ...world(), guess: () => 100 });
		alike.candidates[0]?.begin();
		assert.equal(alike.choose(undefined)?.why, 'nearest; 100 ms, eu 100 ms with 1 under way');
	});
});

describe('the dispatcher', () => {
	it('passes on what the region says first', async () => {
		const { dispatcher, asked } = setUp([eu, us]);
		const answer = dispatcher.dispatch(asked.send, {}, forever);
		at(0, asked).answer();
		assert.deepEqual(await answer, { answer: 'from eu', region: eu, attempts: 1, why: 'nearest; 1000 ms, us 1000 ms' });
	});

	it('asks another one, once, when one fails', async () => {
		const { dispatcher, asked, time } = setUp([eu, us, ap]);
		const answer = dispatcher.dispatch(asked.send, {}, forever);
		at(0, asked).fail();
		await time.pass(0);
		at(1, asked).answer();
		assert.deepEqual(await answer, { answer: 'from us', region: us, attempts: 2, why: 'nearest; 1000 ms, ap 1000 ms; eu failed' });
		const next = dispatcher.dispatch(asked.send, {}, forever);
		next.catch(() => {});
		for (const index of [2, 3]) {
			at(index, asked).fail();
			await time.pass(0);
		}
		await assert.rejects(next, RegionError);
		assert.equal(asked.asked.length, 4);
	});

	it('asks a second one when the first is late, and stops who comes second', async () => {
		const { dispatcher, asked, time } = setUp([eu, us]);
		const answer = dispatcher.dispatch(asked.send, {}, forever);
		await time.pass(2900);
		assert.equal(asked.names, 'eu');
		await time.pass(200);
		assert.equal(asked.names, 'eu us');
		at(1, asked).answer();
		assert.deepEqual(await answer, { answer: 'from us', region: us, attempts: 2, why: 'nearest; eu is late' });
		await time.pass(0);
		assert.ok(at(0, asked).signal.aborted);
		assert.ok(!at(1, asked).signal.aborted);
	});

	it('asks twice for a twentieth of all requests at most', async () => {
		const { dispatcher, asked, time } = setUp([eu, us]);
		for (let i = 0; i < 200; i++) {
			const before = asked.asked.length;
			const answer = dispatcher.dispatch(asked.send, {}, forever);
			await time.pass(60_000);
			at(before, asked).answer();
			await answer;
			for (const one of asked.asked.slice(before)) one.end();
		}
		// The first ten were saved.
		assert.ok(asked.asked.length <= 200 + 10 + 10, `${asked.asked.length}`);
		assert.ok(asked.asked.length >= 215);
	});

	it('tells the region when nobody waits any more', async () => {
		const { dispatcher, asked, router } = setUp([eu]);
		const gone = new AbortController();
		const answer = dispatcher.dispatch(asked.send, {}, gone.signal);
		gone.abort();
		await assert.rejects(answer);
		assert.ok(at(0, asked).signal.aborted);
		assert.equal(router.candidates[0]?.pending, 0);
	});

	it('asks only the region that was named', async () => {
		const { dispatcher, asked } = setUp([eu, us]);
		const answer = dispatcher.dispatch(asked.send, { pin: 'us' }, forever);
		at(0, asked).fail();
		await assert.rejects(answer, RegionError);
		assert.equal(asked.names, 'us');
		await assert.rejects(dispatcher.dispatch(asked.send, { pin: 'mars' }, forever), NoRegion);
	});

	it('says at once that there is none when all have failed', async () => {
		const { dispatcher, asked, time } = setUp([eu]);
		for (let i = 0; i < 5; i++) {
			const answer = dispatcher.dispatch(asked.send, {}, forever);
			at(i, asked).fail();
			await assert.rejects(answer, RegionError);
		}
		await assert.rejects(dispatcher.dispatch(asked.send, {}, forever), NoRegion);
		await time.pass(5000);
		await assert.rejects(dispatcher.dispatch(asked.send, {}, forever), NoRegion, 'nobody is made to find out');
	});
});

describe('a region that failed', () => {
	function failing() {
		const { time, router, dispatcher, asked } = setUp([eu, us]);
		const probes: { readonly region: string; readonly resolve: () => void; readonly reject: () => void }[] = [];
		const prober = new Prober(
			() => router.candidates,
			({ name }) => new Promise<void>((resolve, reject) => probes.push({ region: name, resolve, reject: () => reject(new Error('no')) })),
		);
		for (let i = 0; i < 5; i++) router.candidates[0]?.begin().failed();
		return { time, router, dispatcher, asked, prober, probes };
	}

	it('is probed when it has been left alone for a while, once at a time, and asked when it is well', async () => {
		const { time, router, prober, probes, dispatcher, asked } = failing();
		prober.look();
		assert.equal(probes.length, 0);
		await time.pass(5000);
		for (let i = 0; i < 3; i++) prober.look();
		assert.deepEqual(
			probes.map(({ region }) => region),
			['eu'],
		);
		void dispatcher.dispatch(asked.send, { key: 'user file.ts' }, forever);
		assert.equal(asked.names, 'us');
		probes[0]?.resolve();
		await time.pass(0);
		assert.equal(router.candidates[0]?.isOpenForRequests, true);
	});

	it('is left alone for another while when it is not well yet', async () => {
		const { time, router, prober, probes } = failing();
		await time.pass(5000);
		prober.look();
		probes[0]?.reject();
		await time.pass(0);
		await time.pass(4900);
		prober.look();
		assert.deepEqual([probes.length, router.candidates[0]?.breaker], [1, 'open']);
		await time.pass(100);
		prober.look();
		assert.equal(probes.length, 2);
	});
});

describe('regions that change', () => {
	it('keep what is known of those that stay', () => {
		const { router } = setUp([eu, us]);
		const [kept] = router.candidates;
		kept?.begin().firstToken();
		router.take([ap, eu]);
		assert.deepEqual(
			router.candidates.map(({ region }) => region.name),
			['ap', 'eu'],
		);
		assert.equal(router.candidates[1], kept);
		assert.equal(router.choose(undefined, new Set([ap]))?.candidate, kept);
	});
});

describe('where somebody is', () => {
	it('is known by the names of regions and of parts of the world', () => {
		assert.deepEqual(placeNamed('EU'), placeNamed('eu-central'));
		assert.equal(placeNamed('moon'), undefined);
		assert.equal(placeNamed('constructor'), undefined);
	});

	for (const [zone, offset, name] of [
		['Europe/Berlin', 60, 'eu-central'],
		['America/Los_Angeles', -480, 'us-west'],
		['America/New_York', -300, 'us-east'],
		['America/Sao_Paulo', -180, 'sa-east'],
		['Asia/Tokyo', 540, 'ap-east'],
		['Asia/Kolkata', 330, 'ap-south'],
		['Asia/Singapore', 480, 'ap-southeast'],
	] as const)
		it(`is guessed from the time zone: ${zone} → ${name}`, () => assert.deepEqual(placeOfTimeZone(zone, offset), placeNamed(name)));

	it('is not guessed from one that says nothing', () => assert.equal(placeOfTimeZone('UTC', 0), undefined));

	it('is as far as the ground says', () => {
		const [oregon, virginia] = [placeNamed('us-west'), placeNamed('us-east')];
		assert.ok(oregon && virginia);
		assert.ok(Math.abs(kilometres(oregon, virginia) - 3650) < 100, `${kilometres(oregon, virginia)}`);
	});
});
