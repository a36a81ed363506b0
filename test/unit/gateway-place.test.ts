import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { run } from '../../src/cli/run.ts';
import type { Serve } from '../../src/cli/serve-command.ts';
import type { ServeOptions } from '../../src/cli/serve-options.ts';
import { Access } from '../../src/gateway/access/access.ts';
import { type Announcement, announced, askGateway, findGateway } from '../../src/gateway/access/discovery.ts';
import { Keys } from '../../src/gateway/access/keys.ts';
import { Log } from '../../src/gateway/access/log.ts';
import { oneGateway } from '../../src/gateway/access/one-gateway.ts';
import { Pairing } from '../../src/gateway/access/pairing.ts';
import { listen } from '../../src/gateway/listen.ts';
import { answering } from '../answering.ts';
import { certificate } from '../certificate.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
	folder = await TemporaryFolder.create();
});
afterEach(() => folder[Symbol.asyncDispose]());

const place = () => join(folder.path, 'runtime');
const keys = () => new Keys(join(folder.path, 'keys'));
const log = new Log('off', () => {});

function open(options: Partial<ServeOptions> = {}, onDevice?: Parameters<Serve>[1]) {
	const pairing = new Pairing(keys(), () => performance.now());
	if (onDevice) pairing.onAsk((device) => onDevice(device, (code, isAllowed) => pairing.decide(code, isAllowed)));
	const access = new Access(keys(), Date.now, options.isOpen);
	return oneGateway(place(), (socket) =>
		listen(answering('a + b'), { port: options.port ?? 0, access, pairing, socket, tls: options.tls, log }),
	);
}

/** A command line, with a gateway that answers “a + b”. */
function command(args: readonly string[], signal = new AbortController().signal) {
	const [output, error] = [new PassThrough(), new PassThrough()];
	const unused = () => assert.fail('not asked for');
	const parts = {
		complete: unused,
		context: unused,
		signatures: { grammar: unused, model: unused, isIgnored: unused },
		check: unused,
		lsp: unused,
		serve: open,
		keys,
		login: unused,
		runtime: place,
	};
	const status = run(args, { input: Readable.from([]), output, error }, parts, signal).finally(() => {
		output.end();
		error.end();
	});
	return { status, output, said: async () => ({ status: await status, output: await readAll(output), error: await readAll(error) }) };
}

/** A command that goes on until it is interrupted. */
async function serving(...args: readonly string[]) {
	const interrupted = new AbortController();
	const { output, status } = command(['serve', ...args], interrupted.signal);
	const [first] = await once(output, 'data');
	const stop = async () => {
		interrupted.abort();
		assert.equal(await status, 0);
	};
	return { said: String(first), stop, [Symbol.asyncDispose]: stop };
}

describe('one gateway for each user', () => {
	it('is announced to their programs, and not any more when it ends', async () => {
		const gateway = await open();
		assert.deepEqual(await findGateway(place()), gateway.at);
		assert.equal(gateway.at.pid, process.pid);
		await gateway[Symbol.asyncDispose]();
		assert.equal(await findGateway(place()), undefined);
		assert.deepEqual(await readdir(place()), []);
	});

	it('is shared by whoever comes next', async () => {
		await using first = await open();
		const second = await open();
		assert.deepEqual([first.isOurs, second.isOurs, second.at], [true, false, first.at]);
		await second[Symbol.asyncDispose]();
		assert.ok(await findGateway(place()));
	});

	it('is one also where many start at once', async () => {
		const all = await Promise.all(Array.from({ length: 8 }, () => open()));
		assert.equal(all.filter(({ isOurs }) => isOurs).length, 1);
		assert.equal(new Set(all.map(({ at }) => at.port)).size, 1);
		for (const one of all) await one[Symbol.asyncDispose]();
	});

	it('is opened anew where the one that is announced was killed', async () => {
		const dead = await deadProcess();
		await mkdir(place(), { mode: 0o700 });
		const left: Announcement = {
			url: 'http://127.0.0.1:1',
			port: 1,
			socket: join(place(), 'gateway.sock'),
			pid: dead,
			startedAt: '',
			token: 'x',
		};
		await writeFile(join(place(), 'gateway.json'), JSON.stringify(left), { mode: 0o600 });
		await writeFile(join(place(), 'gateway.lock'), String(dead));
		await writeFile(left.socket, '');
		assert.equal(await findGateway(place()), undefined);
		await using gateway = await open();
		assert.ok(gateway.isOurs);
		assert.deepEqual(await findGateway(place()), gateway.at);
	});

	it('gives its place back when it cannot have its port', async () => {
		await using other = await listen(answering('x'), { port: 0, access: new Access(keys(), Date.now), log });
		await assert.rejects(open({ port: other.port }), { code: 'EADDRINUSE' });
		await using gateway = await open();
		assert.ok(gateway.isOurs);
	});

	it('announces nothing that others could read: the file has mode 0600, in a folder with 0700', async () => {
		await using _ = await open();
		const modes = await Promise.all([place(), join(place(), 'gateway.json')].map(async (path) => (await stat(path)).mode & 0o777));
		assert.deepEqual(modes, [0o700, 0o600]);
	});
});

describe('rule 1: the gateway answers this machine alone', () => {
	it('at both of its own addresses', async () => {
		await using gateway = await open();
		for (const host of ['127.0.0.1', ...(hasIpv6() ? ['[::1]'] : [])]) {
			assert.equal((await fetch(`http://${host}:${gateway.at.port}/healthz`)).status, 200);
		}
	});

	it('at no other address of the machine', async () => {
		await using gateway = await open();
		const others = Object.values(networkInterfaces()).flatMap((all) => all?.filter(({ internal }) => !internal) ?? []);
		for (const host of ['127.0.0.2', ...others.map(({ address }) => address)]) {
			assert.equal(await reaches(host, gateway.at.port), false, host);
		}
	});

	it('whatever it is told: there is no option for another', async () => {
		for (const option of ['--host=0.0.0.0', '--bind=0.0.0.0', '--address=::']) {
			const { status, error } = await command(['serve', '0', option]).said();
			assert.equal(status, 2);
			assert.match(error, /Unknown option/);
		}
	});
});

describe('rule 25: programs of the user reach the gateway by a way of their own', () => {
	it('a socket in a folder that nobody else can enter', async () => {
		await using gateway = await open();
		const { socket } = gateway.at;
		assert.equal((await stat(place())).mode & 0o777, 0o700);
		assert.ok((await stat(socket)).isSocket());
		assert.deepEqual(await askGateway(gateway.at, 'GET', '/healthz'), { status: 200, text: 'ok\n' });
		assert.equal((await askGateway(gateway.at, 'GET', '/v1/models')).status, 200);
	});

	it('and not by the port, which somebody else may have taken since', async () => {
		await using gateway = await open();
		await rm(gateway.at.socket);
		assert.equal(await findGateway(place()), undefined);
	});

	it('and who comes by the socket needs a token, too', async () => {
		await using gateway = await open();
		assert.equal((await askGateway({ ...gateway.at, token: 'x' }, 'GET', '/v1/models')).status, 401);
	});
});

describe('co-clone serve', () => {
	it('says where it answers and how to ask, and no token', async () => {
		await using gateway = await serving('0');
		const at = await findGateway(place());
		assert.match(gateway.said, new RegExp(`answers at ${at?.url}\\.[^]*co-clone token`));
		assert.ok(at && !gateway.said.includes(at.token));
	});

	it('finds the one that runs, and says so', async () => {
		await using _ = await serving('0');
		const port = String(announced(place())?.port);
		for (const args of [['serve'], ['serve', port], ['serve', '--port', port]]) {
			const { status, output } = await command(args).said();
			assert.deepEqual([status, output.includes(`127.0.0.1:${port} already`)], [0, true]);
		}
		const other = await command(['serve', '1']).said();
		assert.equal(other.status, 1);
		assert.match(other.error, /one gateway for each user/);
	});

	it('lets nobody in without a key, unless it is open, and warns then', async () => {
		const url = () => `${announced(place())?.url}/v1/models`;
		const closed = await serving('0');
		assert.equal((await fetch(url())).status, 401);
		await closed.stop();
		const interrupted = new AbortController();
		const opened = command(['serve', '0', '--open'], interrupted.signal);
		await once(opened.output, 'data');
		assert.equal((await fetch(url())).status, 200);
		assert.equal((await fetch(url(), { headers: { authorization: 'Bearer dummy' } })).status, 200);
		for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
			assert.equal((await fetch(url(), { headers })).status, 403);
		}
		assert.equal((await fetch(`${announced(place())?.url}/v1/co-clone/status`)).status, 403);
		interrupted.abort();
		assert.match((await opened.said()).error, /Every user and every program on this machine/);
	});

	for (const [args, message] of [
		[['--tls-cert', 'a.pem'], /both --tls-cert and --tls-key/],
		[['--tls-cert', '/none.pem', '--tls-key', '/none.pem'], /Cannot read \/none.pem/],
		[['99999'], /“99999” is no port/],
	] as const) {
		it(`refuses ${args.join(' ')}`, async () => {
			const { status, error } = await command(['serve', ...args]).said();
			assert.equal(status, 2);
			assert.match(error, message);
		});
	}

	it('speaks TLS with a certificate: HTTP/1.1 and HTTP/2', async function () {
		const files = certificate(folder.path);
		if (!files) return this.skip();
		await using _ = await serving('0', '--tls-cert', files.cert, '--tls-key', files.key);
		const { url = '', token = '' } = announced(place()) ?? {};
		const ca = await readFile(files.cert);
		assert.match(url, /^https:/);
		const asking = request(`${url}/v1/models`, { ca, agent: false, headers: { authorization: `Bearer ${token}` } }).end();
		const [response] = await once(asking, 'response');
		assert.equal(response.statusCode, 200);
		response.resume();
		const session = connect(url, { ca });
		const stream = session.request({ ':path': '/v1/models', authorization: `Bearer ${token}` });
		const [headers] = await once(stream, 'response');
		assert.equal(headers[':status'], 200);
		stream.resume();
		session.close();
		await assert.rejects(fetch(url.replace('https', 'http')));
		assert.ok(await findGateway(place()));
	});
});

describe('co-clone status', () => {
	it('says that none answers', async () => {
		const { status, error } = await command(['status']).said();
		assert.equal(status, 1);
		assert.match(error, /co-clone serve/);
	});

	it('says where one answers, with which model, and how much went through', async () => {
		await using gateway = await open();
		const { text } = keys().create('vim');
		const ask = (key: string) => fetch(`${gateway.at.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
		for (const key of [text, text, 'x']) await (await ask(key)).text();
		const { status, output } = await command(['status', '--json']).said();
		const { requests, failed, running, model, url } = JSON.parse(output);
		assert.deepEqual([status, requests, failed, running, url], [0, 3, 1, 0, gateway.at.url]);
		assert.equal(model, 'scripted');
		assert.match((await command(['status']).said()).output, /model +scripted\nrequests +\d+/);
	});

	it('is nothing for programs that have a key', async () => {
		await using gateway = await open();
		const { text } = keys().create('vim');
		const response = await fetch(`${gateway.at.url}/v1/co-clone/status`, { headers: { authorization: `Bearer ${text}` } });
		assert.equal(response.status, 403);
	});
});

describe('co-clone token', () => {
	it('prints a key alone, which works until it is revoked', async () => {
		await using gateway = await open();
		const { output } = await command(['token', '--name', 'vim']).said();
		const ask = () => fetch(`${gateway.at.url}/v1/models`, { headers: { authorization: `Bearer ${output.trim()}` } });
		assert.equal((await ask()).status, 200);
		const [key] = JSON.parse((await command(['token', '--list', '--json']).said()).output);
		assert.equal(key.name, 'vim');
		assert.equal((await command(['token', '--revoke', key.id]).said()).status, 0);
		assert.equal((await ask()).status, 401);
		assert.equal((await command(['token', '--revoke', key.id]).said()).status, 1);
	});

	it('lists keys without what it takes to use them', async () => {
		const { output: text } = await command(['token', '--name', 'vim']).said();
		for (const args of [['--list'], ['--list', '--json']]) {
			const { output } = await command(['token', ...args]).said();
			assert.match(output, /vim/);
			assert.ok(!output.includes(text.trim().slice(-43)));
		}
	});
});

async function deadProcess(): Promise<number> {
	return Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
}

function hasIpv6(): boolean {
	return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
}

function reaches(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connectTcp({ host, port, timeout: 500 });
		const end = (reached: boolean) => {
			socket.destroy();
			resolve(reached);
		};
		socket.once('connect', () => end(true));
		socket.once('error', () => end(false));
		socket.once('timeout', () => end(false));
	});
}
