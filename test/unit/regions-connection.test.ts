import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Broken, beginning, Http2Session } from '../../src/std/http2-session.ts';
import { until } from '../until.ts';

const question = { method: 'POST', path: '/', headers: {}, body: new TextEncoder().encode('{}') };

/** A server that does with each request what a test wants. */
async function serving(answer: (stream: ServerHttp2Stream) => void) {
	const sessions = new Set<ServerHttp2Session>();
	const server = createServer({ settings: { maxConcurrentStreams: 128 } });
	server.on('session', (session) => sessions.add(session));
	server.on('stream', (stream) => {
		stream.on('error', () => {});
		stream.resume();
		answer(stream);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const session = new Http2Session(urlOf(server.address()));
	const dispose = async () => {
		session.close();
		for (const one of sessions) one.destroy();
		server.close();
	};
	return { session, sessions, [Symbol.asyncDispose]: dispose };
}

function urlOf(address: AddressInfo | string | null): string {
	assert.ok(address !== null && typeof address === 'object');
	return `http://127.0.0.1:${address.port}`;
}

async function wholeOf(session: Http2Session, signal = new AbortController().signal): Promise<string> {
	const { first, rest } = await beginning(session.open(question), signal);
	const parts = first ? [Buffer.from(first)] : [];
	for await (const part of rest) parts.push(Buffer.from(part));
	return Buffer.concat(parts).toString();
}

describe('the way to a region', () => {
	it('is one connection for as many requests as it takes', async () => {
		await using region = await serving((stream) => stream.respond() ?? stream.end('whole'));
		assert.equal(await wholeOf(region.session), 'whole');
		assert.equal(await wholeOf(region.session), 'whole');
		assert.equal(region.sessions.size, 1);
		assert.deepEqual(new Set(await Promise.all(Array.from({ length: 200 }, () => wholeOf(region.session)))), new Set(['whole']));
		assert.equal(region.sessions.size, 2);
	});

	it('changes connections before a server takes so many cancelled requests for an attack', async () => {
		let goaways = 0;
		await using region = await serving((stream) => {
			setTimeout(() => {
				if (!stream.destroyed) stream.respond() ?? stream.end('whole');
			}, 4);
		});
		let [whole, cancelled, next] = [0, 0, 0];
		const asking = Array.from({ length: 16 }, async () => {
			while (next++ < 3000) {
				const gone = new AbortController();
				const leaving = next % 2 === 0 ? setTimeout(() => gone.abort(), Math.random() * 3) : undefined;
				try {
					assert.equal(await wholeOf(region.session, gone.signal), 'whole');
					whole++;
				} catch (error) {
					if (!gone.signal.aborted) throw error;
					cancelled++;
				}
				clearTimeout(leaving);
			}
		});
		for (const session of region.sessions) session.on('goaway', (code) => (goaways += code === 0 ? 0 : 1));
		await Promise.all(asking);
		assert.ok(cancelled > 1100, `${cancelled}`);
		assert.equal(whole + cancelled, 3000);
		assert.equal(goaways, 0);
	});

	for (const [who, leave] of [
		['the server wants its connection closed', (_: Http2Session, sessions: ReadonlySet<ServerHttp2Session>) => [...sessions][0]?.goaway(0)],
		['nobody wants it any more', (session: Http2Session) => session.retire()],
	] as const)
		it(`is kept until its last stream has come to its end when ${who}, and nothing new goes there`, async () => {
			await using region = await serving((stream) => {
				stream.respond();
				stream.write('a');
				// Longer than it takes to ask for a sign of life.
				setTimeout(() => stream.end('b'), 1300);
			});
			const asked = wholeOf(region.session);
			await until(() => region.sessions.size === 1);
			await new Promise((resolve) => setTimeout(resolve, 50));
			leave(region.session, region.sessions);
			await new Promise((resolve) => setTimeout(resolve, 50));
			const next = wholeOf(region.session);
			assert.equal(await asked, 'ab');
			assert.equal(region.sessions.size, 2);
			assert.equal(await next, 'ab');
		});

	it('is given up where nobody says anything', async function () {
		this.timeout(8000);
		// It listens, as the kernel does for a process that hangs.
		const sockets: Socket[] = [];
		const silent = createTcpServer((socket) => sockets.push(socket));
		await once(silent.listen(0, '127.0.0.1'), 'listening');
		const session = new Http2Session(urlOf(silent.address()));
		const at = performance.now();
		await assert.rejects(wholeOf(session), Broken);
		assert.ok(performance.now() - at < 5000);
		for (const socket of sockets) socket.destroy();
		silent.close();
		session.close();
	});
});
