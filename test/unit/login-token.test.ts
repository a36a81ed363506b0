import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { authorizedFetch } from '../../src/login/authorized-fetch.ts';
import { FreshToken } from '../../src/login/fresh-token.ts';
import type { Tokens } from '../../src/login/oauth.ts';
import { SignInError } from '../../src/login/sign-in-error.ts';
import { VirtualTime } from '../virtual-time.ts';

const never = new AbortController().signal;
const minute = 60_000;

/** A server that gives tokens of ten minutes, as long as it is up and the credential is not revoked, and knows when each one ends. */
class Issuer {
	readonly time = new VirtualTime();
	readonly refreshedAt: number[] = [];
	readonly kept: string[] = [];
	readonly token: FreshToken;
	refreshSeconds: number | undefined;
	isUp = true;
	isRevoked = false;
	/** How long it takes to answer. */
	answerMs = 50;
	parallel = 0;
	mostParallel = 0;
	#ends = new Map<string, number>();
	#valid = 'credential-0';

	constructor(random = () => 0.5) {
		const { time } = this;
		this.token = new FreshToken({
			refreshToken: 'credential-0',
			refresh: (credential) => this.#refresh(credential),
			keep: (credential) => this.kept.push(credential),
			clock: time,
			random,
		});
	}

	/** What a request with a token would be answered now. */
	accepts(token: string): boolean {
		return !this.isRevoked && (this.#ends.get(token) ?? 0) > this.time.wall();
	}

	/** All that it gave holds no more, and it would give new ones. */
	forget(): void {
		this.#ends = new Map();
	}

	async #refresh(credential: string): Promise<Tokens> {
		this.refreshedAt.push(this.time.steady());
		this.mostParallel = Math.max(this.mostParallel, ++this.parallel);
		await this.time.delay(this.answerMs, never);
		this.parallel--;
		if (!this.isUp) throw new SignInError('unreachable', 'It is down.');
		if (this.isRevoked || credential !== this.#valid) throw new SignInError('revoked', 'It is revoked.');
		const access = `token-${this.refreshedAt.length}`;
		this.#valid = `credential-${this.refreshedAt.length}`;
		this.#ends.set(access, this.time.wall() + 10 * minute);
		return { access, refresh: this.#valid, seconds: 600, refreshSeconds: this.refreshSeconds };
	}
}

/** Asks for a token while time passes, and counts how it goes. */
async function use(issuer: Issuer, forMs: number, everyMs: number) {
	const counts = { used: 0, expired: 0, failed: 0 };
	for (let passed = 0; passed < forMs; passed += everyMs) {
		// Several at once, as an editor does.
		for (let one = 0; one < 3; one++) {
			issuer.token.get(never).then(
				(token) => {
					counts.used++;
					if (!issuer.accepts(token)) counts.expired++;
				},
				() => counts.failed++,
			);
		}
		await issuer.time.pass(everyMs);
	}
	return counts;
}

describe('a token that is always fresh', () => {
	it('in an hour: at least six refreshes, one at a time, and no request with a token that has ended', async () => {
		const issuer = new Issuer();
		const { used, expired, failed } = await use(issuer, 60 * minute, 10_000);
		assert.deepEqual([used, expired, failed, issuer.mostParallel], [1080, 0, 0, 1]);
		assert.ok(issuer.refreshedAt.length >= 6 && issuer.refreshedAt.length <= 9, String(issuer.refreshedAt.length));
		assert.equal(issuer.kept.at(-1), `credential-${issuer.refreshedAt.length}`);
	});

	for (const [random, share] of [
		[0, 0.72],
		[0.5, 0.8],
		[1, 0.88],
	] as const) {
		it(`is fetched at ${share} of its time, with ${random} of the jitter`, async () => {
			const issuer = new Issuer(() => random);
			await use(issuer, 15 * minute, 1000);
			const [first = 0, second = 0] = issuer.refreshedAt;
			assert.ok(Math.abs((second - first - issuer.answerMs) / (10 * minute) - share) < 0.001);
		});
	}

	it('is fetched sooner where the server says so', async () => {
		const issuer = new Issuer();
		issuer.refreshSeconds = 120;
		await use(issuer, 10 * minute, 1000);
		const [first = 0, second = 0] = issuer.refreshedAt;
		assert.equal(second - first - issuer.answerMs, 2 * minute);
	});

	it('is fetched once for all who wait for the first', async () => {
		const issuer = new Issuer();
		const waiting = Promise.all(Array.from({ length: 50 }, () => issuer.token.get(never)));
		await issuer.time.pass(100);
		assert.equal(new Set(await waiting).size, 1);
		assert.equal(issuer.refreshedAt.length, 1);
	});

	it('goes on being used while the next one is fetched, however long that takes', async () => {
		const issuer = new Issuer();
		issuer.answerMs = 60_000;
		await use(issuer, minute, 1000);
		const { expired, failed } = await use(issuer, 30 * minute, 1000);
		assert.deepEqual([expired, failed, issuer.mostParallel], [0, 0, 1]);
	});

	it('is fetched again 1, 2, 4 … 60 s after a failure, and nobody hears of it while the old one holds', async () => {
		const issuer = new Issuer();
		await use(issuer, minute, 1000);
		issuer.isUp = false;
		const { failed, expired } = await use(issuer, 8.5 * minute, 1000);
		const pauses = issuer.refreshedAt.slice(1).map((at, index, all) => Math.round((at - (all[index - 1] ?? at)) / 1000));
		assert.deepEqual([failed, expired], [0, 0]);
		assert.deepEqual(pauses.slice(1, 7), [1, 2, 4, 8, 16, 32]);
		issuer.isUp = true;
		assert.equal((await use(issuer, 10 * minute, 1000)).expired, 0);
	});

	it('fails when there is none that holds, and asks no more often for that', async () => {
		const issuer = new Issuer();
		issuer.isUp = false;
		const { used, failed } = await use(issuer, 10 * minute, 1000);
		assert.deepEqual([used, failed], [0, 1800]);
		assert.ok(issuer.refreshedAt.length <= 16, String(issuer.refreshedAt.length));
		await assert.rejects(issuer.token.get(never), { code: 'unreachable' });
	});

	it('is another after the machine slept: the time of day counts', async () => {
		const issuer = new Issuer();
		await use(issuer, minute, 1000);
		for (const sleep of [8 * 60 * minute, 12 * minute, 7.5 * minute]) {
			issuer.time.sleep(sleep);
			const { expired, failed } = await use(issuer, minute, 1000);
			assert.deepEqual([expired, failed], [0, 0]);
		}
	});

	it('stops when it is revoked: nothing more is asked', async () => {
		const issuer = new Issuer();
		await use(issuer, minute, 1000);
		issuer.isRevoked = true;
		await use(issuer, 10 * minute, 1000);
		const asked = issuer.refreshedAt.length;
		assert.equal(asked, 2);
		await use(issuer, 60 * minute, 10_000);
		assert.equal(issuer.refreshedAt.length, asked);
		await assert.rejects(issuer.token.get(never), { code: 'revoked' });
	});

	it('is not waited for by who gives up', async () => {
		const issuer = new Issuer();
		const asking = issuer.token.get(AbortSignal.abort('enough'));
		await assert.rejects(asking, (reason) => reason === 'enough');
		await issuer.time.pass(100);
	});
});

describe('requests with such a token', () => {
	const origin = 'https://model.example';

	/** A server that answers as it is told, and what it was asked. */
	function server(issuer: Issuer, statuses: number[] = []) {
		const asked: { readonly url: string; readonly authorization: string | null }[] = [];
		const fetch: typeof globalThis.fetch = async (input, init) => {
			const authorization = new Headers(init?.headers).get('authorization');
			asked.push({ url: String(input), authorization });
			const accepted = issuer.accepts(authorization?.slice('Bearer '.length) ?? '');
			return new Response(null, { status: statuses.shift() ?? (accepted ? 200 : 401) });
		};
		return { asked, send: authorizedFetch(origin, issuer.token, fetch) };
	}

	async function after<T>(issuer: Issuer, promise: Promise<T>): Promise<T> {
		await issuer.time.pass(1000);
		return promise;
	}

	it('are sent once more when it was refused before its time', async () => {
		const issuer = new Issuer();
		const { asked, send } = server(issuer);
		await after(issuer, send(`${origin}/api`, { method: 'POST', body: '{}' }));
		issuer.forget();
		assert.equal((await after(issuer, send(`${origin}/api`, { method: 'POST', body: '{}' }))).status, 200);
		assert.deepEqual(
			asked.map(({ authorization }) => authorization),
			['Bearer token-1', 'Bearer token-1', 'Bearer token-2'],
		);
	});

	it('are refused after that: there is one more attempt, not two', async () => {
		const issuer = new Issuer();
		const { asked, send } = server(issuer, [401, 401, 401]);
		assert.equal((await after(issuer, send(`${origin}/api`))).status, 401);
		assert.deepEqual([asked.length, issuer.refreshedAt.length], [2, 2]);
	});

	it('that were refused together share one refresh', async () => {
		const issuer = new Issuer();
		const { send } = server(issuer);
		await after(issuer, send(`${origin}/api`));
		issuer.forget();
		const all = await after(issuer, Promise.all(Array.from({ length: 10 }, () => send(`${origin}/api`))));
		assert.ok(all.every(({ status }) => status === 200));
		assert.equal(issuer.refreshedAt.length, 2);
	});

	it('are not sent again where that is impossible, or where something else went wrong', async () => {
		const issuer = new Issuer();
		const { asked, send } = server(issuer, [401, 500, 503, 429]);
		const body = new ReadableStream({ start: (controller) => controller.close() });
		assert.equal((await after(issuer, send(`${origin}/api`, { method: 'POST', body, duplex: 'half' } as RequestInit))).status, 401);
		for (const status of [500, 503, 429]) assert.equal((await send(`${origin}/api`)).status, status);
		assert.equal(asked.length, 4);
	});

	it('are not sent on: neither the token nor what was asked goes where a server points', async () => {
		const issuer = new Issuer();
		const other = await listening((_, response) => response.end());
		const first = await listening((_, response) => response.writeHead(307, { location: other.url }).end());
		try {
			const send = authorizedFetch(first.url, issuer.token, fetch);
			const response = await after(issuer, send(`${first.url}/api`, { method: 'POST', body: 'code' }));
			assert.equal(response.status, 307);
			assert.deepEqual([first.asked, other.asked], [1, 0]);
		} finally {
			first.server.close();
			other.server.close();
		}
	});

	it('have it only where it belongs: not at another host, port or scheme', async () => {
		const issuer = new Issuer();
		const { asked, send } = server(issuer);
		for (const url of ['https://other.example/', `${origin}:8443/`, 'http://model.example/', 'https://model.example.evil.example/'])
			await send(url);
		assert.deepEqual(
			asked.map(({ authorization }) => authorization),
			[null, null, null, null],
		);
		assert.equal(issuer.refreshedAt.length, 0);
	});
});

/** A server that counts what it is asked. */
async function listening(answer: RequestListener) {
	const at = { url: '', asked: 0, server: createServer() };
	at.server.on('request', (request, response) => {
		at.asked++;
		answer(request, response);
	});
	await once(at.server.listen(0, '127.0.0.1'), 'listening');
	const address = at.server.address();
	assert.ok(typeof address === 'object' && address);
	at.url = `http://127.0.0.1:${address.port}`;
	return at;
}
