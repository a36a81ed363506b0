import { type ClientHttp2Session, connect, constants } from 'node:http2';

interface Load {
	readonly path: string;
	readonly body: (index: number) => object;
	readonly headers: Readonly<Record<string, string>>;
	readonly sessions: number;
	readonly requests: number;
	/** In each session. */
	readonly atOnce: number;
}

/** What clients saw. */
interface Seen {
	whole: number;
	cancelled: number;
	/** Neither: the code that the stream ended with, and what came of it. */
	readonly broken: string[];
	/** Connections that the server wanted to end. */
	goaways: number;
	readonly statuses: Record<string, number>;
	ms: number;
}

/** Asks over a few HTTP/2 connections, and cancels every other request sooner or later. */
export async function cancelHalf(url: string, key: string, { path, body, headers, sessions, requests, atOnce }: Load): Promise<Seen> {
	const seen: Seen = { whole: 0, cancelled: 0, broken: [], goaways: 0, statuses: {}, ms: 0 };
	const started = performance.now();
	let next = 0;
	const clients = Array.from({ length: sessions }, () => {
		const session = connect(url);
		session.on('goaway', () => seen.goaways++);
		session.on('error', () => {});
		return session;
	});
	const asking = clients.flatMap((session) =>
		Array.from({ length: atOnce }, async () => {
			while (next < requests) {
				const index = next++;
				const fields = { ':method': 'POST', ':path': path, authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers };
				await one(session, fields, JSON.stringify(body(index)), index % 2 === 1 ? Math.random() * 40 : undefined, seen);
			}
		}),
	);
	await Promise.all(asking);
	for (const session of clients) session.close();
	seen.ms = performance.now() - started;
	return seen;
}

async function one(session: ClientHttp2Session, fields: Record<string, string>, body: string, cancelAfter: number | undefined, seen: Seen) {
	const stream = session.request(fields);
	stream.on('error', () => {});
	let isCancelled = false;
	const cancel = setTimeout(() => {
		isCancelled = true;
		stream.close(constants.NGHTTP2_CANCEL);
	}, cancelAfter);
	if (cancelAfter === undefined) clearTimeout(cancel);
	let text = '';
	stream.on('response', ({ ':status': status }) => {
		seen.statuses[String(status)] = (seen.statuses[String(status)] ?? 0) + 1;
	});
	stream.setEncoding('utf8').on('data', (chunk: string) => {
		text += chunk;
	});
	stream.end(body);
	await new Promise<void>((resolve) => stream.once('close', resolve));
	clearTimeout(cancel);
	if (text.includes('[DONE]')) seen.whole++;
	else if (isCancelled) seen.cancelled++;
	else seen.broken.push(`${stream.rstCode}: ${text.slice(0, 200)}`);
}
