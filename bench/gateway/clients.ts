import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '../random.ts';
import { Http1Client } from './http1-client.ts';
import { Http2Client } from './http2-client.ts';
import type { Counted, Job, Storm, Target } from './jobs.ts';

/** The clients of a gateway, in a thread of their own: they do not keep it waiting, nor it them. */
type Client = Http1Client | Http2Client;

if (!parentPort) throw new Error('This runs in a thread.');
const port = parentPort;
const { url, key, bare }: Target = workerData;
const random = seededRandom(8);
const now = () => performance.timeOrigin + performance.now();

const whole = { prompt: 'def add(a, b):\n    return ', suffix: '\n', max_tokens: 64 };
const streamed = { ...whole, stream: true };

async function run(job: Job): Promise<unknown> {
	switch (job.kind) {
		case 'storm':
			return await storm(job);
		case 'hammer':
			return await hammer(job.requests, job.atOnce);
		case 'resets':
			return await resets(job.count);
		case 'cancel':
			return await cancel(job.version, job.isEarly);
	}
}

/** Keeps so many streams open; cancels every other one at some moment. Some go to the same backend without the gateway meanwhile. */
async function storm({ streams, atOnce, longestMs, bareAtOnce }: Storm): Promise<Counted> {
	const clients = clientsOf(3);
	const counted = nothing();
	let begun = 0;
	const next = async (client: Client) => {
		// They do not all come in the same moment.
		await new Promise((resolve) => setTimeout(resolve, random() * longestMs));
		while (begun < streams) {
			const cancelMs = begun++ % 2 === 0 ? undefined : random() * longestMs;
			const { status, text, firstMs, isCancelled } = await client.post(streamed, cancelMs).over;
			if (firstMs !== undefined && status === 200) counted.firstMs.push(firstMs);
			if (isCancelled) counted.cancelled++;
			else if (status === 429) counted.refused++;
			else if (text.endsWith('data: [DONE]\n\n')) counted.answered++;
			else counted.lost++;
		}
	};
	const [http1 = '', http2 = ''] = bare;
	const others = [new Http1Client(http1, key), ...[1, 2, 3].map(() => new Http2Client(http2, key))];
	const compare = async (client: Client) => {
		await new Promise((resolve) => setTimeout(resolve, random() * longestMs));
		while (begun < streams) {
			const { firstMs } = await client.post(streamed, random() < 0.5 ? undefined : random() * longestMs).over;
			if (firstMs !== undefined) counted.bareFirstMs.push(firstMs);
		}
	};
	await Promise.all([atOnceWith(clients, atOnce, next), atOnceWith(others, bareAtOnce, compare)]);
	for (const client of others) client.close();
	for (const client of clients) {
		counted.goaways += client.goaways;
		client.close();
	}
	return counted;
}

/** One request after another, some at the same time, over both protocols. */
async function hammer(requests: number, atOnce: number): Promise<Counted> {
	const clients = clientsOf(1);
	const counted = nothing();
	let begun = 0;
	const next = async (client: Client) => {
		while (begun < requests) {
			const { status, text } = await client.post(begun++ % 2 === 0 ? streamed : whole).over;
			if (status === 200 && text !== '') counted.answered++;
			else counted.lost++;
		}
	};
	await atOnceWith(clients, atOnce, next);
	for (const client of clients) client.close();
	return counted;
}

/** Streams that are cancelled as soon as they are asked for, with a call in between that is not: each of those has to be answered. */
async function resets(count: number): Promise<Counted & { readonly sessions: number; readonly killed: number }> {
	const client = new Http2Client(url, key);
	const counted = nothing();
	const answers: Promise<void>[] = [];
	for (let index = 0; index < count; index++) {
		const { over } = client.post(streamed, 0);
		counted.cancelled++;
		if (index % 25 === 0)
			answers.push(client.post(whole).over.then(({ status }) => void (status === 200 ? counted.answered++ : counted.lost++)));
		if (index % 4 === 0) await over;
	}
	await Promise.all(answers);
	counted.goaways = client.goaways;
	client.close();
	return { ...counted, sessions: client.sessions, killed: client.killed };
}

/** Asks, waits until the bench says so, and cancels. Resolves to when that was; what was asked then has to be answered, else it is no time. */
async function cancel(version: 1 | 2, isEarly: boolean): Promise<number> {
	const client = version === 1 ? new Http1Client(url, key) : new Http2Client(url, key);
	const call = client.post(streamed);
	await (isEarly ? new Promise((resolve) => setTimeout(resolve, 5)) : new Promise((resolve) => port.once('message', resolve)));
	const at = now();
	call.cancel();
	await call.over;
	const isAnswered = client.post(whole);
	setTimeout(isAnswered.cancel, 10_000).unref();
	const { status } = await isAnswered.over;
	client.close();
	return status === 200 ? at : Number.NaN;
}

function clientsOf(sessions: number): readonly [Client, ...Client[]] {
	return [new Http1Client(url, key), ...Array.from({ length: sessions }, () => new Http2Client(url, key))];
}

function nothing(): Counted {
	return { answered: 0, cancelled: 0, refused: 0, lost: 0, goaways: 0, firstMs: [], bareFirstMs: [] };
}

/** So many at the same time, in turn with each of the clients. */
async function atOnceWith(clients: readonly Client[], atOnce: number, work: (client: Client) => Promise<void>): Promise<void> {
	await Promise.all(Array.from({ length: Math.ceil(atOnce / clients.length) }, () => clients.map(work)).flat());
}

port.on('message', (message: Job | 'now') => {
	if (message !== 'now') void run(message).then((result) => port.postMessage(result));
});
