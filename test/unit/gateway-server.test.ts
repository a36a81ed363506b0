import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { flags, frame, framesIn, goneAway, headerBlock, hello } from '../http2-frames.ts';
import { RawConnection } from '../raw-connection.ts';
import { Served } from '../served.ts';
import { until } from '../until.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const path = '/v1/completions';
const hole = { prompt: 'def add(a, b):\n    return ', max_tokens: 20 };

describe('the server of the gateway', () => {
	for (const size of [1, 3, 17, 23]) {
		it(`knows HTTP/2 by its first words, also in pieces of ${size}`, async () => {
			await using served = await Served.start('a + b');
			await using raw = await RawConnection.open(served.url);
			const own = new URL(served.url).host;
			const headers = headerBlock(Object.entries({ ':method': 'GET', ':path': '/healthz', ':scheme': 'http', ':authority': own }));
			const said = Buffer.concat([hello, frame('headers', flags.endHeaders | flags.endStream, 1, headers)]);
			for (let at = 0; at < said.length; at += size) {
				raw.say(said.subarray(at, at + size));
				if (at < 40) await new Promise((resolve) => setImmediate(resolve));
			}
			await raw.hears((text) => text.includes('ok\n'));
			assert.ok(framesIn(raw.bytes).some(({ stream, type }) => stream === 1 && type === 0));
		});
	}

	for (const start of ['P', 'PR', 'PRI * HTTP/1', 'PROPFIND']) {
		it(`knows HTTP/1.1, also where it begins like HTTP/2: ${start}`, async () => {
			await using served = await Served.start('a + b');
			await using raw = await RawConnection.open(served.url);
			raw.say(start);
			await new Promise((resolve) => setTimeout(resolve, 5));
			raw.say(` / HTTP/1.1\r\nHost: ${new URL(served.url).host}\r\nConnection: close\r\n\r\n`);
			assert.match(await raw.whole(), /^HTTP\/1\.1 4\d\d /);
		});
	}

	it('answers HEAD like GET, without what follows', async () => {
		await using served = await Served.start('a + b');
		const response = await fetch(`${served.url}/healthz`, { method: 'HEAD' });
		assert.deepEqual([response.status, await response.text()], [200, '']);
		assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
		const session = connect(served.url);
		const stream = session.request({ ':method': 'HEAD', ':path': '/healthz' });
		const [headers] = await once(stream, 'response');
		assert.equal(headers[':status'], 200);
		stream.resume();
		await once(stream, 'close');
		session.close();
	});

	it('says nothing of a connection over HTTP/2', async () => {
		await using served = await Served.start('a + b');
		const session = connect(served.url);
		const stream = session.request({ ':path': '/healthz' });
		const [headers] = await once(stream, 'response');
		for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade']) assert.ok(!(name in headers), name);
		stream.resume();
		await once(stream, 'close');
		session.close();
	});

	it('goes on with a connection after a refusal', async () => {
		await using served = await Served.start('a + b');
		await using raw = await RawConnection.open(served.url);
		const get = (where: string) => `GET ${where} HTTP/1.1\r\nHost: ${new URL(served.url).host}\r\n\r\n`;
		raw.say(get('/nothing')).say(get('/healthz'));
		assert.match(await raw.hears((text) => text.includes('ok\n')), /^HTTP\/1\.1 404 [\s\S]*HTTP\/1\.1 200 /);
	});

	it('hears that a client went away also after memory was tidied up', async () => {
		await using served = await Served.start();
		const gone = new AbortController();
		const asking = served.post(path, { ...hole, stream: true }, gone.signal);
		await until(() => served.model.questions.length === 1);
		const [question] = served.model.questions;
		question?.say('a');
		await (await asking).body?.getReader().read();
		for (let times = 0; times < 5; times++) {
			collectGarbage();
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
		gone.abort();
		await until(() => question?.isOver === true);
	});

	it('stops when what is under way has come to its end, and takes nothing new', async () => {
		const served = await Served.start();
		const session = connect(served.url);
		const asking = served.post(path, hole);
		const stream = session.request({
			':method': 'POST',
			':path': path,
			authorization: `Bearer ${served.key}`,
			'content-type': 'application/json',
		});
		stream.end(JSON.stringify(hole));
		await until(() => served.model.questions.length === 2);
		const hasNotice = once(session, 'goaway');
		const stopped = served[Symbol.asyncDispose]();
		await hasNotice;
		await assert.rejects(served.get('/healthz'));
		for (const { say, end } of served.model.questions) {
			say('a + b');
			end();
		}
		assert.match(await (await asking).text(), /a \+ b/);
		let text = '';
		for await (const chunk of stream.setEncoding('utf8')) text += chunk;
		assert.match(text, /a \+ b/);
		await stopped;
		assert.deepEqual(served.faults, []);
	});

	it('stops in the end also where a model or a client never does', async () => {
		const served = await Served.start(undefined, { limits: { drainMs: 100 } });
		await using silent = await RawConnection.open(served.url);
		await using half = await RawConnection.open(served.url);
		half.say('POST / HTTP/1.1\r\nHost: x\r\n');
		await using quiet = await RawConnection.open(served.url);
		await quiet.say(hello).hears(() => framesIn(quiet.bytes).length > 0);
		const refused = assert.rejects(served.post(path, hole));
		await until(() => served.model.questions.length === 1);
		const at = performance.now();
		await served[Symbol.asyncDispose]();
		assert.ok(performance.now() - at < 1000);
		await refused;
		await until(() => served.model.questions.every(({ isOver }) => isOver));
		assert.equal(goneAway(quiet.bytes), 0);
		await Promise.all([silent.whole(), half.whole(), quiet.whole()]);
	});
});
