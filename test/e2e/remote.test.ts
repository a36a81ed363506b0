import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, readlink, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { waitForGhostText } from '../../scripts/setup/type-in-editor.mjs';
import { EditorPage, environment } from './editor-page.ts';
import { processesWith } from './extension-host.ts';
import { OtherHome, type OtherMachine } from './other-home.ts';
import { RemoteMachine } from './remote-machine.ts';

const arithmetic = `export function subtract(left: number, right: number): number {
	return left - right;
}

export function add(left: number, right: number): number {
	|
}
`;

/** Where VS Code's own remote extensions have all that is on the other side. */
const serverData = '.vscode-server';
const usualOllamaPort = 11434;

/**
 * The editor's window is here, VS Code's server and everything that it runs are there, with the packaged extension installed there as
 * the remote extensions install it. What a user has to do for this is in docs/remote.md.
 */
describe('a remote machine', function () {
	this.timeout(240_000);
	let machine: OtherMachine;
	let node: string;
	let serverMain: string;
	let port: number;
	let editor: EditorPage | undefined;

	/** Runs a command there, to its end. */
	async function run(command: string, input?: string): Promise<void> {
		const child = machine.start(command, [], ['pipe', 'ignore', 'pipe']);
		if (child.stdin && input !== undefined) createReadStream(input).pipe(child.stdin);
		else child.stdin?.end();
		const [[code], said] = await Promise.all([once(child, 'exit'), child.stderr ? readAll(child.stderr) : '']);
		assert.equal(code, 0, `${command}: ${said}`);
	}

	async function write(path: string, text: string): Promise<void> {
		const child = machine.start(`mkdir -p ${dirname(path)} && cat > ${path}`, [], ['pipe', 'ignore', 'ignore']);
		child.stdin?.end(text);
		assert.deepEqual(await once(child, 'exit'), [0, null], path);
	}

	/** What is set for that machine, on top of what keeps a new profile quiet. */
	async function set(settings: Record<string, unknown>): Promise<void> {
		const { 'co-clone.ollamaUrl': _, ...quiet } = JSON.parse(
			await readFile(join(environment('E2E_FOLDER'), 'embedded-user', 'Machine', 'settings.json'), 'utf8'),
		);
		await write(`${serverData}/data/Machine/settings.json`, JSON.stringify({ ...quiet, ...settings }));
	}

	/** Opens the folder over there in a window here, and types in a file of its own: what was not saved is there again in the next window. */
	async function typeThere(name: string): Promise<EditorPage> {
		const file = `${name}.ts`;
		await write(`project/${file}`, arithmetic.replace('|', ''));
		await editor?.close();
		const folder = join(machine.home, 'project');
		editor = await EditorPage.onFolder(`remote-${name}`, { [file]: arithmetic }, folder, `http://127.0.0.1:${port}/`);
		await editor.openFile(file);
		await editor.type('return ');
		return editor;
	}

	before(async () => {
		// VS Code there is the one from here; what it stores and runs is not.
		const main = environment('E2E_VSCODE_MAIN');
		const vscode = `${serverData}/bin/vscode`;
		const shared = {
			[vscode]: dirname(dirname(main)),
			[`${serverData}/bin/node`]: environment('E2E_VSCODE_NODE'),
			[`${serverData}/data/User/globalStorage/co-clone.co-clone/models/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf`]:
				environment('E2E_WEIGHTS'),
		};
		machine = await otherMachine(shared);
		node = join(machine.home, serverData, 'bin', 'node');
		serverMain = join(machine.home, vscode, 'out', 'server-main.js');
		await run('cat > co-clone.vsix', environment('E2E_VSIX'));
		await run(`${node} ${serverMain} --server-data-dir ${serverData} --accept-server-license-terms --install-extension co-clone.vsix`);
		await set(nobodyAnswers());
		port = await serve();
	});

	afterEach(async () => {
		await editor?.close();
		editor = undefined;
	});

	after(async () => {
		await machine?.[Symbol.asyncDispose]();
	});

	/** Starts the server there, and forwards a port from here to it. */
	async function serve(): Promise<number> {
		const here = await freePort();
		const there = machine.isRemote ? 8000 : here;
		const where = `--host 127.0.0.1 --port ${there} --server-data-dir ${serverData}`;
		const quiet = '--without-connection-token --accept-server-license-terms --disable-workspace-trust --disable-telemetry';
		const server = machine.start(`exec ${node} ${serverMain} ${where} ${quiet}`, ['-L', `${here}:127.0.0.1:${there}`]);
		await untilAnswering(`http://127.0.0.1:${here}/`, server);
		return here;
	}

	/** Where the machine is not another one, its localhost is ours, and Ollama may be there. */
	function nobodyAnswers(): Record<string, unknown> {
		return machine.isRemote ? {} : { 'co-clone.ollamaUrl': 'http://127.0.0.1:9' };
	}

	it('completes with an engine of its own, of its own user', async () => {
		const there = await typeThere('embedded');
		assert.match(await there.waitForGhostAlone(), /^left \+ right\b/);
		assert.match(await there.status(), /qwen2\.5-coder-0\.5b/);
		const [pid, ...more] = await processesWith('engine.cjs', join(machine.home, serverData, 'extensions'));
		assert.ok(pid !== undefined && more.length === 0);
		assert.equal((await stat(`/proc/${pid}`)).uid, machine.uid);
		const isHere = (await readlink(`/proc/${pid}/ns/net`)) === (await readlink('/proc/self/ns/net'));
		assert.equal(isHere, !machine.isRemote, 'in the network of the other machine');
	});

	it('finds an Ollama that is brought there', async () => {
		const { port: ours } = new URL(environment('E2E_OLLAMA_URL'));
		const reverse = ['-R', `${usualOllamaPort}:127.0.0.1:${ours}`];
		const tunnel = machine.isRemote ? machine.start('cat', reverse, ['pipe', 'ignore', 'ignore']) : undefined;
		if (!machine.isRemote) await set({ 'co-clone.ollamaUrl': environment('E2E_OLLAMA_URL') });
		const there = await typeThere('ollama');
		assert.match(await there.waitForGhostAlone(), /^left \+ right\b/);
		const status = await there.status();
		assert.ok(status.includes(environment('E2E_MODEL')), status);
		tunnel?.kill();
	});

	it('says whose localhost is meant where nothing answers', async () => {
		await set({ ...nobodyAnswers(), 'co-clone.model': 'ollama:qwen2.5-coder:0.5b' });
		const there = await typeThere('unreachable');
		assert.equal(await waitForGhostText(there.page, 3000), undefined);
		await there.picture('no-ghost-text');
		assert.match(await there.status(), /No model server answers at http:\/\/127\.0\.0\.1:\d+ .* 127\.0\.0\.1 is the remote machine/);
	});
});

async function otherMachine(shared: Readonly<Record<string, string>>): Promise<OtherMachine> {
	try {
		const sshd = process.env['E2E_SSHD'];
		if (!sshd) throw new Error('there is no SSH server, and none can be had.');
		return await RemoteMachine.start(sshd, shared);
	} catch (error) {
		console.log(`      Without SSH, only with another home: ${error instanceof Error ? error.message : error}`);
		return OtherHome.create(shared);
	}
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	return typeof address === 'object' && address ? address.port : 0;
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
	for (const until = Date.now() + 60_000; Date.now() < until; await delay(200)) {
		assert.equal(server.exitCode, null, 'the server there has ended');
		const isThere = await fetch(url).then(
			({ ok }) => ok,
			() => false,
		);
		if (isThere) return;
	}
	throw new Error(`Nothing answers at ${url}.`);
}
