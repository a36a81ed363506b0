import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { loginCommand } from '../../src/cli/login-command.ts';
import { authorizedFetch } from '../../src/login/authorized-fetch.ts';
import { Credentials, type Keyring } from '../../src/login/credentials.ts';
import { signIn } from '../../src/login/device-flow.ts';
import { type Fetch, findEndpoints, refreshTokens } from '../../src/login/oauth.ts';
import { signedIn } from '../../src/login/signed-in.ts';
import { Served } from '../served.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { VirtualTime } from '../virtual-time.ts';

const never = new AbortController().signal;
const begin = { device_code: 'D', user_code: 'BCDF-GHJK', verification_uri: 'https://s.example/device', expires_in: 600, interval: 5 };
const given = { access_token: 'A', refresh_token: 'R', token_type: 'Bearer', expires_in: 600 };
const pending = { error: 'authorization_pending' };

/** What a server answers, one after the other; the last one for ever. An error is a connection that failed. */
type Script = readonly (object | string | Error)[];

/** Signs in at a server that answers by script; says when it was asked, in seconds, and how it ended. */
async function play(script: Script, first: object = begin) {
	const time = new VirtualTime();
	const [at, shown]: [number[], unknown[]] = [[], []];
	const fetch: Fetch = async (url) => {
		if (url.endsWith('/device')) return Response.json(first);
		const answer = script[Math.min(at.length, script.length - 1)];
		at.push(time.steady() / 1000);
		if (answer instanceof Error) throw answer;
		if (typeof answer === 'string') return new Response(answer, { status: 502 });
		return Response.json(answer, { status: answer && 'error' in answer ? 400 : 200 });
	};
	const endpoints = { device: 'https://s.example/device', token: 'https://s.example/token' };
	const options = {
		endpoints,
		clientId: 'co-clone',
		scope: undefined,
		show: (approval: unknown) => shown.push(approval),
		clock: time,
		fetch,
	};
	const ending = signIn(options, never).then(
		({ access }) => access,
		(error) => String(error.code ?? error),
	);
	await time.pass(1_000_000);
	return { at, shown, end: await ending };
}

describe('signing in by the book (RFC 8628)', () => {
	it('asks every five seconds, or as often as the server says', async () => {
		assert.deepEqual((await play([pending, pending, given])).at, [5, 10, 15]);
		assert.deepEqual((await play([pending, given], { ...begin, interval: 12 })).at, [12, 24]);
		assert.deepEqual((await play([pending, given], { ...begin, interval: undefined })).at, [5, 10]);
	});

	it('shows the code and where to type it, once', async () => {
		const { shown, end } = await play([pending, given]);
		assert.deepEqual(shown, [{ code: 'BCDF-GHJK', url: 'https://s.example/device', seconds: 600 }]);
		assert.equal(end, 'A');
	});

	it('asks five seconds later for ever after each “slow_down”', async () => {
		assert.deepEqual(
			(await play([pending, { error: 'slow_down' }, pending, { error: 'slow_down' }, pending, given])).at,
			[5, 10, 20, 30, 45, 60],
		);
	});

	it('and as much later as the server wants, where that is more', async () => {
		assert.deepEqual((await play([{ error: 'slow_down', interval: 30 }, pending, given])).at, [5, 35, 65]);
	});

	for (const [code, end] of [
		['expired_token', 'expired'],
		['access_denied', 'denied'],
		['invalid_grant', 'unsupported'],
		['incorrect_device_code', 'unsupported'],
	]) {
		it(`stops at “${code}”, and does not begin again`, async () => {
			const played = await play([pending, { error: code }, given]);
			assert.deepEqual([played.at, played.end, played.shown.length], [[5, 10], end, 1]);
		});
	}

	it('asks half as often after each time that nobody answers, or that a proxy does', async () => {
		assert.deepEqual(
			(await play([new TypeError('fetch failed'), pending, '<h1>Bad Gateway</h1>', pending, given])).at,
			[5, 15, 25, 45, 65],
		);
	});

	it('stops when the code has ended, whatever the server says', async () => {
		for (const script of [[pending], [new TypeError('fetch failed')]]) {
			const { at, end } = await play(script, { ...begin, expires_in: 60 });
			assert.equal(end, 'expired');
			assert.ok((at.at(-1) ?? 0) < 60 && at.length <= 11);
		}
	});

	it('takes errors that come with status 200, as GitHub sends them', async () => {
		const time = new VirtualTime();
		const answers = [begin, pending, { error: 'slow_down', interval: 10 }, given];
		const fetch: Fetch = async () => Response.json(answers.shift());
		const endpoints = { device: 'https://s.example/device', token: 'https://s.example/token' };
		const signing = signIn({ endpoints, clientId: 'x', scope: undefined, show: () => {}, clock: time, fetch }, never);
		await time.pass(60_000);
		assert.equal((await signing).access, 'A');
	});

	for (const [what, first] of [
		['no code', { ...begin, user_code: undefined }],
		['a code that moves the cursor', { ...begin, user_code: '\u001b[2J' }],
		['an address that is none', { ...begin, verification_uri: 'javascript:alert(1)' }],
	] as const) {
		it(`shows nothing to a user where there is ${what}`, async () => {
			const { end, shown } = await play([given], first);
			assert.deepEqual([end, shown], ['unsupported', []]);
		});
	}

	it('takes no token that is none', async () => {
		for (const bad of [
			{ ...given, access_token: 'a\r\nb' },
			{ ...given, token_type: 'mac' },
			{ ...given, access_token: 7 },
		]) {
			assert.equal((await play([bad])).end, 'unsupported');
		}
	});
});

describe('where a server signs in', () => {
	const documents =
		(issuer: string, endpoint: string): Fetch =>
		async () =>
			Response.json({ issuer, token_endpoint: `${endpoint}/token`, device_authorization_endpoint: `${endpoint}/device` });

	it('is what it says of itself', async () => {
		const url = 'https://s.example';
		assert.deepEqual(await findEndpoints(`${url}/`, documents(url, url), never), { token: `${url}/token`, device: `${url}/device` });
	});

	for (const [what, url, issuer, endpoint, code] of [
		['an address that is not encrypted', 'http://s.example', 'http://s.example', 'http://s.example', 'unsafe'],
		['endpoints that are not', 'https://s.example', 'https://s.example', 'http://s.example', 'unsafe'],
		['the document of somebody else', 'https://s.example', 'https://evil.example', 'https://evil.example', 'unsupported'],
		['no address', 'model', '', '', 'unsupported'],
	] as const) {
		it(`is not ${what}`, async () => {
			await assert.rejects(findEndpoints(url, documents(issuer, endpoint), never), { code });
		});
	}

	it('is not where it sends us on to', async () => {
		const server = createServer((_, response) => response.writeHead(302, { location: 'https://evil.example/' }).end()).listen(
			0,
			'127.0.0.1',
		);
		await once(server, 'listening');
		const address = server.address();
		assert.ok(typeof address === 'object' && address);
		await assert.rejects(findEndpoints(`http://127.0.0.1:${address.port}`, fetch, never), { code: 'unreachable' });
		server.close();
	});
});

describe('at a server that others wrote (oidc-provider)', function () {
	this.timeout(20_000);
	let folder: TemporaryFolder;
	beforeEach(async () => {
		folder = await TemporaryFolder.create();
	});
	afterEach(() => folder[Symbol.asyncDispose]());

	async function provider() {
		const child = fork(resolve('test/unit/oidc-server.mjs'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
		const [issuer] = await once(child, 'message');
		const tell = async (...words: readonly string[]) => {
			child.send(words);
			await once(child, 'message');
		};
		return { issuer: String(issuer), tell, [Symbol.dispose]: () => void child.disconnect() };
	}

	/** Signs in with time that passes as soon as the code is shown and decided on. */
	async function login(issuer: string, decide: (code: string) => Promise<void>) {
		const time = new VirtualTime();
		const [output, error] = [new PassThrough(), new PassThrough()];
		const credentials = new Credentials(folder.path, undefined);
		const args = [issuer, '--scope', 'openid offline_access'];
		let isOver = false;
		const running = loginCommand(args, { input: Readable.from([]), output, error }, { credentials, clock: time }, never).finally(() => {
			isOver = true;
			output.end();
			error.end();
		});
		const [said] = await once(output, 'data');
		await decide(/there: (\S+)/.exec(String(said))?.[1] ?? '');
		while (!isOver) await time.pass(5000);
		return { status: await running, said: await readAll(error), credentials, time };
	}

	it('signs in, refreshes with a new credential each time, and hears when that is revoked', async () => {
		using server = await provider();
		const { status, said, credentials } = await login(server.issuer, (code) => server.tell('approve', code));
		assert.equal(status, 0);
		assert.match(said, /no keyring/);
		const first = credentials.get(server.issuer);
		assert.ok(first);
		const once_ = await refreshTokens(fetch, first, never);
		assert.ok(once_.access && once_.seconds === 600);
		assert.ok(once_.refresh && once_.refresh !== first.refreshToken);
		await server.tell('revoke');
		await assert.rejects(refreshTokens(fetch, { ...first, refreshToken: once_.refresh }, never), { code: 'revoked' });
	});

	it('hears that the user said no', async () => {
		using server = await provider();
		const { status, said, credentials } = await login(server.issuer, (code) => server.tell('deny', code));
		assert.deepEqual([status, said, credentials.get(server.issuer)], [1, 'It was not approved.\n', undefined]);
	});
});

describe('at another gateway of ours', () => {
	let folder: TemporaryFolder;
	beforeEach(async () => {
		folder = await TemporaryFolder.create();
	});
	afterEach(() => folder[Symbol.asyncDispose]());

	it('signs in with the code, asks with tokens of its own, and is out when its key is revoked', async () => {
		await using served = await Served.start('a + b');
		const time = new VirtualTime();
		const credentials = new Credentials(folder.path, undefined);
		served.pairing.onAsk(({ code }) => served.pairing.decide(code, true));
		const output = new PassThrough();
		const streams = { input: Readable.from([]), output, error: output };
		let isOver = false;
		const running = loginCommand([served.url], streams, { credentials, clock: time }, never).finally(() => {
			isOver = true;
		});
		while (!isOver) await time.pass(5000);
		assert.equal(await running, 0);
		const token = signedIn(served.url, credentials, time);
		const send = token && authorizedFetch(served.url, token, fetch);
		assert.equal((await send?.(`${served.url}/v1/models`))?.status, 200);
		for (const { id } of served.keys.list()) served.keys.revoke(id);
		await assert.rejects(send?.(`${served.url}/v1/models`) ?? Promise.resolve(), { code: 'revoked' });
		assert.equal(await loginCommand([served.url, '--forget'], streams, { credentials, clock: time }, never), 0);
		assert.equal(signedIn(served.url, credentials, time), undefined);
		assert.equal(await loginCommand([served.url, '--forget'], streams, { credentials, clock: time }, never), 1);
	});
});

describe('credentials', () => {
	const credential = { tokenUrl: 'https://s.example/token', clientId: 'co-clone', refreshToken: 'very-secret' };
	const origin = 'https://s.example';
	let folder: TemporaryFolder;
	beforeEach(async () => {
		folder = await TemporaryFolder.create();
	});
	afterEach(() => folder[Symbol.asyncDispose]());

	/** A keyring in memory; one that is locked refuses everything. */
	function keyring(isLocked = false): Keyring & { readonly kept: Map<string, string> } {
		const kept = new Map<string, string>();
		const open = () => {
			if (isLocked) throw new Error('It is locked.');
			return kept;
		};
		return {
			kept,
			get: (account) => open().get(account) ?? null,
			set: (account, secret) => void open().set(account, secret),
			delete: (account) => void open().delete(account),
		};
	}

	it('are in the keyring, and then nowhere else', async () => {
		const ring = keyring();
		new Credentials(folder.path, undefined).set(origin, credential);
		const credentials = new Credentials(folder.path, ring);
		assert.equal(credentials.set(origin, credential), 'keyring');
		assert.deepEqual(await readdir(folder.path), []);
		assert.deepEqual(credentials.get(origin), credential);
		assert.ok(credentials.delete(origin));
		assert.equal(ring.kept.size, 0);
	});

	for (const [what, ring] of [
		['there is none', undefined],
		['it is locked', keyring(true)],
	] as const) {
		it(`are in a file that only the user can read where ${what}`, async () => {
			const credentials = new Credentials(folder.path, ring);
			assert.equal(credentials.set(origin, credential), 'file');
			const [name = ''] = await readdir(folder.path);
			assert.equal((await stat(join(folder.path, name))).mode & 0o777, 0o600);
			assert.match(await readFile(join(folder.path, name), 'utf8'), /very-secret/);
			assert.deepEqual(credentials.get(origin), credential);
			assert.equal(credentials.get('https://other.example'), undefined);
			assert.deepEqual([credentials.delete(origin), credentials.delete(origin)], [true, false]);
		});
	}
});
