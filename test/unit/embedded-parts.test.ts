import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { Crew, usefulThreads } from '../../src/engine/threads.ts';
import { Vocabulary } from '../../src/engine/vocabulary.ts';
import { type EngineRequest, frame, onLines, parseReply, parseRequest } from '../../src/model/engine-wire.ts';
import { leaveLock, takeLock } from '../../src/std/lock.ts';
import { StopFilter } from '../../src/std/stop-filter.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

describe('StopFilter', () => {
	const shown = (stops: string[], pieces: string[], exempt = 0) => {
		const filter = new StopFilter(stops, exempt);
		return [...pieces.map((piece) => filter.push(piece)), filter.flush()].join('|');
	};

	it('holds back what may become a stop, and no more', () => {
		assert.equal(shown(['END'], ['aE', 'N', 'xE', 'ND', 'b']), 'a||ENx|||');
		assert.equal(shown(['END'], ['aE', 'N']), 'a||EN');
		assert.equal(shown(['\n', 'END'], ['aEN\nD']), 'aEN|');
		assert.equal(shown(['bb', 'abc'], ['abb']), 'a|');
		assert.equal(shown([], ['a', 'b']), 'a|b|');
		assert.equal(shown([''], ['a', 'b']), 'a|b|');
	});

	it('lets a forced beginning through, whatever it is', () => {
		assert.equal(shown(['\n'], ['a\n', 'b\nc'], 3), 'a\n|b|');
	});

	it('shows the same in whatever pieces the text comes', () => {
		const text = 'abaabab|abab!aba';
		for (const stops of [['abab!'], ['ab|', 'b!a'], ['zz'], ['a!', '|abac']]) {
			const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
			const whole = text.slice(0, Math.min(text.length, ...ends));
			for (let size = 1; size < 6; size++) {
				const filter = new StopFilter(stops);
				const pieces = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
				assert.equal(pieces.map((piece) => filter.push(piece)).join('') + filter.flush(), whole, `${stops} by ${size}`);
			}
		}
	});
});

describe('Vocabulary', () => {
	const texts = ['re', 'return', 'r', 'ret', 'returns', '', 'retry', '\uFFFD', 'x', 'ret', ' return'];
	const vocabulary = new Vocabulary(texts.keys(), (token) => texts[token] ?? '');

	it('finds the tokens that may come where text has to come', () => {
		const compatible = (text: string) => vocabulary.compatibleWith(text).map((token) => texts[token]);
		assert.deepEqual(compatible('retu'), ['r', 're', 'ret', 'ret', 'return', 'returns']);
		assert.deepEqual(compatible('r'), ['r', 're', 'ret', 'ret', 'retry', 'return', 'returns']);
		assert.deepEqual(compatible('xyz'), ['x']);
		assert.deepEqual(compatible('ü'), []);
	});
});

describe('the language of the engine', () => {
	it('survives the way there, in any pieces', () => {
		const model = { name: 'm', path: '/ü/m.gguf', contextLength: 4096 };
		const none = { start: undefined, grammar: undefined, sampling: undefined };
		const requests: EngineRequest[] = [
			{ kind: 'load', id: 1, model },
			{ kind: 'generate', id: 2, model, prompt: 'a\n🦀', maxTokens: 3, stop: ['\n'], ...none },
			{ kind: 'generate', id: 4, model, prompt: '', maxTokens: 1, stop: [], ...none, sampling: { temperature: 0.8, seed: 0 } },
			{ kind: 'memory', id: 3 },
			{ kind: 'cancel', id: 2 },
		];
		const stream = new PassThrough();
		const heard: unknown[] = [];
		onLines(stream, (line) => heard.push(parseRequest(line)));
		const bytes = Buffer.from(requests.map(frame).join(''));
		for (let at = 0; at < bytes.length; at += 3) stream.write(bytes.subarray(at, at + 3));
		stream.read();
		assert.deepEqual(heard, requests);
	});

	it('is nothing else', () => {
		const generate = '{"id":1,"kind":"generate","prompt":"","maxTokens":1,"stop":[],"model":{"name":"","path":"","contextLength":1}}';
		assert.ok(parseRequest(generate));
		for (const line of [
			'',
			'1',
			'"id"',
			'{"id":1}',
			'{"id":1.5,"kind":"memory"}',
			'{"id":1,"kind":"load","model":null}',
			...['{"temperature":0,"seed":1}', '{"temperature":0.8}', '1'].map((sampling) =>
				generate.replace('"id":1', `"id":1,"sampling":${sampling}`),
			),
			'{'.repeat(50_000),
		]) {
			assert.equal(parseRequest(line), undefined, line.slice(0, 50));
			assert.equal(parseReply(line), undefined, line.slice(0, 50));
		}
		assert.equal(parseReply('{"id":1,"kind":"failed","code":"toString","message":""}'), undefined);
	});

	it('has an end to its lines', () => {
		const stream = new PassThrough();
		onLines(stream, () => assert.fail());
		for (let i = 0; i < 5; i++) stream.write('x'.repeat(1_000_000));
		stream.read();
		assert.ok(stream.destroyed);
	});
});

describe('the lock of the engine', () => {
	it('is for one, and given back only by the one that has it', async () => {
		await using folder = await TemporaryFolder.create();
		const path = `${folder.path}/lock`;
		assert.equal(await takeLock(path, async () => false), true);
		assert.equal(await takeLock(path, async () => true), false);
		leaveLock(path);
		assert.equal(await takeLock(path, async () => true), true);
	});
});

describe('threads', () => {
	it('are never more than there are processors', () => {
		assert.equal(usefulThreads(1), 1);
		assert.ok(usefulThreads(1000) < 1000);
	});

	it('leave a core to others while these slow them down', async () => {
		let now = 0;
		let threads = 0;
		const crew = new Crew(
			2,
			(count) => {
				threads = count;
			},
			() => now,
		);
		/** The threads at work for each of the tokens, which take so many milliseconds. */
		const evaluate = async (...steps: number[]) => {
			const seen: number[] = [];
			for (const ms of steps) {
				await crew.evaluate(1, async () => {
					now += ms;
				});
				seen.push(threads);
			}
			return seen.join('');
		};
		assert.equal(await evaluate(25, 20, 22, 20), '2222');
		// A second after a slow one all are tried again; still slow, it takes two seconds.
		assert.equal(await evaluate(120, 25, 975, 120, 1999, 1, 20, 20), '21121122');
	});
});
