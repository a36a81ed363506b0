import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import { TemporaryFolder } from '../temporary-folder.ts';
import { environment } from './editor-page.ts';

interface Run {
	readonly exitCode: number | null;
	readonly output: string;
}

/** A network of its own, in which a process finds only itself; not every system lets its users make one. */
const ownNetwork = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const canOwnNetwork = succeeds([...ownNetwork, 'true']);

/** The second best: every way out leads to a door that is closed. */
const closedDoor = 'http://127.0.0.1:9';
const noWayOut = {
	HTTP_PROXY: closedDoor,
	HTTPS_PROXY: closedDoor,
	NO_PROXY: '127.0.0.1,localhost',
	NODE_USE_ENV_PROXY: '1',
	npm_config_offline: 'true',
	npm_config_proxy: closedDoor,
	npm_config_https_proxy: closedDoor,
};

const withoutOllama = (process.env['PATH'] ?? '')
	.split(delimiter)
	.filter((folder) => !existsSync(join(folder, 'ollama')))
	.join(delimiter);

function succeeds([command = '', ...args]: readonly string[]): boolean {
	return spawnSync(command, args).status === 0;
}

/** Runs Node without a network, and without an Ollama or a desktop VS Code that it could find. Ends it when it says that it is ready. */
async function offline(args: readonly string[], overlay: Readonly<Record<string, string>> = {}): Promise<Run> {
	const [command = '', ...rest] = [...(canOwnNetwork ? ownNetwork : []), process.execPath, ...args];
	const own = { OLLAMA_HOST: '', DISPLAY: '', WAYLAND_DISPLAY: '', CHROMIUM_PATH: environment('E2E_CHROMIUM') };
	const env = { ...process.env, PATH: withoutOllama, ...own, ...(!canOwnNetwork && noWayOut), ...overlay };
	const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text) => {
			output += text;
			if (/^Ready after/m.test(text)) setTimeout(() => child.kill('SIGINT'), 500);
		});
	}
	const exitCode = await new Promise<number | null>((done) => child.once('close', done));
	return { exitCode, output };
}

/** A clone with everything but the model: what was prepared here is lent to it. */
async function cloneWithoutModel(folder: string): Promise<string> {
	for (const path of ['scripts', 'src']) await cp(path, join(folder, path), { recursive: true });
	for (const path of ['package.json', 'package-lock.json']) await copyFile(path, join(folder, path));
	await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
	await mkdir(join(folder, '.cache'));
	for (const part of ['vscode', 'engine']) await symlink(resolve('.cache', part), join(folder, '.cache', part), 'junction');
	return join(folder, 'scripts', 'start.mjs');
}

describe('npm start without a network and without Ollama', () => {
	before(() => console.log(`      ${canOwnNetwork ? 'in a network namespace of its own' : 'with every proxy at a closed port'}`));

	it('shows ghost text when everything is there', async function () {
		this.timeout(300_000);
		const { exitCode, output } = await offline(['scripts/start.mjs', '--check']);
		assert.equal(exitCode, 0, output);
		const [, ghost = '', waited] = /\n {2}(.+)\nIt came (\S+ s) after the last key/.exec(output) ?? [];
		console.log(`      ${waited}: ${ghost}`);
		assert.match(ghost, /^lines\b/, output);
	});

	it('hands a desktop VS Code the engine and the model', async function () {
		// A shell script stands in for the editor.
		if (process.platform === 'win32') return this.skip();
		await using folder = await TemporaryFolder.create();
		await writeFile(join(folder.path, 'code'), `#!/bin/sh\nprintf '%s\\n' "$@" > "$0.arguments"\n`, { mode: 0o755 });
		const { exitCode, output } = await offline(['scripts/start.mjs'], {
			DISPLAY: ':0',
			PATH: `${folder.path}${delimiter}${withoutOllama}`,
		});
		assert.equal(exitCode, 0, output);
		const given = (await readFile(join(folder.path, 'code.arguments'), 'utf8')).split('\n');
		const value = (name: string) => given.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
		const extension = value('extensionDevelopmentPath');
		for (const path of [
			'package.json',
			'dist/extension.cjs',
			'dist/engine.cjs',
			'media',
			'engine/node_modules/node-llama-cpp/dist/index.js',
		])
			assert.ok(existsSync(join(extension, path)), path);
		const models = join(value('user-data-dir'), 'User', 'globalStorage', 'co-clone.co-clone', 'models');
		assert.deepEqual(await readdir(models), [basename(environment('E2E_WEIGHTS'))]);
		assert.ok(given.includes(resolve('examples', 'sample')));
	});

	it('says what is missing when it is the first', async () => {
		await using folder = await TemporaryFolder.create();
		const { exitCode, output } = await offline([await cloneWithoutModel(folder.path), '--check']);
		console.log(`      ${output.trim().split('\n').at(-1)}`);
		assert.equal(exitCode, 1, output);
		assert.match(output, /Fetching the model: qwen\S+ is not here and cannot be downloaded\. huggingface\.co cannot be reached/);
		assert.match(output, /The network is needed once/);
	});
});
