import assert from 'node:assert/strict';
import { Admission } from '../../src/gateway/admission.ts';
import { Bucket } from '../../src/gateway/bucket.ts';
import type { Client } from '../../src/gateway/call.ts';

const calls = { most: 1000, perSecond: 1000 };
const limits = { streams: 4, streamsPerClient: 2, queue: 3, calls, streamMs: 60_000 };
const never = new AbortController().signal;

/** Clients come and go; shows who has room and who waits. */
class Door {
	readonly #admission = new Admission(limits);
	readonly #inside = new Map<string, () => void>();
	readonly #refused: string[] = [];
	readonly #going = new Map<string, AbortController>();

	/** `a1` is the first call of client a. */
	async come(...names: string[]): Promise<this> {
		for (const name of names) {
			const going = new AbortController();
			this.#going.set(name, going);
			this.#admission.enter(client(name), going.signal).then(
				({ leave }) => this.#inside.set(name, leave),
				() => this.#refused.push(name),
			);
			await turn();
		}
		return this;
	}

	async leave(...names: string[]): Promise<this> {
		for (const name of names) {
			this.#inside.get(name)?.();
			this.#inside.delete(name);
			await turn();
		}
		return this;
	}

	async abort(name: string): Promise<this> {
		this.#going.get(name)?.abort();
		await turn();
		return this;
	}

	get picture(): string {
		return `${[...this.#inside.keys()].join(' ')} | ${this.#refused.join(' ')}`.trim();
	}
}

describe('rule 12: who may have an answer', () => {
	it('whoever comes while there is room: a1 b1', async () => {
		assert.equal((await new Door().come('a1', 'b1')).picture, 'a1 b1 |');
	});

	it('a client does not take everybody’s room', async () => {
		assert.equal((await new Door().come('a1', 'a2', 'a3', 'b1')).picture, 'a1 a2 b1 |');
	});

	it('who waits goes in when somebody leaves, the first who may', async () => {
		const door = await new Door().come('a1', 'a2', 'b1', 'c1', 'a3', 'd1');
		assert.equal(door.picture, 'a1 a2 b1 c1 |');
		assert.equal((await door.leave('c1')).picture, 'a1 a2 b1 d1 |');
		assert.equal((await door.leave('a1')).picture, 'a2 b1 d1 a3 |');
	});

	it('more than may wait are refused', async () => {
		const door = await new Door().come('a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1');
		assert.equal(door.picture, 'a1 a2 b1 | a6');
	});

	it('who goes while they wait leaves their place to others', async () => {
		const door = await (await new Door().come('a1', 'a2', 'a3', 'a4', 'a5')).abort('a4');
		assert.equal((await door.come('a6', 'a7')).picture, 'a1 a2 | a4 a7');
		assert.equal((await door.leave('a1', 'a2', 'a3')).picture, 'a5 a6 | a4 a7');
	});

	it('who has gone before they came is not waited for', async () => {
		await assert.rejects(new Admission(limits).enter(client('a1'), AbortSignal.abort()));
	});

	it('who has taken too long has to go, from the queue as well', async () => {
		const admission = new Admission({ ...limits, streams: 1, streamMs: 10 });
		const first = await admission.enter(client('a1'), never);
		await assert.rejects(admission.enter(client('b1'), never), { status: 504, code: 'too-long' });
		assert.ok(first.signal.aborted);
	});

	it('how often a client may call grows again with time', async () => {
		let now = 0;
		const bucket = new Bucket({ most: 2, perSecond: 1 }, () => now);
		assert.deepEqual([bucket.take(), bucket.take(), bucket.take()], [true, true, false]);
		assert.deepEqual([bucket.isFull, bucket.seconds], [false, 1]);
		now = 1000;
		assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
		now = 3000;
		assert.ok(bucket.isFull);
	});
});

function client(name: string): Client {
	return { id: name.slice(0, 1), scopes: ['complete'] };
}

function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
