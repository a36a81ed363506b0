import assert from 'node:assert/strict';
import { type Complaint, Health, type Slowness } from '../../src/completion/health.ts';
import type { ModelUse } from '../../src/completion/observed-model.ts';
import { modelUse } from '../model-use.ts';

/** A request whose first piece came after `first` ms and whose line of ten pieces was whole after `line` ms. */
function request(first: number, line: number, more: Partial<ModelUse> = {}): Partial<ModelUse> {
	return { ms: line, firstMs: first, lineMs: line, pieces: 10, writingMs: line - first, ...more };
}

/** The user went on typing before anything came. */
function givenUp(ms: number): Partial<ModelUse> {
	return { end: 'aborted', ms, firstMs: undefined, lineMs: undefined, pieces: 0, writingMs: 0 };
}

function times(count: number, ...what: Partial<ModelUse>[]): Partial<ModelUse>[] {
	return Array.from({ length: count }, () => what).flat();
}

const fast = request(100, 500);
const slowWriting = request(300, 4000);
const slowReading = request(4000, 4400, { newTokens: 400 });
const forgetful = request(4000, 4400, { newTokens: 5 });
const reloading = request(5000, 5500, { loadMs: 4800 });

/** One request after the other, `pauseMs` apart. */
class Session {
	readonly changes: (Slowness | undefined)[] = [];
	readonly health: Health;
	#now = 0;

	constructor(usualMs?: number) {
		this.health = new Health(
			() => usualMs,
			() => this.changes.push(this.health.complaint?.slowness),
		);
	}

	after(uses: readonly Partial<ModelUse>[], pauseMs = 1000): Complaint | undefined {
		for (const what of uses) {
			const use = modelUse({ startedAt: this.#now, ...what });
			this.health.take(use);
			this.#now += use.ms + pauseMs;
		}
		return this.health.complaint;
	}
}

describe('health', () => {
	const cases: [what: string, uses: Partial<ModelUse>[], slowness: Slowness | undefined, usualMs?: number][] = [
		['nothing was asked yet', [], undefined],
		['fast', times(12, fast), undefined],
		['slow, but only a few times', times(4, slowWriting), undefined],
		['slow, but only now and then', [...times(3, slowWriting), ...times(5, fast)], undefined],
		['not quick, and still of use', times(12, request(200, 2000)), undefined],
		['the model writes slowly', times(5, slowWriting), 'decode'],
		['… and was never faster', times(5, slowWriting), 'decode', 4000],
		['… and was not much faster', times(5, slowWriting), 'decode', 1400],
		['a long prompt is evaluated slowly', times(5, slowReading), 'prefill'],
		['what was evaluated is not kept', times(5, forgetful), 'cache'],
		['… and the answers are single tokens', times(5, request(4000, 4000, { newTokens: 5, pieces: 1 })), 'cache'],
		['nothing ever comes', times(5, { ...givenUp(3000), newTokens: 400 }), 'prefill'],
		['everything takes long, the first token too', times(5, request(7000, 11_000, { newTokens: 5 })), 'decode'],
		['another program takes the processor', times(5, slowWriting), 'busy', 500],
		['… or the server', times(5, forgetful), 'busy', 500],
		['people type on and do not wait', times(20, givenUp(200)), undefined],
		['the model is loaded again and again', times(3, fast, reloading), 'load'],
		['the model is loaded once', [reloading, ...times(8, fast)], undefined],
		[
			'a large model is being loaded while somebody types',
			[{ ...givenUp(4000), loadMs: 4000 }, { ...givenUp(9000), loadMs: 9000 }, ...times(4, fast)],
			undefined,
		],
		['evaluating ahead takes long', times(8, request(6000, 6000, { isWarmUp: true })), undefined],
		['the server fails', times(8, { ...givenUp(9000), end: 'failed' }), undefined],
	];
	for (const [what, uses, slowness, usualMs] of cases) {
		it(`${what} → ${slowness ?? 'no complaint'}`, () => assert.equal(new Session(usualMs).after(uses)?.slowness, slowness));
	}

	it('has the figures that say so', () => {
		assert.deepEqual(new Session().after(times(5, slowWriting)), { slowness: 'decode', ms: 4000, tokensPerSecond: 1000 / (3700 / 9) });
		assert.deepEqual(new Session().after(times(5, slowReading)), { slowness: 'prefill', ms: 4400, tokensPerSecond: 100 });
		assert.deepEqual(new Session().after(times(5, forgetful)), { slowness: 'cache', ms: 4400 });
		assert.deepEqual(new Session(500).after(times(5, slowWriting)), { slowness: 'busy', ms: 4000, usualMs: 500 });
		assert.deepEqual(new Session().after([fast, ...times(3, reloading)]), { slowness: 'load', ms: 4800 });
	});

	it('is told once, and once that it is over', () => {
		const session = new Session();
		session.after([...times(10, slowWriting), ...times(10, fast)]);
		assert.deepEqual(session.changes, ['decode', undefined]);
	});

	it('does not flap when the figures lie around the limit', () => {
		const session = new Session();
		session.after(times(20, request(200, 2400), request(200, 2600)));
		assert.ok(session.changes.length <= 1, String(session.changes));
		session.after(times(20, request(1400, 2700), request(1300, 2800)));
		assert.deepEqual(session.changes, ['decode']);
	});

	it('changes its mind about the cause when that is clear', () => {
		const session = new Session();
		session.after([...times(8, slowWriting), ...times(8, forgetful)]);
		assert.deepEqual(session.changes, ['decode', 'cache']);
	});

	it('takes no pause for a lack of memory: Ollama unloads what is not used', () => {
		assert.equal(new Session().after([fast, ...times(6, reloading)], 5 * 60_000), undefined);
	});

	it('forgets what was long ago', () => {
		const session = new Session();
		session.after(times(8, slowWriting));
		session.after([{ ...fast, startedAt: 60 * 60_000 }]);
		assert.deepEqual(session.changes, ['decode', undefined]);
	});

	it('knows nothing of another model', () => {
		const session = new Session();
		session.after(times(8, slowWriting));
		session.after([{ ...slowWriting, model: 'smaller' }]);
		assert.deepEqual(session.changes, ['decode', undefined]);
	});
});
