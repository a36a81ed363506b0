import assert from 'node:assert/strict';
import { crlf, head, hole, portOf } from '../gateway-calls.ts';
import { RawConnection } from '../raw-connection.ts';
import { Served } from '../served.ts';

const body = JSON.stringify(hole);
const streamed = JSON.stringify({ ...hole, stream: true });
const close = { Connection: 'close' };

/** With its body, by its length. */
function whole(served: Served, text = body, headers: Readonly<Record<string, string>> = {}): string {
	return `${head(served, headers)}Content-Length: ${Buffer.byteLength(text)}${crlf}${crlf}${text}`;
}

function look(served: Served, more = ''): string {
	return `GET /healthz HTTP/1.1${crlf}Host: 127.0.0.1:${portOf(served)}${crlf}${more}${crlf}`;
}

describe('a clumsy client', () => {
	it('asks whether it may go on, and may', async () => {
		await using served = await Served.start('a + b');
		await using raw = await RawConnection.open(served.url);
		raw.say(`${head(served, { ...close, Expect: '100-continue' })}Content-Length: ${body.length}${crlf}${crlf}`);
		assert.match(await raw.hears((text) => text.includes('100 Continue')), /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
		assert.match(await raw.say(body).whole(), /HTTP\/1\.1 200 OK[\s\S]*a \+ b/);
	});

	it('asks several things at once, and hears the answers in their order', async () => {
		await using served = await Served.start('a + b');
		await using raw = await RawConnection.open(served.url);
		const text = await raw.say(`${look(served)}${whole(served)}${look(served, `Connection: close${crlf}`)}`).whole();
		assert.match(text, /\r\nok\n[\s\S]*"text":"a \+ b"[\s\S]*\r\nok\n/);
		assert.equal(text.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
	});

	it('says more after its body, which counts for nothing: no token comes too late', async () => {
		await using served = await Served.start('a + b');
		for (const [authorization, status] of [
			[`Bearer ${served.key}`, 200],
			['', 401],
		] as const) {
			await using raw = await RawConnection.open(served.url);
			const chunks = `${body.length.toString(16)}${crlf}${body}${crlf}0${crlf}Authorization: Bearer ${served.key}${crlf}${crlf}`;
			const start = head(served, { ...close, Authorization: authorization, Trailer: 'Authorization' });
			assert.equal(await raw.say(`${start}Transfer-Encoding: chunked${crlf}${crlf}${chunks}`).status(), status);
		}
	});

	it('speaks HTTP/1.0, and is answered until the connection closes', async () => {
		await using served = await Served.start('a + b');
		await using raw = await RawConnection.open(served.url);
		const text = await raw.say(whole(served, streamed).replace('HTTP/1.1', 'HTTP/1.0')).whole();
		assert.doesNotMatch(text, /transfer-encoding/i);
		assert.match(text, /\[DONE\]\n\n$/);
	});

	it('begins its JSON with a byte order mark', async () => {
		await using served = await Served.start('a + b');
		assert.equal((await served.post('/v1/completions', `\uFEFF${body}`)).status, 200);
	});

	it('closes its half of the connection: it has gone, and the model stops', async () => {
		await using served = await Served.start();
		await using raw = await RawConnection.open(served.url);
		raw.say(whole(served, streamed));
		const question = await served.model.asked(0);
		raw.end();
		await question.over();
		await raw.whole();
		assert.deepEqual(served.faults, []);
	});

	it('says what makes no sense while it is answered: the stream breaks off, and the model stops', async () => {
		await using served = await Served.start();
		await using raw = await RawConnection.open(served.url);
		raw.say(whole(served, streamed));
		const question = await served.model.asked(0);
		question.say('a');
		await raw.hears((text) => text.includes('"text":"a"'));
		const text = await raw.say(`\0\0${crlf}${crlf}`).whole();
		await question.over();
		assert.doesNotMatch(text, /DONE|\r\n0\r\n\r\n|400 Bad/);
		assert.deepEqual(served.faults, []);
	});

	it('dots and doubles its way to a path: who may not go there may not go there so either', async () => {
		await using served = await Served.start('a + b');
		for (const target of [
			'/healthz/../v1/models',
			'/healthz/%2e%2e/v1/models',
			'/./v1/models',
			'/v1/models/',
			'/v1//models',
			'/V1/models',
		]) {
			await using raw = await RawConnection.open(served.url);
			const status = await raw.say(head(served, { ...close, Authorization: '' }, 'GET', target) + crlf).status();
			assert.ok(status === 401 || status === 404, `${target}: ${status}`);
		}
	});
});
