import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { hole, long, pause, say, until } from './faults.ts';
import { Haproxy } from './haproxy.ts';
import { cancelHalf } from './region-load.ts';
import { Curl, freePort, pieces, type RegionProcess, RegionProcesses } from './region-processes.ts';
import { slowDownOne } from './region-shares.ts';

/** The same faults, with HAProxy in place of our own router. */
describe('HAProxy in front of regions', () => {
	let tier: RegionProcesses;
	let haproxy: Haproxy;

	beforeEach(async () => {
		const address = `http://127.0.0.1:${await freePort()}`;
		tier = await RegionProcesses.start(() => ({ tokens: () => pieces(150), step: 20, prefill: 20 }), { withAgents: true, address });
		haproxy = await Haproxy.start(tier, address).catch(async (error) => {
			await tier[Symbol.asyncDispose]();
			throw error;
		});
	});

	afterEach(async () => {
		await haproxy[Symbol.asyncDispose]();
		await tier[Symbol.asyncDispose]();
	});

	const curl = (body: object, ...options: string[]) => new Curl(haproxy.url, tier.key, '/v1/completions', body, ...options);

	const ask = async (headers: Record<string, string> = {}) => {
		const at = performance.now();
		const response = await fetch(`${haproxy.url}/v1/completions`, {
			method: 'POST',
			headers: { authorization: `Bearer ${tier.key}`, 'content-type': 'application/json', ...headers },
			body: JSON.stringify({ ...hole, max_tokens: 1 }),
		});
		await response.text();
		return { response, ms: performance.now() - at, at, region: response.headers.get('x-co-clone-region') };
	};

	/** Of the gateway itself. */
	const statusAt = async ({ gateway }: RegionProcess) =>
		(await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${tier.key}` } })).status;

	const answering = (asking: Curl): RegionProcess => tier.named(asking.header('x-co-clone-region'));

	it('is configured as it takes it, and reaches every region by its name', async () => {
		assert.match(await Haproxy.check(haproxy.config), /Configuration file is valid/);
		assert.doesNotMatch(await Haproxy.check(haproxy.config), /WARNING/);
		assert.match(await readFile(join(tier.home, 'regions.map'), 'utf8'), /^eu-west only_eu-west$/m);
		for (const { name } of tier.regions) {
			const { response, region } = await ask({ 'x-co-clone-region': name });
			assert.equal(response.status, 200);
			assert.equal(region, name);
		}
	});

	it('has no false end when a region is killed, and asks another one next', async () => {
		for (const version of ['--http1.1', '--http2-prior-knowledge']) {
			const asking = curl(long, version);
			await asking.begun();
			const region = answering(asking);
			const at = performance.now();
			await region.gateway.kill();
			const code = await asking.exit;
			assert.doesNotMatch(asking.text, /\[DONE\]/);
			// Over HTTP/2 HAProxy 2.6 closes the stream as if it were whole: what a protocol ends with has to be looked for.
			console.log(`      curl ${version} ends with ${code}`);
			if (version === '--http1.1') assert.equal(code, 18);
			const next = await ask();
			say('the next answer is there after', performance.now() - at);
			assert.equal(next.response.status, 200);
			assert.notEqual(next.region, region.name);
			assert.ok(performance.now() - at < 1000);
		}
	});

	it('moves on from a region that hangs', async () => {
		const { region: name } = await ask();
		tier.named(name).gateway.child.kill('SIGSTOP');
		const asked: Awaited<ReturnType<typeof ask>>[] = [];
		for (let i = 0; i < 8; i++) asked.push(...(await Promise.all([ask(), ask(), ask()])));
		const failed = asked.filter(({ response }) => response.status !== 200);
		say(`${failed.length} of ${asked.length} answers failed; the slowest came after`, Math.max(...asked.map(({ ms }) => ms)));
		assert.ok(failed.length <= 3);
		assert.ok(Math.max(...asked.map(({ ms }) => ms)) < 4000);
		for (const { response, region } of asked.slice(-9)) {
			assert.equal(response.status, 200);
			assert.notEqual(region, name);
		}
	});

	it('stops the model in a region when a client was killed', async () => {
		for (const version of ['--http1.1', '--http2-prior-knowledge']) {
			const times: number[] = [];
			for (let i = 0; i < 5; i++) {
				const asking = curl(long, version);
				await asking.begun();
				const { model } = answering(asking);
				const at = performance.now();
				asking.child.kill('SIGKILL');
				await until(() => model.generated.at(-1)?.closedAt !== undefined);
				times.push((model.generated.at(-1)?.closedAt ?? Number.NaN) - at);
			}
			// A machine that does other things at the time is not what is measured.
			say(`through both hops (${version})`, Math.min(...times));
			assert.ok(Math.min(...times) < 50, String(times));
		}
	});

	it('bears that every other request is cancelled', async () => {
		for (const { model } of tier.regions) Object.assign(model.script, { step: 1, prefill: 10, tokens: () => pieces(3) });
		const { broken, goaways, statuses } = await cancelHalf(haproxy.url, tier.key);
		// HAProxy 2.6 resets some streams that it has not opened yet, which ends a connection to a region. What that takes along is tried again, and
		// what cannot be is refused (7, REFUSED_STREAM), which says that nothing was done and that it may be sent again.
		assert.ok(
			broken.every((how) => how === '7: '),
			String(broken),
		);
		assert.ok(broken.length <= 40, String(broken.length));
		assert.equal(goaways, 0);
		assert.deepEqual(Object.keys(statuses), ['200']);
		await until(() => tier.regions.every(({ model }) => model.generated.every(({ isFinished, closedAt }) => isFinished || closedAt)));
	});

	it('asks a region that is about to end nothing new, and what it streams comes to its end', async () => {
		const asking = curl(long);
		await asking.begun();
		const region = answering(asking);
		region.gateway.child.kill('SIGTERM');
		// The signal has to get there.
		await until(async () => (await statusAt(region)) === 503);
		const asked = region.model.generated.length;
		for (let i = 0; i < 9; i++) assert.equal((await ask()).response.status, 200);
		assert.equal(region.model.generated.length, asked);
		assert.equal(await asking.exit, 0);
		assert.match(asking.text, /\[DONE\]/);
		await until(() => region.gateway.child.exitCode === 0);
	});

	it('moves away from a region that is slow, and back when it is quick again', async () => {
		await slowDownOne(tier, async () => (await ask()).region);
	});

	it('is reloaded in the middle of a stream', async () => {
		const asking = curl(long);
		await asking.begun();
		const old = haproxy;
		haproxy = await old.reload();
		assert.equal((await ask()).response.status, 200);
		assert.equal(old.child.exitCode, null);
		assert.equal(await asking.exit, 0);
		assert.match(asking.text, /\[DONE\]/);
		await until(() => old.child.exitCode === 0);
	});

	/** As a device does it, approved at the terminal of the gateway that all sign in at. */
	const signedIn = async () => {
		const post = async (path: string, fields: Record<string, string>) =>
			(await fetch(`${haproxy.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) })).json();
		const { device_code, user_code, verification_uri } = await post('/oauth/device/code', { client_id: 'editor' });
		assert.equal(verification_uri, `${haproxy.url}/oauth/device`);
		const [first] = tier.regions;
		assert.match(await tier.coClone(first?.name ?? '', 'token', '--approve', user_code), /is let in/);
		const tokens = await post('/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
		const refreshed = () => post('/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
		return { token: String(tokens.access_token), refreshed: async () => String((await refreshed()).access_token) };
	};

	const statusWith = async (token: string, pin: string) => {
		const headers = { authorization: `Bearer ${token}`, 'x-co-clone-region': pin };
		return (await fetch(`${haproxy.url}/v1/models`, { headers })).status;
	};

	it('lets who has signed in once in at every gateway, also when what tokens are signed with changes', async () => {
		await tier.coClone('anybody', 'token', '--share');
		const { token, refreshed } = await signedIn();
		const count = { asked: 0, refused: 0 };
		const askAll = async (tokens: readonly string[]) => {
			for (const one of tokens)
				for (const { name } of tier.regions) {
					count.asked++;
					if ((await statusWith(one, name)) !== 200) count.refused++;
				}
		};
		await askAll([token]);
		await tier.coClone('anybody', 'token', '--share');
		await askAll([token, await refreshed()]);
		const answered = await Promise.all(Array.from({ length: 60 }, () => ask({ authorization: `Bearer ${token}` })));
		const regions = new Set(answered.map(({ region }) => region));
		console.log(`      ${count.asked} + ${answered.length} requests at ${regions.size} gateways, ${count.refused} refused`);
		assert.deepEqual(
			answered.filter(({ response }) => response.status !== 200),
			[],
		);
		assert.deepEqual([count.refused, regions.size], [0, 3]);
	});

	it('is where co-clone login signs in, and co-clone complete asks then', async () => {
		await tier.coClone('anybody', 'token', '--share');
		for (const { model } of tier.regions) Object.assign(model.script, { tokens: () => [' a + b'] });
		const home = join(tier.home, 'somebody');
		await mkdir(home);
		const env = { PATH: process.env['PATH'], HOME: home, OLLAMA_HOST: 'http://127.0.0.1:9' };
		const login = spawn(process.execPath, ['dist/cli.cjs', 'login', haproxy.url], { env, stdio: ['ignore', 'pipe', 'inherit'] });
		for await (const line of createInterface(login.stdout)) {
			const code = /type this code there: (\S+)/.exec(line)?.[1];
			if (code) await tier.coClone(tier.regions[0]?.name ?? '', 'token', '--approve', code);
			if (line.startsWith('You are signed in')) break;
		}
		await once(login, 'exit');
		for (let i = 0; i < 3; i++) {
			const asking = spawn(process.execPath, ['dist/cli.cjs', 'complete', '--model', haproxy.url, '--language', 'python', '-'], { env });
			asking.stdin.end(hole.prompt);
			assert.equal(await text(asking.stdout), 'a + b\n');
		}
	});

	it('lets a stream come to its end whose token ends meanwhile', async () => {
		await tier.coClone('anybody', 'token', '--share');
		const { token, refreshed } = await signedIn();
		const asking = new Curl(haproxy.url, token, '/v1/completions', long);
		await asking.begun();
		for (const { gateway } of tier.regions) gateway.endTokens();
		for (const { name } of tier.regions) await until(async () => (await statusWith(token, name)) === 401);
		assert.doesNotMatch(asking.text, /\[DONE\]/);
		assert.equal(await asking.exit, 0);
		assert.match(asking.text, /\[DONE\]/);
		const next = await refreshed();
		for (const { name } of tier.regions) assert.equal(await statusWith(next, name), 200);
	});

	it('says at once that no region is left', async () => {
		for (const { gateway } of tier.regions) await gateway.kill();
		const early = await ask();
		say('before it has noticed: a refusal after', early.ms);
		assert.equal(early.response.status, 503);
		await pause(2000);
		const times: number[] = [];
		for (let i = 0; i < 5; i++) {
			const { response, ms } = await ask();
			assert.equal(response.status, 503);
			assert.equal(response.headers.get('retry-after'), '5');
			times.push(ms);
		}
		assert.equal((await fetch(`${haproxy.url}/healthz`)).status, 404);
		say('the slowest of 5 refusals', Math.max(...times));
		assert.ok(Math.min(...times) < 100, String(times));
	});
});
