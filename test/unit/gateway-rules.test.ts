import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { routes } from '../../src/gateway/routes.ts';
import { GatewayServer } from '../../src/gateway/server.ts';
import { ask, crlf, head, hole, over2, path, portOf } from '../gateway-calls.ts';
import { RawConnection } from '../raw-connection.ts';
import { Served } from '../served.ts';
import { until } from '../until.ts';

/** What must not be let in, by the number of its rule. Rules on keys, files and the log are in gateway-access.test.ts and gateway-place.test.ts. */

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

	it('are refused but for the one that clients know it by', async () => {
		await using served = await Served.start('a + b', { address: 'https://code.example.com' });
		assert.equal((await ask(served, { Host: 'code.example.com' })).status, 200);
		assert.equal(await over2(served, { ':authority': 'code.example.com' }), 200);
		for (const host of ['code.example.com:81', 'example.com', 'a.code.example.com'])
			assert.equal((await ask(served, { Host: host })).status, 421, host);
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

	it('and whoever else packs a body are refused: what is in it could be of any size', async () => {
		await using served = await Served.start('a + b');
		for (const coding of ['gzip', 'br', 'deflate, gzip']) {
			const { status, text } = await ask(served, { 'Content-Encoding': coding });
			assert.equal(status, 415);
			assert.match(text, /Content-Encoding/);
		}
		assert.equal((await ask(served, { 'Content-Encoding': 'identity' })).status, 200);
	});

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

	it('is what more than 128 headers are: none is passed over, also not the last', async () => {
		await using served = await Served.start('a + b');
		for (const count of [150, 2500]) {
			const fields = `X: y${crlf}`.repeat(count);
			await using raw = await RawConnection.open(served.url);
			raw.say(`GET /healthz HTTP/1.1${crlf}Host: 127.0.0.1:${portOf(served)}${crlf}${fields}Origin: https://evil.example${crlf}${crlf}`);
			assert.equal(await raw.status(), 431);
		}
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
		for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
			const { status, head } = await ask(served, {}, method);
			assert.equal(status, 405, method);
			assert.match(head, method === 'TRACE' ? /\r\nallow: GET, POST/ : /\r\nallow: POST/);
		}
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
