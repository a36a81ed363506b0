import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { engineAddress } from '../../src/model/engine-process.ts';
import type { GenerateOptions } from '../../src/model/language-model.ts';
import { FakeEngine, failsWith, textOf } from '../fake-engine.ts';

const options: GenerateOptions = { prompt: 'P', maxTokens: 40, stop: [] };
const never = new AbortController().signal;

describe('the engine process', () => {
	it('is one for all windows, also when they start at once, and ends after the last', async () => {
		await using engine = await FakeEngine.create({ says: 'abc', stepMs: 1 });
		const models = [engine.model(), engine.model(), engine.model()];
		assert.deepEqual(await Promise.all(models.map((model) => textOf(model.generate(options, never)))), ['abc', 'abc', 'abc']);
		assert.equal((await engine.log()).filter((line) => line === 'loaded').length, 1);
		await engine.untilGone();
	});

	it('takes over from one that was killed', async () => {
		await using engine = await FakeEngine.create({ says: 'a' });
		const address = engineAddress(engine.program);
		const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
		await once(dead, 'exit');
		await mkdir(engine.program.folder);
		await writeFile(address.replace('.sock', '.lock'), String(dead.pid));
		await writeFile(address, '');
		assert.equal(await textOf(engine.model().generate(options, never)), 'a');
		assert.equal((await stat(engine.program.folder)).mode & 0o777, 0o700);
	});

	it('crashes alone: the request fails, the next one works', async () => {
		await using engine = await FakeEngine.create({ says: 'abcdef', dies: 'while generating' });
		const model = engine.model();
		await assert.rejects(textOf(model.generate(options, never)), failsWith('unreachable', /ended unexpectedly/));
		await engine.write({ says: 'xy' });
		assert.equal(await textOf(model.generate(options, never)), 'xy');
	});

	it('is left alone for a while when it keeps crashing', async () => {
		await using engine = await FakeEngine.create({ dies: 'while loading' });
		const model = engine.model({ firstWait: 100, longestWait: 100 });
		const crash = failsWith('no-memory', /SIGKILL/);
		await assert.rejects(model.facts(never), crash);
		await assert.rejects(model.facts(never), crash);
		await assert.rejects(model.facts(never), failsWith('no-memory', /SIGKILL.* again in 1 s/));
		await new Promise((resolve) => setTimeout(resolve, 100));
		await engine.write({ says: 'back' });
		assert.equal(await textOf(model.generate(options, never)), 'back');
	});

	it('says why it cannot be started', async () => {
		await using engine = await FakeEngine.create({}, { llama: '/nowhere/node-llama-cpp.js' });
		await assert.rejects(engine.model().facts(never), failsWith('unreachable', /ended while starting \(.*nowhere/));
		await using other = await FakeEngine.create();
		await writeFile(other.program.folder, 'a file where the folder should be');
		await assert.rejects(other.model().facts(never), failsWith('unreachable', /cannot use the folder/));
		await using full = await FakeEngine.create();
		await mkdir(engineAddress(full.program).replace('.sock', '.log'), { recursive: true });
		await assert.rejects(full.model().facts(never), failsWith('unreachable', /cannot use the folder .*EISDIR/));
	});

	it('does not fall over lines that mean nothing', async () => {
		await using engine = await FakeEngine.create({ says: 'a' });
		const model = engine.model();
		await model.facts(never);
		const socket = connect(engineAddress(engine.program));
		socket.write('no JSON\n{}\n[1]\nnull\n{"id":-1,"kind":"memory"}\n{"id":1,"kind":"generate"}\n{"id":2,"kind":"cancel"}\n');
		socket.write(`{"id":3,"kind":"load","model":{"name":"a","path":3,"contextLength":1}}\n\u0000\n{"id":4,"kind":"memory"}\n`);
		let heard = '';
		for await (const chunk of socket.setEncoding('utf8')) {
			heard += chunk;
			if (heard.includes('memory')) break;
		}
		assert.deepEqual(
			heard
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line).kind),
			['hello', 'memory'],
		);
		assert.equal(await textOf(model.generate(options, never)), 'a');
	});

	it('is ended when it shows no sign of life', async () => {
		await using engine = await FakeEngine.create();
		const stuck = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
		const ended = once(stuck, 'exit');
		await mkdir(engine.program.folder);
		const server = createServer((socket) => {
			socket.on('error', () => {});
			socket.write(`rubbish\n{"kind":"hello","id":0,"pid":${stuck.pid}}\n{"kind":"text","id":1,"text":3}\n`);
		});
		await new Promise<void>((resolve) => server.listen(engineAddress(engine.program), resolve));
		try {
			await assert.rejects(textOf(engine.model({ stall: 50 }).generate(options, never)), failsWith('stalled', /no sign of life/));
			assert.deepEqual(await ended, [null, 'SIGKILL']);
		} finally {
			stuck.kill('SIGKILL');
			server.close();
		}
	});

	it('shows life to those who wait for their turn', async () => {
		await using engine = await FakeEngine.create({ says: 'a'.repeat(20), stepMs: 25 });
		const first = engine.model();
		await first.facts(never);
		const long = textOf(first.generate(options, never));
		// It has less patience than the other needs.
		const waiting = textOf(engine.model({ stall: 250 }).generate({ ...options, maxTokens: 1 }, never));
		assert.deepEqual([(await long).length, await waiting], [20, 'a']);
	});
});
