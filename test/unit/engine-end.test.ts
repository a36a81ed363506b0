import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { EmbeddedModel } from '../../src/model/embedded.ts';
import { explainEnd } from '../../src/model/engine-end.ts';
import { FakeEngine, failsWith } from '../fake-engine.ts';

const never = new AbortController().signal;

describe('a machine that cannot run the engine', () => {
	it('is told so, and not asked to again', async () => {
		await using engine = await FakeEngine.on({ dies: 'SIGILL' });
		const client = engine.client({ firstWait: 0 });
		const ask = async () => {
			for await (const _ of client.ask({ kind: 'memory' }, never));
		};
		const says = /cannot run on this machine: the processor lacks an instruction.*SIGILL/;
		await assert.rejects(ask(), failsWith('unreachable', says));
		await rm(engine.program.llama);
		for (let time = 0; time < 3; time++) await assert.rejects(ask(), failsWith('unreachable', says));
	});

	it('is one without a binary that it could load', async () => {
		await using engine = await FakeEngine.on({ has: [] });
		await assert.rejects(
			engine.model().facts(never),
			failsWith('unreachable', /ended while starting \(llama\.cpp does not run on this machine/),
		);
	});
});

describe('a model that ends the engine', () => {
	it('is not loaded again and again, and another one is not to blame', async () => {
		await using engine = await FakeEngine.create({ dies: 'while loading' });
		let modelPath = engine.modelPath;
		const model = new EmbeddedModel(() => ({ name: 'qwen2.5-coder:0.5b', modelPath, contextLength: 4096 }), engine.client());
		for (let time = 0; time < 2; time++) await assert.rejects(model.facts(never), failsWith('no-memory', /memory ran out.*SIGKILL/));
		for (let time = 0; time < 3; time++)
			await assert.rejects(model.facts(never), failsWith('no-memory', /memory ran out.*started again in .* s at the earliest/));
		modelPath = `${engine.modelPath}.small`;
		await writeFile(modelPath, '{}');
		await model.facts(never);
	});
});

describe('the end of an engine', () => {
	const ends: [code: number | null, signal: NodeJS.Signals | null, said: string, when: 'starting' | 'loading' | 'working', why: RegExp][] =
		[
			[null, 'SIGILL', '', 'working', /^unreachable: .*cannot run on this machine.*instruction/],
			[0xc000001d, null, '', 'starting', /^unreachable: .*cannot run on this machine.*instruction/],
			[null, 'SIGKILL', '', 'loading', /^no-memory: .*memory ran out/],
			[null, 'SIGKILL', '', 'working', /^unreachable: .*ended unexpectedly \(SIGKILL\)/],
			[null, 'SIGABRT', "terminate called after throwing an instance of 'std::bad_alloc'", 'working', /^no-memory: .*memory ran out/],
			[
				null,
				'SIGABRT',
				'FATAL ERROR: JavaScript heap out of memory\n 1: 0xb78db3 node [node]\n',
				'starting',
				/^no-memory: .*memory ran out/,
			],
			[0xc0000017, null, '', 'working', /^no-memory: .*memory ran out/],
			[null, 'SIGSEGV', '', 'loading', /^unreachable: .*ended unexpectedly \(SIGSEGV\)/],
			[
				1,
				null,
				'A warning\nENOSPC: no space left on device\n    at open (node:fs)\n\n',
				'starting',
				/while starting \(ENOSPC: no space left on device\)/,
			],
			[3, null, '', 'starting', /while starting \(code 3\)/],
		];
	for (const [code, signal, said, when, why] of ends) {
		it(`${signal ?? code} ${when}${said && `, saying “${said.split('\n')[0]}”`}`, () => {
			const { code: kind, message } = explainEnd({ code, signal, said }, when);
			assert.match(`${kind}: ${message}`, why);
		});
	}
});
