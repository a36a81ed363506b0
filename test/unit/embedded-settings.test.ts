import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { modelFolders } from '../../src/cli/model-folders.ts';
import { parseBackend } from '../../src/model/backend.ts';
import { embeddedSettings, hasModel } from '../../src/model/embedded-settings.ts';
import { installedEngine } from '../../src/model/installed-engine.ts';
import { knownGgufs } from '../../src/model/known-gguf.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { runtimeFolder } from '../../src/std/private-folder.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const [small, medium] = knownGgufs.map(({ file }) => file);
assert.ok(small && medium);

let folder: TemporaryFolder;
beforeEach(async () => {
	folder = await TemporaryFolder.create();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Creates an empty file, and the folders for it. */
async function put(...parts: string[]): Promise<string> {
	const path = join(folder.path, ...parts);
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, '');
	return path;
}

describe('the model of the embedded engine', () => {
	const chosen = (spec: string, ...folders: string[]) =>
		embeddedSettings(
			parseBackend(spec),
			folders.map((name) => join(folder.path, name)),
		);
	const isMissing = (message: RegExp) => (error: unknown) =>
		error instanceof ModelError && error.code === 'model-missing' && message.test(error.message);

	it('is found by its name, in the first folder that has it', async () => {
		await put('a', 'other.gguf');
		const path = await put('b', medium);
		await put('c', medium);
		const { name, modelPath } = chosen('embedded:qwen2.5-coder-1.5b', 'none', 'a', 'b', 'c');
		assert.deepEqual([name, modelPath], ['qwen2.5-coder-1.5b', path]);
	});

	it('without a name is the smallest that is there, wherever', async () => {
		await put('a', medium);
		const path = await put('b', small);
		const { name, modelPath } = chosen('auto', 'a', 'b');
		assert.deepEqual([name, modelPath], ['qwen2.5-coder-0.5b', path]);
	});

	it('is a file by its path, seen from where we are', async () => {
		const path = await put('my.gguf');
		assert.equal(chosen(`embedded:${path}`).modelPath, path);
		assert.equal(chosen('embedded:package.json').modelPath, resolve('package.json'));
	});

	it('is missed by name', () => {
		assert.throws(() => chosen('auto', 'a'), isMissing(/^qwen2\.5-coder-0\.5b is not downloaded yet/));
		assert.throws(() => chosen('embedded:qwen2.5-coder-7b', 'a'), isMissing(/^qwen2\.5-coder-7b is not downloaded yet/));
		assert.throws(
			() => chosen('embedded:qwen2.5-coder-9b', 'a'),
			isMissing(/neither a file .*qwen2\.5-coder-9b nor .*qwen2\.5-coder-7b\)/),
		);
	});

	it('is there or not', async () => {
		assert.equal(hasModel([folder.path]), false);
		await put(medium);
		assert.equal(hasModel([join(folder.path, 'none'), folder.path]), true);
	});
});

describe('the engine of an installation', () => {
	const entry = ['node_modules', 'node-llama-cpp', 'dist', 'index.js'];

	it('is the first that is there', async () => {
		await put('clone', ...entry);
		const folders = ['package', 'clone'].map((name) => join(folder.path, name));
		const program = installedEngine('/co-clone/dist', folders, {}, true);
		assert.equal(program?.llama, join(folder.path, 'clone', ...entry));
		assert.equal(program?.script, join('/co-clone/dist', 'engine.cjs'));
	});

	it('is none where there is none', () => assert.equal(installedEngine('/co-clone/dist', [folder.path], {}, true), undefined));
});

describe('where the engine has its socket', () => {
	it('is a folder of the session, where that is ours', () =>
		assert.equal(runtimeFolder({ XDG_RUNTIME_DIR: folder.path }), join(folder.path, 'co-clone')));

	it('is one among the temporary files where there is no session, or it is not ours', () => {
		const own = join(tmpdir(), `co-clone-${process.getuid?.() ?? userInfo().username}`);
		// Nobody but the system owns the last one.
		const others = [undefined, '', join(folder.path, 'none'), process.getuid?.() === 0 ? '/dev/null/none' : '/'];
		for (const XDG_RUNTIME_DIR of others) assert.equal(runtimeFolder({ XDG_RUNTIME_DIR }), own);
	});
});

describe('where models may be', () => {
	const extension = '/User/globalStorage/co-clone.co-clone/models';
	const systems: [NodeJS.Platform, home: string, environment: Record<string, string>, own: string, editor: string, server: string][] = [
		['linux', '/home/me', {}, '/home/me/.local/share', '/home/me/.config/Code', '/home/me/.vscode-server/data'],
		['linux', '/root', { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' }, '/data', '/config/VSCodium', '/root/.vscode-server/data'],
		[
			'darwin',
			'/Users/me',
			{ XDG_DATA_HOME: '/data' },
			'/Users/me/Library/Application Support',
			'/Users/me/Library/Application Support/Code - Insiders',
			'/Users/me/.vscode-server/data',
		],
		[
			'win32',
			'C:\\Users\\me',
			{ APPDATA: 'D:\\Roaming' },
			'C:\\Users\\me\\AppData\\Local',
			'D:\\Roaming\\Code',
			'C:\\Users\\me\\.vscode-server\\data',
		],
	];
	for (const [platform, home, environment, own, editor, server] of systems) {
		it(`on ${platform} with ${JSON.stringify(environment)}`, () => {
			const written = (path: string) => (platform === 'win32' ? path.replaceAll('/', '\\') : path);
			const [first, ...others] = modelFolders(environment, home, platform);
			assert.equal(first, written(`${own}/co-clone/models`));
			for (const profile of [editor, server]) assert.ok(others.includes(written(`${profile}${extension}`)), others.join('\n'));
		});
	}
});
