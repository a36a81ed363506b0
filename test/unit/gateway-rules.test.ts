import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Limits } from '../../src/gateway/limits.ts';
import { routes } from '../../src/gateway/routes.ts';
import { GatewayServer } from '../../src/gateway/server.ts';
import { flags, frame, framesIn, goneAway, headerBlock, hello, resetOf } from '../http2-frames.ts';
import { RawConnection } from '../raw-connection.ts';
import { Served } from '../served.ts';

/** What must not be let in, by the number of its rule. Rules on keys, files and the log are in gateway-access.test.ts and gateway-place.test.ts. */
const hole = { prompt: 'def add(a, b):\n    return ', max_tokens: 20 };
const path = '/v1/completions';
const crlf = '\r\n';

describe('rule 1: other machines', () => {
	for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
		it(`reach it at ${host} only with TLS`, async () => {
			await using server = new GatewayServer(
				async () => new Response(),
				() => {},
			);
			await assert.rejects(server.listen({ port: 0, host }), /open to other machines/);
		});
	}
});

describe('rule 2: other names', () => {
	const strange = (port: string) => [
		'evil.example',
		`evil.example:${port}`,
		`localhost.evil.example:${port}`,
		'127.0.0.1:1',
		`[::2]:${port}`,
	];

	it('are refused over HTTP/1.1', async () => {
		await using served = await Served.start('a + b');
		for (const host of strange(portOf(served))) assert.equal((await ask(served, { Host: host })).status, 421, host);
		for (const host of ['localhost', '127.0.0.1', '[::1]']) {
			assert.equal((await ask(served, { Host: `${host}:${portOf(served)}` })).status, 200, host);
		}
	});

	it('are refused over HTTP/2, where they are not in a header', async () => {
		await using served = await Served.start('a + b');
		for (const host of strange(portOf(served))) assert.equal(await over2(served, { ':authority': host }), 421, host);
	});

	it('are refused where there are two', async () => {
		await using served = await Served.start('a + b');
		const own = `127.0.0.1:${portOf(served)}`;
		assert.equal(await over2(served, { ':authority': own, host: 'evil.example' }), 400);
		assert.equal(await over2(served, { ':authority': own, host: own }), 200);
		assert.equal((await ask(served, { Host: `${own}${crlf}Host: evil.example` })).status, 400);
	});

	for (const host of ['', 'a@127.0.0.1', '127.0.0.1/x', '127.0.0.1#', '127.0.0.1\\x', '[::1']) {
		it(`are refused where they are none: “${host}”`, async () => {
			await using served = await Served.start('a + b');
			assert.equal((await ask(served, { Host: host })).status, 400);
		});
	}
});

describe('rules 3, 4, 8 and 9: web pages', () => {
	for (const origin of ['https://evil.example', 'null', 'http://localhost', 'http://127.0.0.1:1']) {
		it(`of ${origin} are refused, and are told nothing about who may ask`, async () => {
			await using served = await Served.start('a + b');
			for (const method of ['GET', 'POST', 'OPTIONS']) {
				const { status, head } = await ask(served, { Origin: origin }, method);
				assert.equal(status, 403);
				assert.doesNotMatch(head, /access-control/i);
			}
		});
	}

	it('that ask before they ask are refused', async () => {
		await using served = await Served.start('a + b');
		const { status, head } = await ask(served, { 'Access-Control-Request-Method': 'POST' }, 'OPTIONS');
		assert.equal(status, 403);
		assert.doesNotMatch(head, /access-control/i);
		assert.equal((await ask(served, {}, 'OPTIONS', '*')).status, 403);
	});

	for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '']) {
		it(`cannot send “${type}”, as a form could`, async () => {
			await using served = await Served.start('a + b');
			// Whether somebody is there may be asked without a body.
			for (const { path } of routes.filter(({ method, path }) => method === 'POST' && path !== '/v1/health')) {
				assert.equal((await ask(served, { 'Content-Type': type }, 'POST', path)).status, 415, path);
			}
			assert.deepEqual(served.model.questions, []);
		});
	}

	for (const site of ['cross-site', 'same-site']) {
		it(`from elsewhere (${site}) are refused, also where they leave out their origin`, async () => {
			await using served = await Served.start('a + b');
			assert.equal((await ask(served, { 'Sec-Fetch-Site': site }, 'GET', '/v1/models')).status, 403);
		});
	}
});

describe('rules 5, 6 and 7: who has no token', () => {
	it('gets nothing but “ok”', async () => {
		await using served = await Served.start('a + b');
		for (const { method, path, isOpen } of routes) {
			const { status, text } = await ask(served, { Authorization: '' }, method, path);
			if (!isOpen) assert.equal(status, 401, path);
			else if (method === 'GET') assert.match(text, /\r\nok\n\r\n|\r\nOllama is running\r\n/);
			assert.ok(!text.includes(served.key));
		}
		assert.deepEqual(served.model.questions, []);
	});

	it('cannot send one in the address', async () => {
		await using served = await Served.start('a + b');
		for (const name of ['token', 'key', 'access_token']) {
			assert.equal((await ask(served, { Authorization: '' }, 'GET', `/v1/models?${name}=${served.key}`)).status, 401);
		}
	});
});

describe('rule 10: what is too much', () => {
	const limits = { bodyBytes: 10_000 };

	it('is refused before it is read, or as soon as it is', async () => {
		await using served = await Served.start('a + b', { limits });
		const said = `Content-Length: 10001${crlf}${crlf}`;
		const chunked = `Transfer-Encoding: chunked${crlf}${crlf}2710${crlf}${'x'.repeat(10_000)}${crlf}1${crlf}x${crlf}0${crlf}${crlf}`;
		for (const rest of [said, chunked]) {
			await using raw = await RawConnection.open(served.url);
			assert.equal(await raw.say(`${head(served, { Connection: 'close' })}${rest}`).status(), 413);
			assert.match(await raw.whole(), /too-large/);
		}
		assert.deepEqual(served.model.questions, []);
	});

	it('is refused over HTTP/2, and the session lives on', async () => {
		await using served = await Served.start('a + b', { limits });
		const session = connect(served.url);
		assert.equal(await over2(served, {}, 'x'.repeat(20_000), session), 413);
		assert.equal(await over2(served, {}, JSON.stringify(hole), session), 200);
		session.close();
	});

	it('is what 16 kB of headers are', async () => {
		await using served = await Served.start('a + b');
		assert.equal((await ask(served, { 'X-Long': 'x'.repeat(17_000) })).status, 431);
		assert.equal((await ask(served, { 'X-Long': 'x'.repeat(10_000) })).status, 200);
		assert.equal(await over2(served, { 'x-long': 'x'.repeat(17_000) }), 431);
	});

	it('is what is too deep', async () => {
		await using served = await Served.start('a + b');
		const deep = `{"prompt":${'['.repeat(32)}${']'.repeat(32)}}`;
		assert.equal((await served.post(path, deep)).status, 413);
	});

	it('is not what is long: the model gets what fits into its window', async () => {
		await using served = await Served.start('a + b');
		assert.equal((await served.post(path, { ...hole, prompt: `${'x = 1\n'.repeat(100_000)}y = ` })).status, 200);
		const [question] = served.model.questions;
		assert.ok((question?.options.prompt.length ?? 0) < 20_000);
	});
});

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

describe('rules 15 and 16: no proxy', () => {
	for (const target of ['http://evil.example/v1/models', 'https://127.0.0.1/v1/models', 'evil.example:80', '*']) {
		it(`refuses ${target}`, async () => {
			await using served = await Served.start('a + b');
			assert.equal((await ask(served, {}, 'GET', target)).status, 400);
		});
	}

	for (const target of ['//evil.example/v1/models', '/\\evil.example/v1/models', '/http://evil.example/']) {
		it(`has nothing at ${target}`, async () => {
			await using served = await Served.start('a + b');
			assert.equal((await ask(served, {}, 'GET', target)).status, 404);
		});
	}

	it('believes nobody about whom they speak for', async () => {
		await using served = await Served.start('a + b');
		const own = { 'X-Forwarded-Host': `127.0.0.1:${portOf(served)}`, 'X-Forwarded-For': '127.0.0.1', Forwarded: 'host=localhost' };
		assert.equal((await ask(served, { ...own, Host: 'evil.example' })).status, 421);
		const evil = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Original-URL': '/nothing' };
		assert.equal((await ask(served, evil)).status, 200);
	});
});

describe('rule 17: other methods', () => {
	it('are refused over HTTP/1.1', async () => {
		await using served = await Served.start('a + b');
		for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) assert.equal((await ask(served, {}, method)).status, 405, method);
		assert.equal((await ask(served, {}, 'CONNECT', 'evil.example:443')).status, 405);
		assert.equal((await ask(served, { Connection: 'Upgrade', Upgrade: 'websocket' }, 'GET', '/v1/models')).status, 405);
	});

	it('are refused over HTTP/2', async () => {
		await using served = await Served.start('a + b');
		for (const method of ['TRACE', 'PUT', 'DELETE']) {
			assert.equal(await over2(served, { ':method': method }), 405, method);
		}
		const session = connect(served.url);
		const stream = session.request({ ':method': 'CONNECT', ':authority': 'evil.example:443' });
		const [headers] = await once(stream, 'response');
		assert.equal(headers[':status'], 405);
		session.destroy();
	});

	it('are not what a client offers that could also speak HTTP/2', async () => {
		await using served = await Served.start('a + b');
		const { status } = await ask(
			served,
			{ Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': '' },
			'GET',
			'/v1/models',
		);
		assert.equal(status, 200);
	});
});

describe('rule 22: what is answered', () => {
	it('is taken for nothing else, whatever it is', async () => {
		await using served = await Served.start('a + b');
		const answers = [
			await served.get('/healthz'),
			await served.get('/nothing'),
			await served.get('/v1/models', { authorization: '' }),
			await served.post(path, { ...hole, stream: true }),
			await served.post('/', { prompt: 'x' }),
			await served.post(path, '{'),
		];
		for (const { headers } of answers) {
			assert.equal(headers.get('x-content-type-options'), 'nosniff');
			assert.equal(headers.get('content-security-policy'), "default-src 'none'");
		}
		await Promise.all(answers.map((answer) => answer.text()));
	});
});

describe('rule 23: what nobody expected', () => {
	it('is the failure of one stream, and tells nothing about the inside', async () => {
		await using served = await Served.start();
		served.model.answer = (prompt) => (prompt.includes('add') ? new Error('a secret at /home/somebody') : 'a + b');
		const session = connect(served.url);
		const [failing, other] = [hole, { ...hole, prompt: 'x = ' }].map((body) => over2(served, {}, JSON.stringify(body), session));
		assert.deepEqual([await failing, await other], [500, 200]);
		const text = await (await served.post(path, hole)).text();
		assert.doesNotMatch(text, /secret|somebody|\bat \S+:\d/);
		assert.match(text, /its log has the details/);
		assert.equal(served.faults.length, 2);
		session.close();
	});

	it('is the end of a stream that has begun, and of nothing else', async () => {
		await using served = await Served.start();
		const asking = served.post(path, { ...hole, stream: true });
		await until(() => served.model.questions.length > 0);
		const [question] = served.model.questions;
		question?.say('a');
		const response = await asking;
		question?.fail(new Error('a secret'));
		const text = await response.text();
		assert.match(text, /event: error/);
		assert.doesNotMatch(text, /secret|DONE/);
		assert.equal(served.faults.length, 1);
	});

	it('is a failure also where it is the server’s own', async () => {
		const faults: unknown[] = [];
		await using server = new GatewayServer(
			async () => {
				throw new Error('a secret');
			},
			(error) => faults.push(error),
		);
		const port = await server.listen({ port: 0, host: '127.0.0.1' });
		const response = await fetch(`http://127.0.0.1:${port}/`);
		assert.equal(response.status, 500);
		assert.doesNotMatch(await response.text(), /secret/);
		assert.equal(faults.length, 1);
	});
});

function portOf({ url }: Served): string {
	return new URL(url).port;
}

/** The start of a call over HTTP/1.1, up to what says how long it is. */
function head(served: Served, more: Readonly<Record<string, string>> = {}, method = 'POST', target = path): string {
	const usual = {
		Host: `127.0.0.1:${portOf(served)}`,
		Authorization: `Bearer ${served.key}`,
		'Content-Type': 'application/json',
	};
	const headers = Object.entries({ ...usual, ...more }).map(([name, value]) => `${name}: ${value}${crlf}`);
	return `${method} ${target} HTTP/1.1${crlf}${headers.join('')}`;
}

/** A call over HTTP/1.1, byte for byte. */
async function ask(served: Served, headers: Readonly<Record<string, string>>, method = 'POST', target = path) {
	await using raw = await RawConnection.open(served.url);
	const body = method === 'POST' ? JSON.stringify(hole) : '';
	raw.say(`${head(served, { Connection: 'close', ...headers }, method, target)}Content-Length: ${body.length}${crlf}${crlf}${body}`);
	const status = await raw.status();
	const text = headers['Connection'] === undefined ? await raw.whole() : raw.text;
	return { status, text, head: text.slice(0, text.indexOf(`${crlf}${crlf}`)) };
}

function open2({ key }: Served, session: ClientHttp2Session, headers: Readonly<Record<string, string>> = {}) {
	const token = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
	const all: Readonly<Record<string, string>> = { ':method': 'POST', ':path': path, ...token, ...headers };
	return session.request(all);
}

/** A call over HTTP/2; without a body it never ends. Resolves to its status. */
async function over2(
	served: Served,
	headers: Readonly<Record<string, string>>,
	body: string | null = JSON.stringify(hole),
	shared?: ClientHttp2Session,
): Promise<number> {
	const session = shared ?? connect(served.url);
	const stream = open2(served, session, headers);
	if (body === null) stream.write('{');
	else if (!stream.writableEnded) stream.end(body);
	try {
		const [answered] = await once(stream, 'response');
		stream.resume();
		await once(stream, 'close');
		return answered[':status'];
	} finally {
		if (!shared) session.close();
	}
}

async function asked({ model }: Served, index: number) {
	await until(() => model.questions.length > index);
	return await model.asked(index);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
