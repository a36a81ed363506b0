import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { abortable, delay } from '../../src/std/abortable.ts';
import { cancelable } from '../../src/std/cancelable.ts';
import { eventsOf } from '../../src/std/event-stream.ts';
import { Lane } from '../../src/std/lane.ts';

const never = new AbortController().signal;

describe('delay', () => {
	it('ends with the signal', async () => {
		const caller = new AbortController();
		const waiting = delay(10_000, caller.signal);
		caller.abort();
		await assert.rejects(waiting, { name: 'AbortError' });
	});
});

describe('abortable', () => {
	it('gives up waiting, not the work', async () => {
		const caller = new AbortController();
		let isDone = false;
		const work = sleep(5).then(() => {
			isDone = true;
		});
		const waiting = abortable(work, caller.signal);
		caller.abort();
		await assert.rejects(waiting);
		await work;
		assert.ok(isDone);
	});

	it('passes on what came of it, and the abort that was there before', async () => {
		assert.equal(await abortable(Promise.resolve(1), never), 1);
		await assert.rejects(abortable(Promise.reject(new Error('no')), never), /no/);
		await assert.rejects(abortable(Promise.resolve(1), AbortSignal.abort(new Error('gone'))), /gone/);
	});
});

describe('cancelable', () => {
	it('aborts the signal of its task and settles with what the task makes of it', async () => {
		const task = cancelable(async (signal) => {
			await delay(10_000, signal).catch(() => {});
			return signal.aborted ? 'stopped' : 'done';
		});
		task.cancel();
		assert.equal(await task, 'stopped');
	});
});

describe('lane', () => {
	it('lets one in at a time, in order, also when somebody stops waiting', async () => {
		const lane = new Lane();
		const order: string[] = [];
		const enter = async (name: string, signal = never) => {
			const leave = await lane.enter(signal);
			order.push(`${name} in`);
			await sleep(2);
			order.push(`${name} out`);
			leave();
		};
		const impatient = new AbortController();
		const all = [enter('a'), enter('b', impatient.signal), enter('c')];
		impatient.abort();
		const results = await Promise.allSettled(all);
		assert.deepEqual(
			results.map(({ status }) => status),
			['fulfilled', 'rejected', 'fulfilled'],
		);
		assert.deepEqual(order, ['a in', 'a out', 'c in', 'c out']);
	});
});

describe('events', () => {
	for (const [name, end] of [
		['\\n', '\n'],
		['\\r\\n', '\r\n'],
	] as const) {
		it(`are read however their bytes are cut, in lines that end in ${name}`, async () => {
			const lines = [': ping', '', 'event: completion', 'data: {"text":"größe"}', '', 'data:a', 'data:  b', '', 'event: end', 'data: {'];
			const bytes = new TextEncoder().encode(lines.join(end));
			for (const size of [1, 2, 7, 1000]) {
				const events = [];
				for await (const event of eventsOf(cut(bytes, size))) events.push(event);
				// What is not whole is none.
				assert.deepEqual(events, [
					{ name: 'completion', data: '{"text":"größe"}' },
					{ name: 'message', data: 'a\n b' },
				]);
			}
		});
	}
});

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}
