import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TemporaryFolder } from '../temporary-folder.ts';

/** What the thread does when it is told to. */
const worker = `const { parentPort } = require('node:worker_threads');
	const { openSync, readFileSync } = require('node:fs');
	const does = { rest() {}, compute() { for (;;); }, hang() { openSync(__dirname + '/server', 'r'); } };
	parentPort.on('message', (what) => {
		parentPort.postMessage('begins');
		does[what]();
	});`;

/** A process that ends soon after its thread does something, perhaps after it told the thread to end. */
const main = `const { Thread } = require('./thread.cjs');
	const [, , what, isStopped] = process.argv;
	const end = async () => {
		if (isStopped) await thread.stop();
		process.exit(7);
	};
	const events = { onStart() {}, onReport: () => setTimeout(end, 100), onEnd() {} };
	const thread = new Thread({ script: __dirname + '/worker.cjs', name: 'test', data: {}, heap: 64, limits: { end: 50 }, ...events });
	thread.start();
	thread.tell(what);`;

/** One that reads a file by itself, and ends while it does. */
const reader = `const { Calls, endsAtOnceIf } = require('./hanging.cjs');
	const { readFile } = require('node:fs/promises');
	const calls = new Calls();
	endsAtOnceIf(() => calls.isHanging);
	calls.watch(readFile(__dirname + '/' + process.argv[2])).catch(() => {});
	setTimeout(() => process.exit(7), 700);`;

describe('a process with a thread', () => {
	let folder: TemporaryFolder;

	before(async function () {
		// Windows has no pipes in its file system.
		if (process.platform === 'win32') this.skip();
		folder = await TemporaryFolder.create();
		const sources = ['thread.ts', 'hanging.ts'].map((name) => resolve('src', 'std', name));
		const build = ['--bundle', '--platform=node', `--outdir=${folder.path}`, '--out-extension:.js=.cjs'];
		await promisify(execFile)(resolve('node_modules/.bin/esbuild'), [...sources, ...build]);
		// Opening it waits in the system until somebody writes, which nobody does.
		await promisify(execFile)('mkfifo', [join(folder.path, 'server')]);
		await writeFile(join(folder.path, 'worker.cjs'), worker);
		await writeFile(join(folder.path, 'main.cjs'), main);
		await writeFile(join(folder.path, 'reader.cjs'), reader);
	});
	after(() => folder?.[Symbol.asyncDispose]());

	/** What a process ended with, and how. */
	async function ended(...args: string[]): Promise<readonly unknown[]> {
		const child = spawn(process.execPath, [join(folder.path, args[0] ?? ''), ...args.slice(1)]);
		const late = setTimeout(() => child.kill('SIGTERM'), 8000);
		const [code, signal] = await once(child, 'exit');
		clearTimeout(late);
		return [code, signal];
	}

	for (const isStopped of [false, true]) {
		const state = isStopped ? ', and was told to end' : '';
		for (const what of ['rest', 'compute', 'hang']) {
			const how = what === 'hang' ? 'at once' : 'in the usual way';
			it(`that ${what === 'rest' ? 'rests' : `${what}s`}${state}: ends ${how}`, async () => {
				const expected = what === 'hang' ? [null, 'SIGKILL'] : [7, null];
				assert.deepEqual(await ended('main.cjs', what, ...(isStopped ? ['stopped'] : [])), expected);
			});
		}
	}

	it('of the system, for reading files: ends at once where one of them hangs, and in the usual way where none is left', async () => {
		assert.deepEqual(await ended('reader.cjs', 'server'), [null, 'SIGKILL']);
		assert.deepEqual(await ended('reader.cjs', 'main.cjs'), [7, null]);
	});
});
