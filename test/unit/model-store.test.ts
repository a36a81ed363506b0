import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DownloadProgress } from '../../src/model/download.ts';
import { fimTemplate } from '../../src/model/fim.ts';
import { type KnownGguf, knownGgufs } from '../../src/model/known-gguf.ts';
import { ModelStore, type ModelStoreOptions } from '../../src/model/model-store.ts';
import { FileServer, type ServedFile } from '../file-server.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const never = new AbortController().signal;
const content = randomBytes(1_000_000);
const file = 'small.gguf';

/** A server, a folder and a store between them. */
class Place implements AsyncDisposable {
	readonly progress: DownloadProgress[] = [];
	readonly server: FileServer;
	readonly store: ModelStore;
	readonly model: KnownGguf;
	readonly folder: string;
	readonly #parent: TemporaryFolder;

	private constructor(server: FileServer, parent: TemporaryFolder, options: Partial<ModelStoreOptions>) {
		this.server = server;
		this.#parent = parent;
		this.folder = join(parent.path, 'models');
		const [first] = knownGgufs;
		assert.ok(first);
		const sha256 = createHash('sha256').update(content).digest('hex');
		const sources = [{ kind: 'file' as const, url: `${server.url}/${file}` }];
		this.model = { ...first, name: 'small', file, bytes: content.length, sha256, sources };
		this.store = this.anotherWindow(options);
	}

	static async create(served: Partial<ServedFile> = {}, options: Partial<ModelStoreOptions> = {}): Promise<Place> {
		const server = await FileServer.start({ [`/${file}`]: { bytes: content, etag: '"one"', ...served } });
		return new Place(server, await TemporaryFolder.create(), options);
	}

	anotherWindow(options: Partial<ModelStoreOptions> = {}): ModelStore {
		const quick = { freeBytes: async () => 1e12, stallMs: 2_000, retryMs: 1, pollMs: 5, beatMs: 10, staleMs: 5_000 };
		return new ModelStore(this.folder, { ...quick, models: [this.model], ...options });
	}

	serve(served: Partial<ServedFile>): void {
		this.server.files.set(`/${file}`, { bytes: content, etag: '"one"', ...served });
	}

	install(signal = never, store = this.store): Promise<string> {
		return store.install(this.model, { fetch, onProgress: (progress) => void this.progress.push(progress) }, signal);
	}

	/** Waits until so much has come. */
	async received(bytes: number): Promise<void> {
		while ((await this.store.receivedBytes('small')) < bytes) await delay(2);
	}

	/** Which parts of the file went out, in percent: `0…99, 99…100`. */
	get picture(): string {
		const percent = (bytes: number) => Math.round((bytes / content.length) * 100);
		return this.server.seen.map(({ from, sent }) => `${percent(from)}…${percent(from + sent)}`).join(', ');
	}

	async files(): Promise<string[]> {
		return existsSync(this.folder) ? (await readdir(this.folder)).sort() : [];
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.server[Symbol.asyncDispose]();
		await this.#parent[Symbol.asyncDispose]();
	}
}

describe('the known models', () => {
	it('can all fill holes, and say what they are', () => {
		for (const model of knownGgufs) {
			assert.equal(fimTemplate({ name: model.name, canInsert: false })?.family, model.family);
			assert.match(model.sha256, /^[0-9a-f]{64}$/);
			assert.ok(model.file.endsWith('.gguf') && model.sources.length > 0 && model.licence);
		}
		assert.equal(new Set(knownGgufs.flatMap(({ name, file, sha256 }) => [name, file, sha256])).size, knownGgufs.length * 3);
	});
});

describe('installing a model', () => {
	it('puts the file there, whole, and nothing else', async () => {
		await using place = await Place.create();
		assert.deepEqual(await place.store.installed(), []);
		const path = await place.install();
		assert.deepEqual(await readFile(path), content);
		assert.deepEqual(await place.files(), [file]);
		assert.deepEqual(await place.store.installed(), [place.model]);
		assert.equal(await place.store.pathOf('small'), path);
		assert.equal(await place.store.pathOf('other'), undefined);
	});

	it('asks nobody when it is there', async () => {
		await using place = await Place.create();
		await place.install();
		await place.install();
		assert.equal(place.picture, '0…100');
	});

	it('says how far it is', async () => {
		await using place = await Place.create({ step: 2 });
		await place.install();
		assert.ok(place.progress.length >= 2);
		assert.deepEqual(
			place.progress.map(({ receivedBytes }) => receivedBytes),
			place.progress.map(({ receivedBytes }) => receivedBytes).sort((a, b) => a - b),
		);
		const last = place.progress.at(-1);
		assert.equal(last?.receivedBytes, last?.totalBytes);
		assert.ok(last && last.bytesPerSecond > 100_000 && last.bytesPerSecond < 30_000_000, String(last?.bytesPerSecond));
	});

	it('can be removed again', async () => {
		await using place = await Place.create();
		await place.install();
		await place.store.remove('small');
		await place.store.remove('small');
		assert.deepEqual(await place.files(), []);
	});

	it('notices later damage, and deletes what is damaged', async () => {
		await using place = await Place.create();
		const path = await place.install();
		assert.ok(await place.store.verify('small', never));
		await writeFile(path, Buffer.concat([content.subarray(1), Buffer.of(0)]));
		assert.equal(await place.store.verify('small', never), false);
		assert.deepEqual(await place.files(), []);
	});
});

describe('a download that breaks off', () => {
	it('goes on where it was, by itself', async () => {
		await using place = await Place.create({ cutAt: 990_000 });
		const installing = place.install();
		await place.received(900_000);
		place.serve({});
		assert.deepEqual(await readFile(await installing), content);
		assert.equal(place.server.seen[0]?.range, undefined);
		const last = place.server.seen.at(-1);
		assert.ok(last && last.from > 900_000 && last.from + last.sent === content.length);
		assert.equal(last.range, `bytes=${last.from}-`);
		assert.equal(last.ifRange, '"one"');
	});

	it('gives up when it gets nowhere, and goes on the next time', async () => {
		await using place = await Place.create({ cutAt: 990_000 });
		await assert.rejects(place.install(), { code: 'interrupted', message: /broke off.*again/ });
		// What is on its way when the connection closes may be lost.
		assert.match(place.picture, /^0…99(, 9\d…99){4,7}$/);
		assert.deepEqual(await place.files(), [`${file}.partial`, `${file}.partial.version`]);
		assert.deepEqual(await place.store.installed(), []);
		assert.ok((await place.store.receivedBytes('small')) > 900_000);
		place.serve({});
		assert.deepEqual(await readFile(await place.anotherWindow().install(place.model, { fetch }, never)), content);
		assert.match(place.picture, /9\d…100$/);
		assert.deepEqual(await place.files(), [file]);
	});

	it('goes on only after what is left of it has the right checksum', async () => {
		await using place = await Place.create();
		await mkdir(place.folder);
		await writeFile(join(place.folder, `${file}.partial`), Buffer.concat([Buffer.of(1, 2, 3), content.subarray(3, 500_000)]));
		assert.deepEqual(await readFile(await place.install()), content);
		assert.equal(place.picture, '50…100, 0…100');
	});

	it('needs no server when only the last step is missing', async () => {
		await using place = await Place.create();
		await mkdir(place.folder);
		await writeFile(join(place.folder, `${file}.partial`), content);
		await place.install();
		assert.equal(place.picture, '');
		assert.deepEqual(await place.files(), [file]);
	});

	it('begins anew where the server cannot continue', async () => {
		await using place = await Place.create({ cutAt: 500_000, hasRanges: false });
		await assert.rejects(place.install(), { code: 'interrupted' });
		place.serve({ hasRanges: false });
		assert.deepEqual(await readFile(await place.install()), content);
		assert.match(place.picture, /0…50, 0…100$/);
	});

	it('begins anew when the file is another one by now', async () => {
		await using place = await Place.create({ bytes: randomBytes(content.length), cutAt: 500_000 });
		await assert.rejects(place.install(), { code: 'interrupted' });
		place.serve({ etag: '"two"' });
		assert.deepEqual(await readFile(await place.install()), content);
		assert.match(place.picture, /\d+…50, 0…100$/);
		assert.equal(place.server.seen.at(-1)?.ifRange, '"one"');
	});

	it('begins anew when it has more than there is', async () => {
		await using place = await Place.create();
		await mkdir(place.folder);
		await writeFile(join(place.folder, `${file}.partial`), Buffer.concat([content, content]));
		assert.deepEqual(await readFile(await place.install()), content);
		assert.equal(place.picture, '0…100');
	});

	it('does not wait for a server that fell silent', async () => {
		await using place = await Place.create({ silentAt: 300_000 }, { stallMs: 30 });
		await assert.rejects(place.install(), { code: 'interrupted', message: /sent nothing for/ });
		assert.equal(place.server.seen.length, 5);
		assert.ok(place.server.seen.every(({ wasLeft }) => wasLeft));
	});

	it('notices a length that was never said', async () => {
		await using place = await Place.create({ bytes: content.subarray(0, 400_000), isLengthHidden: true, hasRanges: false });
		await assert.rejects(place.install(), { code: 'interrupted', message: /Only a part/ });
	});
});

describe('cancelling a download', () => {
	it('closes the connection and keeps what has come', async () => {
		await using place = await Place.create({ step: 5 });
		const caller = new AbortController();
		const installing = place.install(caller.signal);
		await place.received(100_000);
		caller.abort(new Error('enough'));
		await assert.rejects(installing, /enough/);
		await delay(20);
		const { sent } = place.server;
		assert.equal(place.server.seen[0]?.wasLeft, true);
		assert.ok(sent < content.length / 2);
		assert.deepEqual(await place.files(), [`${file}.partial`, `${file}.partial.version`]);

		const kept = await place.store.receivedBytes('small');
		place.serve({});
		assert.deepEqual(await readFile(await place.install()), content);
		assert.equal(place.server.seen[1]?.from, kept);
	});

	it('before it began asks nobody', async () => {
		await using place = await Place.create();
		await assert.rejects(place.install(AbortSignal.abort()), { name: 'AbortError' });
		assert.equal(place.server.seen.length, 0);
	});
});

describe('bytes that are not the model', () => {
	it('are refused and removed', async () => {
		await using place = await Place.create({ bytes: Buffer.concat([content.subarray(1), Buffer.of(0)]) });
		await assert.rejects(place.install(), { code: 'wrong-checksum', message: /small\.gguf .*deleted/ });
		assert.equal(place.picture, '0…100');
		assert.deepEqual(await place.files(), []);
	});

	it('are not even fetched when their number is wrong, and what is there stays', async () => {
		await using place = await Place.create({ cutAt: 500_000 });
		await assert.rejects(place.install(), { code: 'interrupted' });
		const kept = await place.store.receivedBytes('small');
		place.serve({ bytes: Buffer.alloc(20 * content.length), hasRanges: false, step: 10 });
		await assert.rejects(place.install(), { code: 'refused', message: /20000000 bytes instead of 1000000/ });
		await delay(20);
		assert.equal(place.server.seen.at(-1)?.wasLeft, true);
		place.serve({ bytes: Buffer.from('<html>Please log in'), contentType: 'text/html', hasRanges: false, isLengthHidden: true });
		await assert.rejects(place.install(), { code: 'refused', message: /web page.*login/ });
		assert.equal(await place.store.receivedBytes('small'), kept);
	});

	it('are stopped when there are too many', async () => {
		await using place = await Place.create({ bytes: Buffer.alloc(30 * content.length), isLengthHidden: true, step: 1 });
		await assert.rejects(place.install(), { code: 'wrong-checksum' });
		assert.ok(place.server.sent < 15 * content.length);
		assert.deepEqual(await place.files(), []);
	});
});

describe('what the user is told', () => {
	it('when the server does not have the file', async () => {
		await using place = await Place.create({ status: 404 });
		await assert.rejects(place.install(), { code: 'not-found', message: /small\.gguf does not exist/ });
		assert.deepEqual(await place.files(), []);
	});

	it('when the server is not well', async () => {
		await using place = await Place.create({ status: 503 });
		await assert.rejects(place.install(), { code: 'refused', message: /503.*later/ });
	});

	it('when there is no connection', async () => {
		await using place = await Place.create();
		const gone = await FileServer.start({});
		await gone[Symbol.asyncDispose]();
		const sources = [{ kind: 'file' as const, url: `${gone.url}/x` }];
		await assert.rejects(place.store.install({ ...place.model, sources }, { fetch }, never), {
			code: 'offline',
			message: /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\).*proxy/,
		});
	});

	it('when the disk is too full, before anything is downloaded', async () => {
		const freeBytes = async () => 150_000_000;
		await using place = await Place.create({}, { freeBytes });
		await assert.rejects(place.install(), { code: 'disk-full', message: /Free 51 MB/ });
		assert.equal(place.server.seen.length, 0);
	});

	it('when the disk gets full on the way', async function () {
		if (!existsSync('/dev/full')) this.skip();
		await using place = await Place.create();
		await mkdir(place.folder);
		await symlink('/dev/full', join(place.folder, `${file}.partial`));
		const twice = { ...place.model, sources: [...place.model.sources, ...place.model.sources] };
		await assert.rejects(place.store.install(twice, { fetch }, never), { code: 'disk-full', message: /is full/ });
		assert.equal(place.server.seen.length, 1);
		assert.equal(await place.store.pathOf('small'), undefined);
	});

	it('when the folder cannot be written to', async function () {
		if (process.platform === 'win32') this.skip();
		await using place = await Place.create();
		await mkdir(place.folder);
		await chmod(place.folder, 0o555);
		await chmod(join(place.folder, '..'), 0o755);
		await asOrdinaryUser(() => assert.rejects(place.install(), { code: 'no-permission', message: /cannot be written to/ }));
		assert.equal(place.server.seen.length, 0);
	});

	it('when a file is where the folder should be', async () => {
		await using place = await Place.create();
		await writeFile(place.folder, '');
		await assert.rejects(place.install(), { code: 'no-permission', message: /in its way/ });
	});

	it('when the folder is deleted while it is downloading', async () => {
		await using place = await Place.create({ step: 5 });
		const installing = place.install();
		await place.received(100_000);
		await rm(place.folder, { recursive: true });
		await assert.rejects(installing, { code: 'interrupted', message: /deleted or emptied/ });
		assert.deepEqual(await place.files(), []);
		place.serve({});
		assert.deepEqual(await readFile(await place.install()), content);
	});
});

describe('two windows at once', () => {
	it('download once', async () => {
		await using place = await Place.create({ step: 2 });
		const paths = await Promise.all([place.install(), place.install(never, place.anotherWindow())]);
		assert.equal(place.picture, '0…100');
		assert.equal(paths[0], paths[1]);
		assert.deepEqual(await place.files(), [file]);
	});

	it('both see how far it is', async () => {
		await using place = await Place.create({ step: 5 });
		const first = place.store.install(place.model, { fetch }, never);
		await place.received(1);
		await Promise.all([first, place.install(never, place.anotherWindow())]);
		assert.ok(place.progress.some(({ receivedBytes }) => receivedBytes > 100_000 && receivedBytes < 900_000));
	});

	it('when the one that downloads gives up, the other goes on', async () => {
		await using place = await Place.create({ step: 5 });
		const caller = new AbortController();
		const first = place.install(caller.signal);
		await place.received(200_000);
		const second = place.install(never, place.anotherWindow());
		await delay(20);
		caller.abort();
		await assert.rejects(first, { name: 'AbortError' });
		assert.deepEqual(await readFile(await second), content);
		assert.match(place.picture, /^0…(\d+), (\d+)…100$/);
	});

	it('the one that waits can be cancelled', async () => {
		await using place = await Place.create({ step: 5 });
		const first = place.install();
		await place.received(1);
		const caller = new AbortController();
		const second = place.install(caller.signal, place.anotherWindow());
		await delay(20);
		caller.abort(new Error('enough'));
		await assert.rejects(second, /enough/);
		await first;
		assert.equal(place.picture, '0…100');
	});

	it('all take over from one that was killed, and still download once', async () => {
		await using place = await Place.create({ step: 2 });
		await mkdir(place.folder);
		const lock = join(place.folder, `${file}.lock`);
		await writeFile(lock, JSON.stringify({ id: 'gone', pid: deadPid(), host: hostname() }));
		await Promise.all(Array.from({ length: 20 }, () => place.install(never, place.anotherWindow())));
		assert.equal(place.picture, '0…100');
		assert.deepEqual(await place.files(), [file]);
	});

	it('respect one elsewhere as long as it shows that it is alive', async () => {
		await using place = await Place.create({}, { staleMs: 60 });
		await mkdir(place.folder);
		const lock = join(place.folder, `${file}.lock`);
		await writeFile(lock, JSON.stringify({ id: 'far', pid: 1, host: 'another-machine' }));
		const installing = place.install();
		for (let beat = 0; beat < 5; beat++) {
			await delay(15);
			await utimes(lock, new Date(), new Date());
		}
		assert.equal(place.server.seen.length, 0);
		await installing;
		assert.equal(place.picture, '0…100');
	});
});

/** The process id of a process that has ended. */
function deadPid(): number {
	return spawnSync(process.execPath, ['--version']).pid;
}
