import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { Doorman } from '../../src/cli/doorman.ts';
import type { Device } from '../../src/gateway/access/pairing.ts';
import { Served } from '../served.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

let now: number;
let served: Served;
let asking: Device[];
beforeEach(async () => {
	now = Date.UTC(2026, 0, 31);
	served = await Served.start('a + b', { now: () => now });
	asking = [];
	served.pairing.onAsk((device) => asking.push(device));
});
afterEach(() => served[Symbol.asyncDispose]());

const post = (path: string, fields: Record<string, string>) =>
	fetch(`${served.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
const begin = async (name = 'nvim') => (await post('/oauth/device/code', { client_id: name })).json();
const poll = async (code: string) => {
	const response = await post('/oauth/token', { grant_type: deviceGrant, device_code: code });
	return { status: response.status, ...(await response.json()) };
};
const approve = (code: unknown, allow: unknown = true) => served.post('/oauth/device/approve', { user_code: code, allow });
/** A code that no device shows. */
const wrong = (code: string) => (code.startsWith('B') ? 'C' : 'B') + code.slice(1);

describe('a device that wants to be let in', () => {
	it('shows a code that the user finds here, and gets a key and a token once it is allowed', async () => {
		const { device_code: code, user_code: shown, verification_uri: page, expires_in: seconds, interval } = await begin();
		assert.match(shown, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
		assert.deepEqual([page, seconds, interval], [`${served.url}/oauth/device`, 600, 5]);
		assert.deepEqual(asking, [{ name: 'nvim', code: shown }]);
		assert.equal((await poll(code)).error, 'authorization_pending');
		assert.equal((await approve(shown)).status, 200);
		now += 5000;
		const { access_token: token, refresh_token: key, token_type: type, expires_in: holds } = await poll(code);
		assert.deepEqual([type, holds], ['Bearer', 600]);
		for (const one of [token, key]) {
			assert.equal((await served.get('/v1/models', { authorization: `Bearer ${one}` })).status, 200);
		}
		assert.deepEqual(
			served.keys.list().map(({ name }) => name),
			['nvim'],
		);
	});

	it('is let in however its code is typed', async () => {
		for (const write of [(code: string) => code.toLowerCase(), (code: string) => ` ${code.replace('-', '')} `]) {
			const { user_code: shown } = await begin();
			assert.equal((await approve(write(shown))).status, 200);
		}
	});

	it('hears that it was denied, and that is all', async () => {
		const { device_code: code, user_code: shown } = await begin();
		assert.equal((await approve(shown, false)).status, 200);
		assert.equal((await poll(code)).error, 'access_denied');
		assert.deepEqual(served.keys.list(), []);
	});

	it('hears that it asks too often, and waits 5 s longer from then on', async () => {
		const { device_code: code } = await begin();
		await poll(code);
		now += 4999;
		assert.equal((await poll(code)).error, 'slow_down');
		now += 9999;
		assert.equal((await poll(code)).error, 'slow_down');
		now += 15_000;
		assert.equal((await poll(code)).error, 'authorization_pending');
	});

	it('hears after ten minutes that it is too late, and so does who lets it in', async () => {
		const { device_code: code, user_code: shown } = await begin();
		now += 600_001;
		assert.equal((await approve(shown)).status, 404);
		assert.equal((await poll(code)).error, 'expired_token');
	});

	it('is called as a terminal shows it', async () => {
		await begin('\u001b[31mnvim\r\n');
		assert.equal(asking[0]?.name, '31mnvim');
	});

	it('finds the rest by what OAuth says of itself', async () => {
		const {
			issuer,
			token_endpoint: token,
			device_authorization_endpoint: device,
		} = await (await fetch(`${served.url}/.well-known/oauth-authorization-server`)).json();
		assert.deepEqual([issuer, token, device], [served.url, `${served.url}/oauth/token`, `${served.url}/oauth/device/code`]);
	});
	it('says the address that clients know, where that is another one', async () => {
		await using served = await Served.start('a', { address: 'https://code.example.com' });
		const { issuer, token_endpoint: token } = await (await fetch(`${served.url}/.well-known/oauth-authorization-server`)).json();
		assert.deepEqual([issuer, token], ['https://code.example.com', 'https://code.example.com/oauth/token']);
	});

	it('is one of eight at most', async () => {
		const all = await Promise.all(Array.from({ length: 9 }, () => post('/oauth/device/code', { client_id: 'x' })));
		assert.deepEqual(all.map(({ status }) => status).toSorted(), [...Array.from({ length: 8 }, () => 200), 429]);
		now += 600_001;
		assert.equal((await post('/oauth/device/code', { client_id: 'x' })).status, 200);
	});
});

describe('rule 18: codes are good for one time', () => {
	it('the code of a device', async () => {
		const { device_code: code, user_code: shown } = await begin();
		await approve(shown);
		assert.ok((await poll(code)).access_token);
		now += 5000;
		assert.equal((await poll(code)).error, 'invalid_grant');
		assert.equal(served.keys.list().length, 1);
	});

	it('the code that it shows', async () => {
		const { user_code: shown } = await begin();
		assert.equal((await approve(shown, false)).status, 200);
		assert.equal((await approve(shown)).status, 404);
	});
});

describe('rule 24: codes cannot be guessed', () => {
	it('after five wrong ones nobody is let in for ten minutes: 429', async () => {
		const { user_code: shown } = await begin();
		const statuses: number[] = [];
		for (let guess = 0; guess < 5; guess++) statuses.push((await approve(wrong(shown))).status);
		const right = await approve(shown);
		assert.deepEqual([...statuses, right.status], [404, 404, 404, 404, 429, 429]);
		assert.equal(right.headers.get('retry-after'), '600');
		now += 600_000;
		const { user_code: next } = await begin();
		assert.equal((await approve(next)).status, 200);
	});

	it('and the codes of devices neither; who has one is not in the way of that', async () => {
		const { device_code: code } = await begin();
		const statuses: number[] = [];
		for (let guess = 0; guess < 6; guess++) statuses.push((await poll(`x${guess}`)).status);
		assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429]);
		assert.equal((await poll(code)).error, 'authorization_pending');
	});

	it('none is the same twice, and none is short', async () => {
		const codes = new Set<string>();
		for (let time = 0; time < 40; time++) {
			const { device_code: code, user_code: shown } = await begin();
			assert.ok(code.length >= 43);
			codes.add(code).add(shown);
			now += 600_001;
		}
		assert.equal(codes.size, 80);
	});

	it('who has only a key lets nobody in', async () => {
		const { user_code: shown } = await begin();
		const { text } = served.keys.create('vim');
		for (const authorization of ['', `Bearer ${text}`]) {
			const response = await fetch(`${served.url}/oauth/device/approve`, {
				method: 'POST',
				headers: { authorization, 'content-type': 'application/json' },
				body: JSON.stringify({ user_code: shown, allow: true }),
			});
			assert.equal(response.status, authorization ? 403 : 401);
		}
		for (const [code, allow] of [
			[7, true],
			[shown, 'yes'],
		])
			assert.equal((await approve(code, allow)).status, 400);
	});
});

describe('the terminal of co-clone serve', () => {
	async function terminal(type: (code: string) => readonly string[]) {
		const [input, output] = [new PassThrough(), new PassThrough()];
		using doorman = new Doorman({ input, output, error: output });
		served.pairing.onAsk((device) => doorman.ask(device, (code, isAllowed) => served.pairing.decide(code, isAllowed)));
		const { user_code: shown, device_code: code } = await begin();
		for (const line of type(shown)) input.write(`${line}\n`);
		await new Promise(setImmediate);
		await new Promise(setImmediate);
		output.end();
		return { said: String(output.read()), answer: await poll(code) };
	}

	it('lets a device in whose code is typed', async () => {
		const { said, answer } = await terminal((code) => ['', code.toLowerCase()]);
		assert.match(said, /“nvim” wants to use this gateway\. Type the code/);
		assert.match(said, /It is let in/);
		assert.ok(answer.access_token);
	});

	it('never says the code itself', async () => {
		const { said } = await terminal(() => []);
		assert.doesNotMatch(said, /[A-Z]{4}-[A-Z]{4}/);
	});

	it('refuses it with “no”', async () => {
		const { said, answer } = await terminal(() => ['no']);
		assert.match(said, /It is not let in/);
		assert.equal(answer.error, 'access_denied');
	});

	it('takes another try, and not more than five', async () => {
		const second = await terminal((code) => [wrong(code), code]);
		assert.match(second.said, /No device shows this code\.\nIt is let in/);
		const last = await terminal((code) => [...Array.from({ length: 5 }, () => wrong(code)), code]);
		assert.match(last.said, /Too many wrong codes/);
		assert.equal(last.answer.error, 'authorization_pending');
	});
});

describe('rule 5: nothing is answered without a token', () => {
	/** What has to be: whether it is well or an Ollama, and how to get a token. */
	const open = ['/', '/healthz', '/oauth/token', '/oauth/device/code', '/oauth/device', '/.well-known/oauth-authorization-server'];

	it('but these, and they tell nothing', async () => {
		assert.deepEqual(
			served.routes
				.filter(({ isOpen }) => isOpen)
				.map(({ path }) => path)
				.toSorted(),
			open.toSorted(),
		);
		assert.equal(await (await fetch(`${served.url}/healthz`)).text(), 'ok\n');
		assert.equal(await (await fetch(served.url)).text(), 'Ollama is running');
	});

	it('on any other route', async () => {
		const closed = served.routes.filter(({ isOpen }) => !isOpen);
		assert.ok(closed.length >= 5);
		for (const { method, path } of closed) {
			const body = method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
			const response = await fetch(`${served.url}${path.replaceAll(':', '')}`, { method, ...body });
			assert.equal(response.status, 401, path);
			assert.equal(response.headers.get('www-authenticate'), 'Bearer');
		}
		assert.deepEqual(served.model.questions, []);
	});
});

describe('rule 6: who is refused hears nothing of why', () => {
	it('whether the token is none, another, revoked, changed or of another kind', async () => {
		const { key, text } = served.keys.create('vim');
		const grant = { grant_type: 'refresh_token', refresh_token: text };
		const { access_token: token } = await (await post('/oauth/token', grant)).json();
		served.keys.revoke(key.id);
		const tokens = ['', 'Bearer', 'Bearer x', `Bearer ${text}`, `Bearer ${token}`, `Bearer ${token}x`, `Basic ${btoa(`x:${served.key}`)}`];
		const answers = await Promise.all(tokens.map((authorization) => served.get('/v1/models', { authorization })));
		assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401]));
		assert.equal(new Set(await Promise.all(answers.map((answer) => answer.text()))).size, 1);
	});
});
