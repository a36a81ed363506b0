import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Indexer } from '../../src/context/index/indexer.ts';
import { IndexBench as Bench, forever, worker } from '../index-bench.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

/** The real worker, and what becomes of it when a file of a name changes. */
async function faulty(folder: TemporaryFolder): Promise<string> {
	const script = join(folder.path, 'faulty.cjs');
	const faults = `if (name.endsWith('crash.ts')) throw new Error('boom'); if (name.endsWith('hang.ts')) for (;;);
		if (name.endsWith('gorge.ts')) for (const all = [];;) all.push('x'.repeat(100) + all.length, {});`;
	const listen = `require('node:worker_threads').parentPort.on('message', (m) => { for (const { file: name } of m.changes ?? []) { ${faults} } })`;
	await writeFile(script, `require(${JSON.stringify(worker)});\n${listen}`);
	return script;
}

describe('the index in its thread', () => {
	it('finds code and declarations, and follows changes', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		await bench.write('src/cart.ts', 'export function total(items: Item[]): number {\n\treturn 1;\n}\n');
		assert.deepEqual(await bench.find('total'), []);
		bench.open();
		const ready = await bench.told('ready');
		assert.deepEqual({ ...ready, ms: 0 }, { kind: 'ready', files: 1, chunks: 1, leftOut: 0, ms: 0 });
		assert.deepEqual(await bench.find('total('), ['src/cart.ts']);
		const definitions = await bench.index.definitions(['total', 'nothing'], 'src/main.ts', forever);
		assert.deepEqual(definitions, [
			{ name: 'total', path: 'src/cart.ts', startLine: 0, endLine: 0, text: 'export function total(items: Item[]): number' },
		]);
		bench.change('src/main.ts', 'unsaved();\n');
		await bench.finds('unsaved', ['src/main.ts']);
		await bench.write('src/new.ts', 'created();\n');
		bench.change('src/new.ts');
		await bench.finds('created', ['src/new.ts']);
		bench.delete('src');
		await bench.finds('total', []);
		assert.equal(bench.faults(), '');
	});

	it('tells how far it is, and answers meanwhile', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		const code = Array.from({ length: 3000 }, (_, line) => `const value${line} = compute(value${line - 1}, other${line % 7});`).join('\n');
		for (let i = 0; i < 100; i++) await bench.write(`${i % 10}/${i}.ts`, `function early${i}() {}\n${code}`);
		bench.open();
		const progress = await bench.told('progress');
		assert.ok(progress.kind === 'progress' && progress.done < progress.total);
		assert.ok((await bench.find('early0 value3')).length > 0);
		assert.ok(!bench.events.some(({ kind }) => kind === 'ready'));
		await bench.told('ready');
	});

	it('is waited for by who asks before it is there, and no longer than they like', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		await bench.write('a.ts', 'first();\n');
		await bench.index.untilRead(1, forever);
		assert.deepEqual(await bench.find('first'), []);
		const read = bench.index.untilRead(10_000, forever);
		const gone = bench.index.untilRead(10_000, AbortSignal.timeout(1));
		bench.open();
		await assert.rejects(gone, { name: 'TimeoutError' });
		await read;
		assert.deepEqual(await bench.find('first'), ['a.ts']);
		await bench.index.untilRead(0, forever);
	});

	it('follows rules that change', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		await bench.write('a.ts', 'first();\n');
		bench.open();
		await bench.told('ready');
		await bench.write('.co-cloneignore', 'a.ts\n');
		bench.change('.co-cloneignore');
		await bench.told('ready', 2);
		assert.deepEqual(await bench.find('first'), []);
	});

	it('keeps what it knows of a folder that is not there for a while', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		await bench.write('a.ts', 'first();\n');
		bench.open();
		await bench.told('ready');
		await rename(join(folder.path, 'work'), join(folder.path, 'gone'));
		bench.change('.gitignore');
		await bench.told('fault');
		assert.match(bench.faults(), /work cannot be read: ENOENT.*\. The index of it stays what it was\.$/);
		assert.deepEqual(await bench.find('first'), []);
		await rename(join(folder.path, 'gone'), join(folder.path, 'work'));
		assert.deepEqual(await bench.find('first'), ['a.ts']);
	});

	it('ends a question that nobody asks any more', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		await bench.write('a.ts', 'first();\n');
		bench.open();
		await bench.told('ready');
		const controller = new AbortController();
		const asked = bench.index.search({ text: 'first', path: '', limit: 1 }, controller.signal);
		controller.abort(new Error('typed on'));
		await assert.rejects(asked, /typed on/);
		await assert.rejects(bench.index.definitions(['first'], '', controller.signal), /typed on/);
		assert.deepEqual(await bench.find('first'), ['a.ts']);
	});
});

describe('when the thread of the index', () => {
	it('crashes, it is started again and the editor does not notice', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder, { script: await faulty(folder), limits: { firstWait: 10 } });
		await bench.write('a.ts', 'first();\n');
		bench.open();
		await bench.told('ready');
		bench.change('crash.ts');
		const asked = bench.find('first');
		assert.deepEqual(await asked, []);
		await bench.told('ready', 2);
		assert.deepEqual(await bench.find('first'), ['a.ts']);
		assert.match(bench.faults(), /The index of the codebase stopped: boom. It is started again in 1 s./);
	});

	it('crashes again and again, it is left alone', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder, { script: await faulty(folder), limits: { firstWait: 1, starts: 2 } });
		await bench.write('a.ts', 'first();\n');
		bench.open();
		for (let i = 1; i <= 2; i++) {
			await bench.told('ready', i);
			bench.change('crash.ts');
			await bench.told('fault', i);
		}
		assert.match(bench.faults(), /left alone until the window is reloaded/);
		assert.deepEqual(await bench.find('first'), []);
	});

	it('hangs, answers come without it, and it is ended', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder, { script: await faulty(folder), limits: { answer: 30, silence: 100, firstWait: 10 } });
		await bench.write('a.ts', 'first();\n');
		bench.open();
		await bench.told('ready');
		bench.change('hang.ts');
		const started = performance.now();
		assert.deepEqual(await bench.find('first'), []);
		assert.ok(performance.now() - started < 1000);
		while (bench.faults() === '') await bench.find('first');
		await bench.told('ready', 2);
	});

	it('takes all the memory it gets, the editor keeps its own', async () => {
		await using folder = await TemporaryFolder.create();
		await using bench = new Bench(folder, { script: await faulty(folder), limits: { firstWait: 10, heap: 24 } });
		await bench.write('a.ts', 'first();\n');
		bench.open();
		await bench.told('ready');
		bench.change('gorge.ts');
		await bench.told('fault');
		assert.match(bench.faults(), /memory/);
		await bench.told('ready', 2);
	});
});

describe('the index on the disk', () => {
	const saved = async (folder: TemporaryFolder) => {
		const cache = join(folder.path, 'cache');
		const [name = ''] = await readdir(cache);
		return { path: join(cache, name), names: await readdir(cache) };
	};
	/** Indexes a folder with two files and ends. */
	const prepared = async () => {
		const folder = await TemporaryFolder.create();
		await using bench = new Bench(folder);
		await bench.write('a.ts', 'first();\nfunction declared(a: number) {}\n');
		await bench.write('b.ts', 'second();\n');
		bench.open();
		await bench.told('ready');
		return folder;
	};

	it('is there at the next start, as far as the files are as they were', async () => {
		await using folder = await prepared();
		await using bench = new Bench(folder);
		await bench.write('b.ts', 'third();\n');
		await bench.write('c.ts', 'fourth();\n');
		bench.open();
		await bench.told('ready');
		assert.deepEqual(
			[await bench.find('first'), await bench.find('second'), await bench.find('third'), await bench.find('fourth')],
			[['a.ts'], [], ['b.ts'], ['c.ts']],
		);
		assert.equal((await bench.index.definitions(['declared'], '', forever))[0]?.text, 'function declared(a: number)');
		assert.equal(bench.faults(), '');
	});

	it('has what changed when the window was closed', async () => {
		await using folder = await prepared();
		{
			await using bench = new Bench(folder);
			bench.open();
			await bench.told('ready');
			await bench.write('b.ts', 'third();\n');
			bench.change('b.ts');
			await bench.finds('third', ['b.ts']);
		}
		const before = await readFile((await saved(folder)).path);
		await using bench = new Bench(folder);
		bench.open();
		await bench.told('ready');
		assert.deepEqual(await bench.find('third'), ['b.ts']);
		// Nothing had to be read, so nothing had to be written.
		assert.deepEqual(await readFile((await saved(folder)).path), before);
	});

	it('has no text of anybody', async () => {
		await using folder = await prepared();
		const bytes = await readFile((await saved(folder)).path);
		assert.ok(!bytes.includes('declared') && !bytes.includes('second'));
	});

	for (const [what, damage] of [
		['is damaged', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -9), Buffer.from([1, 2, 3]), bytes.subarray(-6)])],
		['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
		['is of another version', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(/index \d/, 'index 0'), 'latin1')],
		['is empty', () => Buffer.alloc(0)],
	] as const) {
		it(`that ${what} is built anew, and the log says so`, async () => {
			await using folder = await prepared();
			const { path } = await saved(folder);
			await writeFile(path, damage(await readFile(path)));
			await using bench = new Bench(folder);
			bench.open();
			await bench.told('ready');
			assert.match(bench.faults(), /^The saved index of .*work is built anew: it is (damaged|of another version)\.$/);
			assert.deepEqual(await bench.find('first'), ['a.ts']);
			await bench.index.close();
			await using again = new Bench(folder);
			again.open();
			await again.told('ready');
			assert.equal(again.faults(), '');
		});
	}

	it('is there before everything is read, where that takes minutes', async () => {
		await using folder = await TemporaryFolder.create();
		const cache = join(folder.path, 'cache');
		await mkdir(join(folder.path, 'work'));
		for (let i = 0; i < 300; i++) await writeFile(join(folder.path, 'work', `${i}.ts`), `early${i}();\n`);
		const { now } = performance;
		const began = now.call(performance);
		// A thousand times as slow.
		performance.now = () => began + (now.call(performance) - began) * 1000;
		let saved: readonly string[] = [];
		try {
			await new Promise<void>((resolve) => {
				const indexer = new Indexer({ cache, mostBytes: 1e9 }, ({ kind }) => {
					if (kind === 'progress' && existsSync(cache)) saved = readdirSync(cache);
					if (kind === 'ready') resolve(indexer.save());
				});
				indexer.setFolders([{ root: join(folder.path, 'work'), name: 'work', exclude: [] }]);
			});
		} finally {
			performance.now = now;
		}
		assert.equal(saved.length, 1);
	});

	it('is the one before when writing another did not end', async () => {
		await using folder = await prepared();
		const { path } = await saved(folder);
		await writeFile(`${path}.1.tmp`, (await readFile(path)).subarray(0, 100));
		await using bench = new Bench(folder);
		bench.open();
		await bench.told('ready');
		assert.equal(bench.faults(), '');
		assert.deepEqual(await bench.find('first'), ['a.ts']);
	});

	it('is not needed: where it cannot be written, the log says so', async () => {
		await using folder = await prepared();
		await rm(join(folder.path, 'cache'), { recursive: true });
		await writeFile(join(folder.path, 'cache'), 'a file');
		await using bench = new Bench(folder);
		bench.open();
		await bench.told('ready');
		assert.deepEqual(await bench.find('first'), ['a.ts']);
		await bench.told('fault', 2);
		assert.match(bench.faults(), /cannot be saved: .* It is built anew at the next start\./);
	});
});
