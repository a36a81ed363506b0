import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { hole } from './faults.ts';

/** Typing, as several editors at once do it. */
const load = { sessions: 4, atOnce: 16, requests: 800 };
const path = '/v1/completions';
const body = (index: number) => ({ prompt: `${hole.prompt}${index % 40}`, suffix: '\n', max_tokens: 3, stream: true });

/** What clients saw. */
interface Seen {
	whole: number;
	cancelled: number;
	/** Neither: the code that the stream ended with, and what came of it. */
	readonly broken: string[];
	/** Connections that the server wanted to end. */
	goaways: number;
	readonly statuses: Record<string, number>;
}

/** Asks over a few HTTP/2 connections, cancels every other request sooner or later, and prints what came of it. */
export async function cancelHalf(url: string, key: string): Promise<Seen> {
	const { sessions, atOnce, requests } = load;
	const seen: Seen = { whole: 0, cancelled: 0, broken: [], goaways: 0, statuses: {} };
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
				const fields = { ':method': 'POST', ':path': path, authorization: `Bearer ${key}`, 'content-type': 'application/json' };
				await one(session, fields, JSON.stringify(body(index)), index % 2 === 1 ? Math.random() * 40 : undefined, seen);
			}
		}),
	);
	await Promise.all(asking);
	for (const session of clients) session.close();
	const { whole, cancelled, goaways, statuses } = seen;
	const ms = Math.round(performance.now() - started);
	console.log(`      ${whole} whole, ${cancelled} cancelled, ${goaways} GOAWAY, statuses ${JSON.stringify(statuses)}, in ${ms} ms`);
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
