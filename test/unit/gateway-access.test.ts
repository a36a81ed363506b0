import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { hideSecrets } from '../../src/completion/hide-secrets.ts';
import { Access } from '../../src/gateway/access/access.ts';
import { Keys } from '../../src/gateway/access/keys.ts';
import { AccessTokens } from '../../src/gateway/access/tokens.ts';
import { NotPrivateError, readPrivate, writePrivate } from '../../src/std/private-file.ts';
import { Served } from '../served.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const minute = 60_000;
let folder: TemporaryFolder;
let now: number;
beforeEach(async () => {
	folder = await TemporaryFolder.create();
	now = Date.UTC(2026, 0, 31);
});
afterEach(() => folder[Symbol.asyncDispose]());

const keysHere = () => new Keys(join(folder.path, 'keys'));

describe('keys', () => {
	it('let in who has the text, under the name it was given', () => {
		const { key, text } = keysHere().create('vim');
		assert.match(text, /^cck_[a-z0-9]{10}_[\w-]{43}$/);
		assert.deepEqual(keysHere().find(text), key);
		assert.deepEqual(keysHere().list(), [key]);
	});

	it('are kept as hashes: nobody who reads the files can use one', async () => {
		const { text } = keysHere().create('vim');
		const [file = ''] = await readdir(join(folder.path, 'keys'));
		assert.doesNotMatch(await readFile(join(folder.path, 'keys', file), 'utf8'), new RegExp(text.slice(-43)));
	});

	it('end when they are revoked, in every process at once', () => {
		const [here, there] = [keysHere(), keysHere()];
		const { key, text } = here.create('vim');
		assert.ok(there.find(text));
		assert.ok(there.revoke(key.id));
		assert.equal(here.find(text), undefined);
		assert.equal(here.revoke(key.id), false);
	});

	it('are not mistaken for another', () => {
		const { text } = keysHere().create('vim');
		const other = keysHere().create('emacs').text;
		for (const wrong of [`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, text.slice(0, 15) + other.slice(15), '', `${text} `]) {
			assert.equal(keysHere().find(wrong), undefined);
		}
	});

	it('have names that a terminal shows as they are', () => {
		assert.equal(keysHere().create('\u001b[2Jvim\n').key.name, '2Jvim');
		assert.equal(keysHere().create('\u0007').key.name, 'unnamed');
	});

	it('are secrets to models, wherever somebody put one', () => {
		const { text } = keysHere().create('vim');
		const place = {
			path: 'a.lua',
			languageId: 'lua',
			prefix: `require("minuet").setup { "${text}" }\n`,
			suffix: '',
			trigger: 'manual',
		} as const;
		assert.doesNotMatch(hideSecrets(place).prefix, /cck_/);
	});

	it('that somebody broke are none', async () => {
		const { key, text } = keysHere().create('vim');
		await writeFile(join(folder.path, 'keys', `${key.id}.json`), '{"name": 7}');
		assert.equal(keysHere().find(text), undefined);
		assert.deepEqual(keysHere().list(), []);
	});
});

describe('access', () => {
	const access = () => new Access(keysHere(), () => now);
	const bearer = (token: string) => `Bearer ${token}`;

	it('is had with a key, and with the token that is given for one', async () => {
		const gateway = access();
		const { key, text } = keysHere().create('vim');
		const grant = await gateway.exchange(text);
		assert.equal(grant?.seconds, 600);
		for (const token of [text, grant.token]) {
			assert.deepEqual(await gateway.authenticate(bearer(token)), { id: key.id, scopes: ['complete'] });
		}
	});

	it('ends ten minutes after, for a token', async () => {
		const gateway = access();
		const grant = await gateway.exchange(gateway.localKey);
		now += 10 * minute;
		assert.ok(await gateway.authenticate(bearer(grant?.token ?? '')));
		now += 6000;
		assert.equal(await gateway.authenticate(bearer(grant?.token ?? '')), undefined);
	});

	it('ends with the key, for its tokens, too', async () => {
		const gateway = access();
		const { key, text } = keysHere().create('vim');
		const grant = await gateway.exchange(text);
		keysHere().revoke(key.id);
		assert.equal(await gateway.authenticate(bearer(grant?.token ?? '')), undefined);
		assert.equal(await gateway.exchange(text), undefined);
	});

	it('ends with the gateway, for tokens and for the key of its own programs', async () => {
		const before = access();
		const grant = await before.exchange(before.localKey);
		for (const token of [grant?.token ?? '', before.localKey]) assert.equal(await access().authenticate(bearer(token)), undefined);
	});

	it('is everybody’s where the user opened it, and a word instead of a token does no harm', async () => {
		const open = new Access(keysHere(), () => now, true);
		for (const said of [null, 'Bearer dummy', 'Basic eDp5']) {
			assert.deepEqual(await open.authenticate(said), { id: 'open', scopes: ['complete'] });
		}
		assert.equal((await open.authenticate(bearer(open.localKey)))?.id, 'local');
	});
});

describe('tokens that gateways share', () => {
	const hour = 60 * minute;
	const access = () => new Access(keysHere(), () => now);
	const keyOf = () => keysHere().create('vim').text;
	const bearer = async (gateway: Access, key: string) => `Bearer ${(await gateway.exchange(key))?.token}`;
	const isLetIn = async (gateway: Access, authorization: string) => (await gateway.authenticate(authorization)) !== undefined;

	it('are accepted by each of them, also by those that run already', async () => {
		const [one, other] = [access(), access()];
		const key = keyOf();
		const own = await bearer(one, key);
		assert.equal(await isLetIn(other, own), false);
		keysHere().share(now);
		assert.ok(await isLetIn(other, await bearer(one, key)));
		assert.ok(await isLetIn(one, await bearer(other, key)));
		assert.ok(await isLetIn(one, own), 'one from before holds where it is from');
	});

	it('are signed with a new key when all gateways have it, and none is refused meanwhile', async () => {
		const one = access();
		const key = keyOf();
		keysHere().share(now);
		const kid = async () => JSON.parse(atob((await bearer(one, key)).split(/[ .]/)[1] ?? '')).kid;
		const first = await kid();
		assert.equal(keysHere().share(now).getTime(), now + hour);
		assert.equal(await kid(), first);
		now += hour - 1;
		const last = await bearer(one, key);
		now += 1;
		assert.notEqual(await kid(), first);
		keysHere().share(now);
		assert.ok(await isLetIn(access(), last));
		now += 20 * minute;
		keysHere().share(now);
		assert.doesNotMatch(readPrivate(join(folder.path, 'keys', 'signing.json')) ?? '', new RegExp(first));
	});

	it('do not let the programs of one user in at the gateway of another', async () => {
		keysHere().share(now);
		const [one, other] = [access(), access()];
		const local = await bearer(one, one.localKey);
		assert.deepEqual([await isLetIn(one, local), await isLetIn(other, local)], [true, false]);
	});

	it('end with their key everywhere', async () => {
		keysHere().share(now);
		const { key, text } = keysHere().create('vim');
		const token = await bearer(access(), text);
		keysHere().revoke(key.id);
		assert.equal(await isLetIn(access(), token), false);
	});

	it('are signed with something that is no key, listed nowhere, and for the user alone', async () => {
		keysHere().share(now);
		assert.deepEqual(keysHere().list(), []);
		assert.equal((await stat(join(folder.path, 'keys', 'signing.json'))).mode & 0o777, 0o600);
	});

	it('go on to hold while the file is broken, and it is not written over', async () => {
		const one = access();
		const key = keyOf();
		keysHere().share(now);
		const token = await bearer(one, key);
		for (const text of ['{"keys": [', '{"keys": []}', '{"keys": [{"id": "a", "secret": "YQ", "signsFrom": "2026-01-01"}]}']) {
			writePrivate(join(folder.path, 'keys', 'signing.json'), text);
			assert.ok(await isLetIn(one, token));
			assert.throws(() => keysHere().share(now), /is not what it was\. Delete it/);
		}
	});
});

describe('rule 6: comparing tells nothing', () => {
	const { timingSafeEqual } = crypto;
	let compared: number[];
	let says: (a: NodeJS.ArrayBufferView, b: NodeJS.ArrayBufferView) => boolean;
	beforeEach(() => {
		compared = [];
		says = timingSafeEqual;
		crypto.timingSafeEqual = (a, b) => {
			compared.push(a.byteLength, b.byteLength);
			return says(a, b);
		};
	});
	afterEach(() => {
		crypto.timingSafeEqual = timingSafeEqual;
	});

	it('takes as long whatever is guessed, and whether there is such a key or not', async () => {
		const access = new Access(keysHere(), () => now);
		const { text } = keysHere().create('vim');
		const guesses = [
			text.slice(0, -2),
			`cck_0000000000_${text.slice(-43)}`,
			`${text.slice(0, 15)}${'x'.repeat(43)}`,
			access.localKey.slice(1),
			'x',
		];
		for (const guess of guesses) {
			compared = [];
			assert.equal(await access.authenticate(`Bearer ${guess}`), undefined);
			assert.ok(compared.length > 0 && compared.every((length) => length === 32), `${guess}: ${compared}`);
		}
		const lengths = [guesses[1], guesses[2]].map((guess) => {
			compared = [];
			keysHere().find(guess ?? '');
			return compared.length;
		});
		assert.deepEqual(lengths, [2, 2]);
	});

	it('is done by nothing else: what this finds different is refused', async () => {
		const access = new Access(keysHere(), () => now);
		const { text } = keysHere().create('vim');
		for (const key of [text, access.localKey]) assert.ok(await access.authenticate(`Bearer ${key}`));
		says = () => false;
		for (const key of [text, access.localKey]) assert.equal(await access.authenticate(`Bearer ${key}`), undefined);
	});
});

/** What makes a token that looks like ours another one: something in its claims, or in its header. */
const forgeries: readonly (readonly [string, () => Record<string, unknown>, Record<string, unknown>?])[] = [
	['of another issuer', () => ({ iss: 'somebody' })],
	['for another audience', () => ({ aud: 'another-gateway' })],
	['that have ended', () => ({ exp: now / 1000 - 6 })],
	['of another type', () => ({}), { typ: 'JWT' }],
	['with a stronger algorithm', () => ({}), { alg: 'HS512' }],
	...['sub', 'exp', 'iat', 'jti', 'scope'].map((name) => [`without “${name}”`, () => ({ [name]: undefined })] as const),
];

describe('rule 18: tokens that are not ours', () => {
	const claims = { scope: 'complete manage' };
	const secret = new Uint8Array(64).fill(7);
	const key = { id: 'k', secret };
	const tokens = () => new AccessTokens(() => now, { current: () => key, named: (id) => (id === key.id ? key : undefined) });
	const forge = (changed: Record<string, unknown>, header: Record<string, unknown> = {}, by = secret) => {
		const usual = { ...claims, sub: 'local', jti: '1', iss: 'co-clone', aud: 'co-clone-gateway' };
		const token = new SignJWT({ ...usual, iat: now / 1000, exp: now / 1000 + 600, ...changed });
		return token.setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k', ...header }).sign(by);
	};

	it('look like this: with our secret and nothing wrong, one is accepted', async () => {
		assert.ok(await tokens().verify(await forge({})));
	});

	for (const [what, changed, header] of forgeries) {
		it(`are refused ${what}, even with our secret`, async () => {
			assert.equal(await tokens().verify(await forge(changed(), header)), undefined);
		});
	}

	it('are refused with a secret that a path in “kid” leads to', async () => {
		const token = await forge({}, { kid: '../../../../dev/zero' }, new Uint8Array(32));
		assert.equal(await tokens().verify(token), undefined);
	});

	it('are refused without a signature: alg none', async () => {
		const unsecured = new UnsecuredJWT(claims).setIssuer('co-clone').setAudience('co-clone-gateway').setSubject('local').setJti('1');
		const token = unsecured
			.setIssuedAt(now / 1000)
			.setExpirationTime(now / 1000 + 600)
			.encode();
		assert.equal(await tokens().verify(token), undefined);
	});

	it('are refused when a part of ours was changed', async () => {
		const [head = '', body = '', signature = ''] = (await tokens().issue({ id: 'x', scopes: ['complete'] })).split('.');
		assert.ok(await tokens().verify(`${head}.${body}.${signature}`));
		const more = Buffer.from(JSON.stringify({ ...JSON.parse(atob(body)), scope: 'complete manage' })).toString('base64url');
		const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
		for (const token of [`${head}.${more}.${signature}`, `${none}.${body}.`, `${none}.${body}.${signature}`, `${head}.${body}.`, '..']) {
			assert.equal(await tokens().verify(token), undefined);
		}
	});
});

describe('rule 19: files with secrets', () => {
	const path = () => join(folder.path, 'own', 'file');

	it('are readable for the user alone, in a folder that nobody else can enter', async () => {
		await mkdir(join(folder.path, 'own'), { mode: 0o777 });
		writePrivate(path(), 'secret');
		assert.equal((await stat(path())).mode & 0o777, 0o600);
		assert.equal((await stat(join(folder.path, 'own'))).mode & 0o777, 0o700);
		assert.equal(readPrivate(path()), 'secret');
	});

	it('are replaced whole: nothing else stays in the folder', async () => {
		for (const text of ['a', 'b'.repeat(100_000), 'c']) writePrivate(path(), text);
		assert.equal(readPrivate(path()), 'c');
		assert.deepEqual(await readdir(join(folder.path, 'own')), ['file']);
	});

	it('are refused where there is a link, and what it leads to stays as it is', async () => {
		const target = join(folder.path, 'target');
		await writeFile(target, 'theirs', { mode: 0o600 });
		await mkdir(join(folder.path, 'own'));
		await symlink(target, path());
		assert.throws(() => writePrivate(path(), 'secret'), NotPrivateError);
		assert.throws(() => readPrivate(path()), NotPrivateError);
		assert.equal(await readFile(target, 'utf8'), 'theirs');
	});

	it('are refused where the folder is a link', async () => {
		await mkdir(join(folder.path, 'theirs'));
		await symlink(join(folder.path, 'theirs'), join(folder.path, 'own'));
		assert.throws(() => writePrivate(path(), 'secret'));
		assert.deepEqual(await readdir(join(folder.path, 'theirs')), []);
	});

	it('are refused where others could have written them', async () => {
		writePrivate(path(), 'secret');
		for (const mode of [0o644, 0o660, 0o602]) {
			await chmod(path(), mode);
			assert.throws(() => readPrivate(path()), /can be read or written by others/);
		}
	});
});

describe('POST /oauth/token', () => {
	const ask = (served: Served, fields: Record<string, string>, headers = {}) =>
		fetch(`${served.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields), headers });

	it('gives a token for a key, and the token opens the rest', async () => {
		await using served = await Served.start('a + b');
		const { text } = served.keys.create('vim');
		const response = await ask(served, { grant_type: 'refresh_token', refresh_token: text });
		const { access_token: token, expires_in: seconds, scope, refresh_token: again } = await response.json();
		assert.deepEqual([response.status, seconds, scope, again], [200, 600, 'complete', undefined]);
		assert.equal(response.headers.get('cache-control'), 'no-store');
		const used = await served.get('/v1/models', { authorization: `Bearer ${token}` });
		assert.equal(used.status, 200);
	});

	it('takes JSON, too', async () => {
		await using served = await Served.start();
		const response = await served.post('/oauth/token', { grant_type: 'refresh_token', refresh_token: served.key });
		assert.equal(response.status, 200);
	});

	const refusals: readonly (readonly [string, Record<string, string>, string])[] = [
		['a key that is none', { grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant'],
		['no key', { grant_type: 'refresh_token' }, 'invalid_request'],
		['another grant', { grant_type: 'password', username: 'a', password: 'b' }, 'unsupported_grant_type'],
		['a grant of JavaScript', { grant_type: 'constructor' }, 'unsupported_grant_type'],
	];
	for (const [what, fields, code] of refusals) {
		it(`refuses ${what}: ${code}`, async () => {
			await using served = await Served.start();
			const response = await ask(served, fields);
			assert.deepEqual([response.status, (await response.json()).error], [400, code]);
		});
	}

	it('refuses a token in the place of a key: it cannot be made to last', async () => {
		await using served = await Served.start();
		const { access_token: token } = await (await ask(served, { grant_type: 'refresh_token', refresh_token: served.key })).json();
		assert.equal((await ask(served, { grant_type: 'refresh_token', refresh_token: token })).status, 400);
	});

	it('refuses a page of another origin, whose form a browser sends unasked', async () => {
		await using served = await Served.start();
		const fields = { grant_type: 'refresh_token', refresh_token: served.key };
		assert.equal((await ask(served, fields, { origin: 'https://evil.example' })).status, 403);
	});
});
