import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { RawConnection } from './raw-connection.ts';
import type { Served } from './served.ts';
import { until } from './until.ts';

/** What the gateway is asked, in tests that change something about it. */
export const hole = { prompt: 'def add(a, b):\n    return ', max_tokens: 20 };
export const path = '/v1/completions';
export const crlf = '\r\n';

export function portOf({ url }: Served): string {
	return new URL(url).port;
}

/** The start of a call over HTTP/1.1, up to what says how long it is. */
export function head(served: Served, more: Readonly<Record<string, string>> = {}, method = 'POST', target = path): string {
	const usual = {
		Host: `127.0.0.1:${portOf(served)}`,
		Authorization: `Bearer ${served.key}`,
		'Content-Type': 'application/json',
	};
	const headers = Object.entries({ ...usual, ...more }).map(([name, value]) => `${name}: ${value}${crlf}`);
	return `${method} ${target} HTTP/1.1${crlf}${headers.join('')}`;
}

/** A call over HTTP/1.1, byte for byte. */
export async function ask(served: Served, headers: Readonly<Record<string, string>>, method = 'POST', target = path) {
	await using raw = await RawConnection.open(served.url);
	const body = method === 'POST' ? JSON.stringify(hole) : '';
	raw.say(`${head(served, { Connection: 'close', ...headers }, method, target)}Content-Length: ${body.length}${crlf}${crlf}${body}`);
	const status = await raw.status();
	const text = headers['Connection'] === undefined ? await raw.whole() : raw.text;
	return { status, text, head: text.slice(0, text.indexOf(`${crlf}${crlf}`)) };
}

export function open2({ key }: Served, session: ClientHttp2Session, headers: Readonly<Record<string, string>> = {}) {
	const token = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
	const all: Readonly<Record<string, string>> = { ':method': 'POST', ':path': path, ...token, ...headers };
	return session.request(all);
}

/** A call over HTTP/2; without a body it never ends. Resolves to its status. */
export async function over2(
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

export async function asked({ model }: Served, index: number) {
	await until(() => model.questions.length > index);
	return await model.asked(index);
}
