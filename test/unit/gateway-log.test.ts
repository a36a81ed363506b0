import assert from 'node:assert/strict';
import { Log, type LogLevel, logLevels } from '../../src/gateway/access/log.ts';
import { Served } from '../served.ts';

const code = 'def launch_codes(user):\n    return ';
const answer = 'all_launch_codes[user]';

/** What a gateway writes down at a level: about a request that is answered, one that is refused, and one that makes no sense. */
async function written(logLevel: LogLevel) {
	await using served = await Served.start(answer, { logLevel });
	const { key, text } = served.keys.create('vim');
	const grant = { grant_type: 'refresh_token', refresh_token: text };
	const { access_token: token } = await (await served.post('/oauth/token', grant)).json();
	const authorization = `Bearer ${token}`;
	const headers = { authorization, 'content-type': 'application/json' };
	const ask = (body: string) => fetch(`${served.url}/v1/completions?key=${text}`, { method: 'POST', headers, body });
	for (const body of [JSON.stringify({ prompt: code, suffix: '', stream: true }), `{${code}`]) await (await ask(body)).text();
	await (await served.get(`/v1/${text}`, { authorization: `Bearer wrong-${text}` })).text();
	await (await served.get('/v1/models', { authorization: 'Bearer wrong' })).text();
	const lines = served.log.map((line) => JSON.parse(line)).filter(({ event }) => event !== 'listening');
	return { lines, all: served.log.join(''), secrets: [text, text.slice(-43), token, served.key, 'wrong'], key };
}

describe('the log', () => {
	it('has a line of JSON for each request: who, where, how much and how long', async () => {
		const { lines, key } = await written('info');
		const [grant, answered, senseless, nowhere, refused] = lines;
		assert.equal(lines.length, 5);
		const { time, ms, bytes, ...rest } = answered;
		assert.ok(Number.isInteger(ms) && bytes > 100 && Math.abs(Date.parse(time) - Date.now()) < 60_000);
		const usual = { level: 'info', event: 'request', end: 'whole' };
		assert.deepEqual(rest, { ...usual, method: 'POST', route: '/v1/completions', client: key.id, status: 200 });
		assert.deepEqual([grant.route, grant.status], ['/oauth/token', 200]);
		assert.deepEqual(
			[senseless.status, nowhere.status, nowhere.route, refused.status, refused.client],
			[400, 404, undefined, 401, undefined],
		);
	});

	for (const [level, count] of [
		['off', 0],
		['error', 0],
		['info', 5],
		['debug', 5],
		['trace', 7],
	] as const) {
		it(`has ${count} lines of that with “${level}”`, async () => {
			const { lines } = await written(level);
			assert.equal(lines.length, count);
			assert.equal('firstMs' in (lines[0] ?? {}), level === 'debug' || level === 'trace');
		});
	}

	it('says when somebody went away in the middle', async () => {
		await using served = await Served.start(undefined, { logLevel: 'info' });
		const controller = new AbortController();
		const asking = served.post('/v1/completions', { prompt: 'a', stream: true }, controller.signal);
		while (served.model.questions.length === 0) await new Promise(setImmediate);
		served.model.questions[0]?.say('b');
		await asking;
		controller.abort();
		while (served.log.length < 2) await new Promise(setImmediate);
		assert.equal(JSON.parse(served.log[1] ?? '').end, 'left');
	});
});

describe('rule 20: the log has metadata only', () => {
	for (const level of logLevels.filter((one) => one !== 'trace')) {
		it(`no code with “${level}”`, async () => {
			const { all } = await written(level);
			assert.doesNotMatch(all, /launch/);
		});
	}

	it('code for who asks for it by name: trace', async () => {
		const { all } = await written('trace');
		assert.match(all, /"event":"asked","prompt":"[^"]*def launch_codes.*\n.*"event":"answered","text":"all_launch_codes/);
	});

	it('no code in what nobody expected either: an error may quote what it could not read', () => {
		const lines: string[] = [];
		const fail = () => JSON.parse('{"a": launch_codes}');
		for (const level of ['error', 'trace'] as const) {
			try {
				fail();
			} catch (error) {
				new Log(level, (line) => lines.push(line)).fault(error);
			}
		}
		assert.doesNotMatch(lines[0] ?? '', /launch/);
		assert.match(lines[0] ?? '', /"name":"SyntaxError","at":\["at JSON\.parse/);
		assert.match(lines[1] ?? '', /launch/);
	});
});

describe('rule 7: tokens stay where they are', () => {
	it('no level writes one down, wherever it was put', async () => {
		for (const level of logLevels) {
			const { all, secrets } = await written(level);
			for (const secret of secrets) assert.ok(!all.includes(secret), level);
		}
	});

	it('none in the address is taken for one', async () => {
		await using served = await Served.start('a');
		const queries = ['token', 'access_token', 'key', 'api_key', 'authorization'].map((name) => `?${name}=${served.key}`);
		for (const query of queries) assert.equal((await served.get(`/v1/models${query}`, { authorization: '' })).status, 401);
		const withUser = served.url.replace('//', `//x:${served.key}@`);
		await assert.rejects(fetch(`${withUser}/v1/models`));
	});

	it('no route tells one, apart from the one that gives it for another', async () => {
		await using served = await Served.start('a');
		const { text } = served.keys.create('vim');
		for (const path of ['/v1/models', '/v1/co-clone/status', '/healthz', '/v1/nothing', '/token', '/copilot_internal/v2/token']) {
			const response = await served.get(path);
			const all = `${JSON.stringify([...response.headers])}${await response.text()}`;
			for (const secret of [served.key, text]) assert.ok(!all.includes(secret), path);
			assert.doesNotMatch(all, /eyJ|cck_/, path);
		}
	});
});
