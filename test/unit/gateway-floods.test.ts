import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import type { Limits } from '../../src/gateway/limits.ts';
import { asked, crlf, head, hole, open2, over2, path, portOf } from '../gateway-calls.ts';
import { flags, frame, framesIn, goneAway, headerBlock, hello, resetOf } from '../http2-frames.ts';
import { RawConnection } from '../raw-connection.ts';
import { Served } from '../served.ts';
import { until } from '../until.ts';

/** Rules on how much is too much, and on what looks like more than one request. */

describe('rule 11: who is too slow', () => {
	const soon = { firstByteMs: 60, headersMs: 60, bodyMs: 120, idleMs: 60, stallMs: 100, streamMs: 100 } satisfies Partial<Limits>;

	for (const [what, said] of [
		['nothing', ''],
		['a letter', 'P'],
		['half of what HTTP/2 begins with', 'PRI * HTTP/2.0\r\n'],
		['half a line', 'POST / HT'],
		['half of the headers', `POST / HTTP/1.1${crlf}Host: x${crlf}X-`],
		['the start of HTTP/2 and no stream', hello.toString('latin1')],
	] as const) {
		it(`is let go: after ${what}`, async () => {
			await using served = await Served.start('a + b', { limits: soon });
			await using raw = await RawConnection.open(served.url);
			await raw.say(said).whole();
			assert.deepEqual(served.faults, []);
		});
	}

	it('is let go with headers of HTTP/2 that never come to their end', async () => {
		await using served = await Served.start('a + b', { limits: soon });
		await using raw = await RawConnection.open(served.url);
		raw.say(hello).say(frame('headers', 0, 1, headerBlock([[':method', 'GET']])));
		await raw.whole();
		assert.deepEqual(served.faults, []);
	});

	it('is let go with half a body, over both protocols', async () => {
		await using served = await Served.start('a + b', { limits: soon });
		await using raw = await RawConnection.open(served.url);
		assert.equal(await raw.say(`${head(served)}Content-Length: 100${crlf}${crlf}{`).status(), 408);
		assert.equal(await over2(served, {}, null), 408);
		assert.deepEqual(served.model.questions, []);
	});

	it('is let go when they take nothing of their answer, and the model stops', async () => {
		await using served = await Served.start(undefined, { limits: { ...soon, streamMs: 60_000 } });
		await using raw = await RawConnection.open(served.url);
		const body = JSON.stringify({ ...hole, stream: true, max_tokens: 4000 });
		raw.say(`${head(served)}Content-Length: ${body.length}${crlf}${crlf}${body}`).pause();
		await until(() => served.model.questions.length > 0);
		const [question] = served.model.questions;
		const long = 'x'.repeat(100_000);
		while (!question?.isOver) {
			question?.say(long);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		assert.deepEqual(served.faults, []);
	});

	it('is what a model is that takes too long: before its first word a failure, later the end of the stream', async () => {
		await using served = await Served.start(undefined, { limits: soon });
		assert.equal((await served.post(path, { ...hole, stream: true })).status, 504);
		const asking = served.post(path, { ...hole, stream: true });
		await until(() => served.model.questions.length === 2);
		served.model.questions[1]?.say('a');
		const text = await (await asking).text();
		assert.match(text, /event: error\ndata: .*"code":"too-long"/);
		assert.doesNotMatch(text, /DONE/);
		await until(() => served.model.questions.every(({ isOver }) => isOver));
	});

	it('is who asks nothing any more', async () => {
		await using served = await Served.start('a + b', { limits: { ...soon, headersMs: 1000, bodyMs: 1000 } });
		await using raw = await RawConnection.open(served.url);
		raw.say(`GET /healthz HTTP/1.1${crlf}Host: 127.0.0.1:${portOf(served)}${crlf}${crlf}`);
		assert.match(await raw.whole(), /\r\nok\n\r\n/);
		const session = connect(served.url);
		assert.equal(await over2(served, {}, JSON.stringify(hole), session), 200);
		await once(session, 'close');
	});
});

describe('rule 12: too many', () => {
	const limits = { streams: 2, queue: 1 };

	it('wait, and more than may wait are told when to come back', async () => {
		await using served = await Served.start(undefined, { limits });
		const asking = [1, 2, 3].map(() => served.post(path, hole));
		await until(() => served.model.questions.length === 2);
		const refused = await served.post(path, hole);
		assert.equal(refused.status, 429);
		assert.equal(refused.headers.get('retry-after'), '1');
		assert.equal((await refused.json()).error.code, 'busy');
		for (let index = 0; index < 3; index++) (await asked(served, index)).end();
		for (const response of await Promise.all(asking)) assert.equal(response.status, 200);
		assert.equal(served.model.mostAtOnce, 2);
	});

	it('calls of one client are refused for a while, those of another are not', async () => {
		await using served = await Served.start('a + b', { limits: { calls: { most: 3, perSecond: 0.5 } } });
		for (let index = 0; index < 3; index++) assert.equal((await served.get('/v1/models')).status, 200);
		const refused = await served.get('/v1/models');
		assert.equal(refused.status, 429);
		assert.equal(refused.headers.get('retry-after'), '2');
		const { text: other } = served.keys.create('other');
		assert.equal((await served.get('/v1/models', { authorization: `Bearer ${other}` })).status, 200);
		assert.equal((await served.get('/healthz')).status, 200);
	});

	it('requests at once are refused, whoever sends them', async () => {
		await using served = await Served.start(undefined, { limits: { exchanges: 2 } });
		const asking = [1, 2].map(() => served.post(path, hole));
		await until(() => served.model.questions.length === 2);
		assert.equal((await served.get('/healthz')).status, 503);
		for (const { end } of served.model.questions) end();
		await Promise.all(asking);
		assert.equal((await served.get('/healthz')).status, 200);
	});
});

describe('rule 13: floods over HTTP/2', () => {
	const ping = frame('ping', 0, 0, Buffer.alloc(8));
	const block = headerBlock([[':method', 'GET']]);
	const bomb = headerBlock([['x-long', 'x'.repeat(4000)]]);
	/** A long value goes to the table once, and comes back a hundred times for a byte each. */
	const indexed = Buffer.concat([Buffer.from([0x40, ...bomb.subarray(1)]), Buffer.alloc(100, 0xbe)]);
	const floods: readonly (readonly [string, Buffer])[] = [
		['pings', Buffer.concat(Array.from({ length: 2000 }, () => ping))],
		['settings', Buffer.concat(Array.from({ length: 2000 }, () => frame('settings', 0, 0)))],
		[
			'headers that never end',
			Buffer.concat([frame('headers', 0, 1, block), ...Array.from({ length: 2000 }, () => frame('continuation', 0, 1, bomb))]),
		],
	];

	for (const [what, flood] of floods) {
		it(`end the session: ${what}`, async () => {
			await using served = await Served.start('a + b');
			await using raw = await RawConnection.open(served.url);
			await raw.say(hello).say(flood).whole();
			assert.ok([constants.NGHTTP2_ENHANCE_YOUR_CALM, 1, 2, 9].includes(goneAway(raw.bytes) ?? 0), String(goneAway(raw.bytes)));
			assert.equal((await served.get('/healthz')).status, 200);
			assert.deepEqual(served.faults, []);
		});
	}

	it('of pings end the session also where the client hears every answer', async () => {
		await using served = await Served.start('a + b', { limits: { controls: { most: 20, perSecond: 0 } } });
		await using raw = await RawConnection.open(served.url);
		raw.say(hello);
		const answered = () => framesIn(raw.bytes).filter(({ type }) => type === 6).length;
		for (let sent = 1; sent <= 25 && goneAway(raw.bytes) === undefined; sent++) {
			raw.say(ping);
			await raw.hears(() => answered() >= sent || goneAway(raw.bytes) !== undefined);
		}
		await raw.whole();
		assert.equal(goneAway(raw.bytes), constants.NGHTTP2_ENHANCE_YOUR_CALM);
		assert.ok(answered() <= 21, `${answered()} answers`);
	});

	it('of headers that grow when they are unpacked end the stream', async () => {
		await using served = await Served.start('a + b');
		await using raw = await RawConnection.open(served.url);
		const own = `127.0.0.1:${portOf(served)}`;
		const request = headerBlock([...Object.entries({ ':method': 'GET', ':path': '/healthz', ':scheme': 'http', ':authority': own })]);
		const asked = (stream: number) => frame('headers', flags.endHeaders | flags.endStream, stream, Buffer.concat([request, indexed]));
		raw.say(hello).say(asked(1));
		await raw.hears(() => framesIn(raw.bytes).some(({ stream, type }) => stream === 1 && type === 0));
		assert.match(raw.text, /headers-too-large/);
		// From when the client has agreed to the settings they are not even unpacked.
		raw.say(frame('settings', flags.ack, 0)).say(asked(3));
		await raw.hears(() => resetOf(raw.bytes, 3) !== undefined);
		assert.equal(resetOf(raw.bytes, 3), constants.NGHTTP2_ENHANCE_YOUR_CALM);
	});

	it('of resets have the client begin a new session, and what is under way comes to its end', async () => {
		await using served = await Served.start(undefined, { limits: { resets: { most: 20, perSecond: 0 } } });
		const session = connect(served.url);
		const hasNotice = once(session, 'goaway');
		const first = over2(served, {}, JSON.stringify(hole), session);
		const question = await asked(served, 0);
		for (let index = 0; index < 21; index++) {
			const cancelled = open2(served, session);
			cancelled.write('{');
			await new Promise((resolve) => setTimeout(resolve, 2));
			cancelled.close(constants.NGHTTP2_CANCEL);
			await once(cancelled, 'close');
		}
		assert.deepEqual((await hasNotice).slice(0, 2), [constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1]);
		question.end();
		assert.equal(await first, 200);
		assert.deepEqual(served.faults, []);
		session.close();
	});
});

describe('rule 14: one request in another', () => {
	const second = `GET /smuggled HTTP/1.1${crlf}Host: 127.0.0.1${crlf}${crlf}`;
	const bodies: readonly (readonly [string, string])[] = [
		['a length and chunks', `Content-Length: 5${crlf}Transfer-Encoding: chunked${crlf}${crlf}0${crlf}${crlf}`],
		['chunks and a length', `Transfer-Encoding: chunked${crlf}Content-Length: 5${crlf}${crlf}0${crlf}${crlf}`],
		['two lengths', `Content-Length: 2${crlf}Content-Length: 3${crlf}${crlf}{} `],
		['the same length twice', `Content-Length: 2${crlf}Content-Length: 2${crlf}${crlf}{}`],
		['a list of lengths', `Content-Length: 2, 2${crlf}${crlf}{}`],
		['a length with a sign', `Content-Length: +2${crlf}${crlf}{}`],
		['another coding', `Transfer-Encoding: xchunked${crlf}${crlf}0${crlf}${crlf}`],
		['two codings', `Transfer-Encoding: gzip, chunked${crlf}${crlf}0${crlf}${crlf}`],
		['a coding after chunks', `Transfer-Encoding: chunked, identity${crlf}${crlf}0${crlf}${crlf}`],
		['a folded header', `X-A: b${crlf} c${crlf}Content-Length: 2${crlf}${crlf}{}`],
		['a space before the colon', `Content-Length : 2${crlf}${crlf}{}`],
		['a line without a carriage return', `X-A: b\nContent-Length: 2${crlf}${crlf}{}`],
		['headers that end without one', `Content-Length: 2${crlf}\n{}`],
		['a carriage return alone', `X-A: b\rContent-Length: 2${crlf}${crlf}{}`],
		['a zero byte', `X-A: \0${crlf}Content-Length: 2${crlf}${crlf}{}`],
		['chunks without carriage returns', `Transfer-Encoding: chunked${crlf}${crlf}2\n{}\n0\n\n`],
	];

	for (const [what, rest] of bodies) {
		it(`is refused: ${what}`, async () => {
			await using served = await Served.start('a + b');
			await using raw = await RawConnection.open(served.url);
			const text = await raw.say(`${head(served)}${rest}${second}`).whole();
			assert.match(text, /^HTTP\/1\.1 400 /);
			assert.equal(text.match(/HTTP\/1\.1 /g)?.length, 1, text);
			assert.deepEqual([served.model.questions, served.faults], [[], []]);
		});
	}

	it('is not what is left of a body that nobody wanted', async () => {
		await using served = await Served.start('a + b');
		await using raw = await RawConnection.open(served.url);
		const text = await raw
			.say(`POST /nothing HTTP/1.1${crlf}Host: 127.0.0.1:${portOf(served)}${crlf}Content-Length: 999${crlf}${crlf}${second}`)
			.whole();
		assert.equal(text.match(/HTTP\/1\.1 /g)?.length, 1, text);
	});
});
