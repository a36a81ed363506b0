import assert from 'node:assert/strict';
import { join } from 'node:path';
import { commands, env, type QuickPickItem, type Uri, window } from 'vscode';
import { Access } from '../../src/gateway/access/access.ts';
import { findGateway } from '../../src/gateway/access/discovery.ts';
import { Keys } from '../../src/gateway/access/keys.ts';
import { Log } from '../../src/gateway/access/log.ts';
import { type OneGateway, oneGateway } from '../../src/gateway/access/one-gateway.ts';
import { listen } from '../../src/gateway/listen.ts';
import { answering } from '../answering.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { cleanUp, serve, set, until } from './editor.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

describe('the gateway of the editor', () => {
	const { showInformationMessage, showQuickPick, showWarningMessage, showErrorMessage } = window;
	const { XDG_RUNTIME_DIR, XDG_DATA_HOME } = process.env;
	const said: string[] = [];
	let reply: string | undefined;
	let folder: TemporaryFolder;
	let fake: FakeOllama;

	beforeEach(async () => {
		folder = await TemporaryFolder.create();
		// Other gateways of whoever runs this are none of its business.
		Object.assign(process.env, { XDG_RUNTIME_DIR: folder.path, XDG_DATA_HOME: folder.path });
		fake = await serve({ tokens: () => [...'left + right'] });
		const note = async (message: string) => {
			said.push(message);
			return reply;
		};
		Object.assign(window, { showInformationMessage: note, showWarningMessage: note, showErrorMessage: note });
		said.length = 0;
		reply = undefined;
		await set('gatewayPort', 0);
	});
	afterEach(async () => {
		Object.assign(window, { showInformationMessage, showQuickPick, showWarningMessage, showErrorMessage });
		await cleanUp();
		await until(async () => (await found()) === undefined, 'the gateway to end');
		for (const [name, value] of Object.entries({ XDG_RUNTIME_DIR, XDG_DATA_HOME })) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
		await fake[Symbol.asyncDispose]();
		await folder[Symbol.asyncDispose]();
	});

	const place = () => join(folder.path, 'co-clone');
	const keys = () => new Keys(join(place(), 'gateway', 'keys'));
	const found = () => findGateway(place());
	const copied = async (command: string) => {
		await commands.executeCommand(`co-clone.${command}`);
		return env.clipboard.readText();
	};
	const post = (url: string, fields: Record<string, string>) => fetch(url, { method: 'POST', body: new URLSearchParams(fields) });

	/** A gateway of another process, as far as this window can tell. */
	function another(): Promise<OneGateway> {
		const access = new Access(keys(), Date.now);
		return oneGateway(place(), (socket) => listen(answering('a'), { port: 0, access, socket, log: new Log('off', () => {}) }));
	}

	it('is off until somebody starts it, and then answers with this window’s model who has a key', async () => {
		assert.equal(await found(), undefined);
		await commands.executeCommand('co-clone.copyGatewayAddress');
		assert.match(said[0] ?? '', /gateway is off/);
		await commands.executeCommand('co-clone.startGateway');
		const url = await copied('copyGatewayAddress');
		assert.match(said[1] ?? '', new RegExp(url));
		const key = await copied('copyGatewayKey');
		assert.match(key, /^cck_/);
		const ask = (authorization: string) =>
			fetch(`${url}/v1/completions`, {
				method: 'POST',
				headers: { authorization, 'content-type': 'application/json' },
				body: JSON.stringify({ prompt: 'function add(left, right) {\n\treturn ', suffix: ';\n}\n', max_tokens: 20 }),
			});
		assert.equal((await ask('')).status, 401);
		const { choices } = await (await ask(`Bearer ${key}`)).json();
		assert.equal(choices[0].text, 'left + right');
	});

	it('opens its playground in a browser by a link that works once; it starts when somebody says so', async () => {
		const opened: string[] = [];
		const { openExternal } = env;
		Object.assign(env, { openExternal: async (uri: Uri) => opened.push(uri.toString(true)) });
		reply = 'Start Gateway';
		await commands.executeCommand('co-clone.openPlayground');
		Object.assign(env, { openExternal });
		const [, url, code] = /^(http:\/\/127\.0\.0\.1:\d+)\/ide#code=([\w-]+)$/.exec(opened[0] ?? '') ?? [];
		assert.match(await (await fetch(`${url}/ide`)).text(), /<html/);
		const signIn = () =>
			fetch(`${url}/playground/sign-in`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ code }),
			});
		const signedIn = await signIn();
		assert.deepEqual([signedIn.status, (await signIn()).status], [200, 401]);
		const { token } = await signedIn.json();
		const functions = await fetch(`${url}/playground/functions`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify({ files: [{ path: 'a.py', text: 'def area(width, height):\n    return width * height\n' }] }),
		});
		assert.deepEqual(
			(await functions.json()).functions.map(({ name }: { name: string }) => name),
			['area'],
		);
	});

	it('copies the same key again, until it is taken back', async () => {
		await commands.executeCommand('co-clone.startGateway');
		const first = await copied('copyGatewayKey');
		assert.equal(await copied('copyGatewayKey'), first);
		Object.assign(window, { showQuickPick: async (items: readonly QuickPickItem[]) => items[0] });
		reply = 'Take Back';
		await commands.executeCommand('co-clone.gatewayKeys');
		assert.match(said.at(-1) ?? '', /Take the key of “copied in VS Code” back\?/);
		assert.notEqual(await copied('copyGatewayKey'), first);
		const url = await copied('copyGatewayAddress');
		assert.equal((await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${first}` } })).status, 401);
	});

	for (const [answer, what] of [
		['Allow', 'let in'],
		['Deny', 'refused'],
	] as const) {
		it(`asks about a device, with the code that it shows; it is ${what} with “${answer}”`, async () => {
			await commands.executeCommand('co-clone.startGateway');
			const url = await copied('copyGatewayAddress');
			reply = answer;
			const { device_code: code, user_code: shown } = await (await post(`${url}/oauth/device/code`, { client_id: 'nvim' })).json();
			assert.match(said.at(-1) ?? '', new RegExp(`“nvim” wants to use .* shows this code: ${shown}`));
			const given = await (await post(`${url}/oauth/token`, { grant_type: deviceGrant, device_code: code })).json();
			assert.equal(answer === 'Allow' ? given.token_type : given.error, answer === 'Allow' ? 'Bearer' : 'access_denied');
			assert.equal(keys().list().length, answer === 'Allow' ? 1 : 0);
		});
	}

	it('is that of another window where there is one, and this one takes over when it goes', async () => {
		const first = await another();
		await commands.executeCommand('co-clone.startGateway');
		assert.equal(await copied('copyGatewayAddress'), first.at.url);
		await first[Symbol.asyncDispose]();
		await until(async () => (await found()) !== undefined, 'this window to take over');
		assert.notEqual((await found())?.startedAt, first.at.startedAt);
	});

	it('ends when it is stopped', async () => {
		await commands.executeCommand('co-clone.startGateway');
		assert.ok(await found());
		await commands.executeCommand('co-clone.stopGateway');
		await until(async () => (await found()) === undefined, 'the gateway to end');
	});

	it('says so when its port is taken, and is there when it has another', async () => {
		await using taken = await listen(answering('a'), { port: 0, access: new Access(keys(), Date.now), log: new Log('off', () => {}) });
		await set('gatewayPort', taken.port);
		await commands.executeCommand('co-clone.startGateway');
		await until(() => said.length > 0, 'what is wrong');
		assert.match(said[0] ?? '', new RegExp(`port ${taken.port} is taken\\. Set “co-clone\\.gatewayPort”`));
		await set('gatewayPort', 0);
		await until(async () => (await found()) !== undefined, 'the gateway');
	});
});
