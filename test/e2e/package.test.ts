import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readDirectory } from '../../src/model/zip.ts';
import { environment } from './editor-page.ts';

const engine = 'engine/node_modules/';

/** Names of the files in a .vsix, as they will lie in the extension's folder. */
async function filesOf(vsix: string): Promise<string[]> {
	const names = (readDirectory(await readFile(vsix), 0) ?? []).map(({ name }) => name);
	return names.filter((name) => name.startsWith('extension/')).map((name) => name.slice('extension/'.length));
}

describe('the package', () => {
	it('for all platforms has no engine', async () => {
		const files = await filesOf(environment('E2E_UNIVERSAL_VSIX'));
		assert.ok(files.includes('dist/extension.cjs') && files.includes('dist/engine.cjs'));
		assert.equal(files.filter((file) => file.startsWith('dist/grammars/')).length, 11);
		assert.deepEqual(
			files.filter((file) => file.startsWith('engine/')),
			[],
		);
	});

	it('for a platform has the whole engine, and nothing to build it with', async () => {
		// The entry is MODULES/node-llama-cpp/dist/index.js.
		const modules = dirname(dirname(dirname(environment('E2E_LLAMA'))));
		const prepared = await readdir(modules, { recursive: true, withFileTypes: true });
		const expected = prepared.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(modules, join(parentPath, name)));
		const packed = (await filesOf(environment('E2E_VSIX'))).filter((file) => file.startsWith(engine));
		console.log(`      ${packed.length} files of the engine`);
		assert.deepEqual(packed.toSorted(), expected.map((path) => `${engine}${path.split(sep).join('/')}`).toSorted());
		const binary = new RegExp(`^${engine}@node-llama-cpp/[^/]+/bins/.*/llama-addon\\.node$`);
		assert.ok(packed.includes(`${engine}node-llama-cpp/dist/index.js`) && packed.some((file) => binary.test(file)));
		assert.ok(!packed.some((file) => /\.(d\.ts|map|bundle|cpp)$/.test(file)));
	});

	it('for an unknown platform is refused, with those that there are', () => {
		const { status, stderr } = spawnSync(process.execPath, ['scripts/package.mjs', '--target', 'amiga-68k'], { encoding: 'utf8' });
		assert.equal(status, 1);
		assert.match(stderr, /no embedded engine for amiga-68k\. There is one for darwin-arm64, .*linux-x64, .*win32-x64\./);
	});
});
