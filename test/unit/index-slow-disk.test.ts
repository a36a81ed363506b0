import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { forever, IndexBench, worker } from '../index-bench.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

/** A disk each of whose answers takes as long as a file says; where there is a pipe it waits in the system, as for a server that is gone. */
class SlowDisk {
	readonly #folder: TemporaryFolder;

	private constructor(folder: TemporaryFolder) {
		this.#folder = folder;
	}

	static async in(folder: TemporaryFolder): Promise<SlowDisk> {
		const disk = new SlowDisk(folder);
		await disk.takes(0);
		await promisify(execFile)('mkfifo', [disk.#path('server')]);
		await writeFile(disk.script, disk.#shim());
		return disk;
	}

	/** The real thread, which reads from this disk. */
	get script(): string {
		return this.#path('slow.cjs');
	}

	/** Milliseconds for each question. */
	async takes(ms: number | 'forever'): Promise<void> {
		await writeFile(this.#path('takes.new'), String(ms));
		await rename(this.#path('takes.new'), this.#path('takes'));
	}

	/** Lets whoever waits go on. */
	async isBack(): Promise<void> {
		await this.takes(0);
		const pipe = await open(this.#path('server'), constants.O_RDWR | constants.O_NONBLOCK);
		await delay(50);
		await pipe.close();
	}

	/** How many threads were started. */
	async threads(): Promise<number> {
		return (await readFile(this.#path('threads'), 'utf8').catch(() => '')).length;
	}

	#path(name: string): string {
		return join(this.#folder.path, name);
	}

	#shim(): string {
		const at = (name: string) => JSON.stringify(this.#path(name));
		return `const fs = require('node:fs');
			fs.appendFileSync(${at('threads')}, 'x');
			const { readFileSync, openSync, closeSync } = fs;
			const sleeper = new Int32Array(new SharedArrayBuffer(4));
			const wait = () => {
				const ms = readFileSync(${at('takes')}, 'utf8');
				if (ms === 'forever') closeSync(openSync(${at('server')}, 'r'));
				else if (Number(ms) > 0) Atomics.wait(sleeper, 0, 0, Number(ms));
			};
			for (const name of ['readdirSync', 'openSync', 'readSync', 'lstatSync', 'fstatSync', 'existsSync', 'readFileSync']) {
				const quick = fs[name];
				fs[name] = (...args) => { if (String(args[0]).includes('cache') === false) wait(); return quick(...args); };
			}
			require(${JSON.stringify(worker)});`;
	}
}

const names = Array.from({ length: 24 }, (_, i) => `declared${String.fromCharCode(97 + i)}`);

describe('a workspace on a slow disk', () => {
	before(function () {
		// Windows has no pipes in its file system.
		if (process.platform === 'win32') this.skip();
	});

	/** With a file for each name. */
	const prepared = async (bench: IndexBench) => {
		for (const name of names) await bench.write(`src/${name}.ts`, `export function ${name}(shared: number) {}\n`);
		bench.open();
	};

	it('is answered for in time, with what could be read by then', async () => {
		await using folder = await TemporaryFolder.create();
		const disk = await SlowDisk.in(folder);
		await using bench = new IndexBench(folder, { script: disk.script });
		await prepared(bench);
		await bench.told('ready');
		assert.equal((await bench.index.definitions(names, 'src/main.ts', forever)).length, names.length);
		await disk.takes(15);
		const asked = performance.now();
		const [declared, similar, ...more] = await Promise.all([
			bench.index.definitions(names, 'src/main.ts', forever),
			bench.index.search({ text: 'shared', path: '', limit: 20 }, forever),
			bench.index.definitions(names.toReversed(), 'src/main.ts', forever),
		]);
		const ms = performance.now() - asked;
		for (const found of [declared, similar, ...more]) assert.ok(found.length > 0 && found.length < 20, `${found.length} found`);
		assert.ok(ms < 1500, `${ms} ms for three answers that would take five seconds`);
		await disk.takes(0);
	});

	it('is read to its end all the same, tells how far that is, and keeps nobody here waiting', async () => {
		await using folder = await TemporaryFolder.create();
		const disk = await SlowDisk.in(folder);
		await disk.takes(5);
		await using bench = new IndexBench(folder, { script: disk.script });
		await prepared(bench);
		let late = 0;
		let asked = 0;
		const isReady = () => bench.events.some(({ kind }) => kind === 'ready');
		while (!isReady()) {
			const due = performance.now() + 5;
			void bench.index.definitions(names, 'src/main.ts', forever);
			asked++;
			await delay(5);
			late = Math.max(late, performance.now() - due);
			await delay(100);
		}
		const progress = bench.events.flatMap((event) => (event.kind === 'progress' && event.done > 0 ? [event.done] : []));
		assert.ok(progress.length > 0 && progress.every((done, i) => done > (progress[i - 1] ?? 0)), progress.join());
		assert.ok(asked > 3 && late < 500, `${late} ms late`);
		await disk.takes(0);
		await bench.finds('declareda', ['src/declareda.ts']);
	});

	it('that does not answer at all: is left at once, said once, and never read twice at a time', async () => {
		await using folder = await TemporaryFolder.create();
		const disk = await SlowDisk.in(folder);
		await using bench = new IndexBench(folder, { script: disk.script, limits: { answer: 30, silence: 100, close: 100, firstWait: 10 } });
		await prepared(bench);
		await bench.told('ready');
		await disk.takes('forever');
		bench.change('src/declareda.ts');
		while (bench.faults() === '') assert.deepEqual(await bench.find('declareda'), []);
		assert.match(bench.faults(), /^The index of the codebase hangs: it has said nothing for \d+ s\. Does the disk answer\?$/);
		const asked = performance.now();
		for (let i = 0; i < 20; i++) assert.deepEqual(await bench.find('declareda'), []);
		assert.ok(performance.now() - asked < 20 * 30, 'nobody waits for it any more');
		for (let i = 0; i < 3; i++) {
			bench.index.setFolders([]);
			bench.open();
		}
		assert.equal(await disk.threads(), 1);
		await disk.isBack();
		await bench.told('ready', 2);
		await bench.finds('declareda', ['src/declareda.ts']);
		assert.equal(await disk.threads(), 2);
		assert.equal(bench.events.filter(({ kind }) => kind === 'fault').length, 1);
	});
});
