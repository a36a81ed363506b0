import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { availableMemory } from '../../src/engine/memory.ts';
import type { GenerateOptions } from '../../src/model/language-model.ts';
import { FakeEngine, failsWith, textOf } from '../fake-engine.ts';
import { gguf } from '../gguf.ts';

const options: GenerateOptions = { prompt: 'P', maxTokens: 40, stop: [] };
const never = new AbortController().signal;

describe('a machine with little memory', () => {
	/** Asks for the memory on a machine with these files, where the sizes are in megabytes. */
	const available = (files: Record<string, string>) =>
		availableMemory('linux', (path) => (files[path] ?? '').replaceAll(/(\d+) MB/g, (_, size) => `${Number(size) * 1e6}`)) / 1e6;
	const machine = { '/proc/meminfo': 'MemTotal:  8000000 kB\nMemFree:  100000 kB\nMemAvailable:  4000000 kB\n' };
	const container = {
		'/sys/fs/cgroup/memory.current': '900 MB\n',
		'/sys/fs/cgroup/memory.stat': 'anon 1\nactive_file 300 MB\ninactive_file 200 MB\n',
	};

	it('has what can be taken from it without harm', () => {
		assert.equal(available(machine), 4096);
		assert.equal(available({ ...machine, '/proc/self/cgroup': '0::/\n' }), 4096);
	});

	it('has what its container leaves', () => {
		const inContainer = { ...machine, ...container, '/proc/self/cgroup': '0::/\n' };
		assert.equal(available({ ...inContainer, '/sys/fs/cgroup/memory.max': 'max\n' }), 4096);
		assert.equal(available({ ...inContainer, '/sys/fs/cgroup/memory.max': '1000 MB\n' }), 600);
		assert.equal(available({ ...inContainer, '/sys/fs/cgroup/memory.max': '100 MB\n' }), 0);
	});

	it('has what the narrowest of its groups leaves', () => {
		const groups = { ...machine, '/proc/self/cgroup': '0::/user.slice/app.scope\n' };
		const limits = { '/sys/fs/cgroup/user.slice/memory.max': '3000 MB', '/sys/fs/cgroup/user.slice/app.scope/memory.max': '2000 MB' };
		assert.equal(available({ ...groups, ...limits }), 2000);
		const former = { '/proc/self/cgroup': '5:cpu:/\n4:memory:/docker/a\n' };
		assert.equal(available({ ...machine, ...former, '/sys/fs/cgroup/memory/memory.limit_in_bytes': '500 MB\n' }), 500);
	});

	it('refuses a model before it is loaded, and says what it needs', async () => {
		await using engine = await FakeEngine.create();
		await writeFile(engine.modelPath, gguf({ 'general.architecture': 'qwen2' }));
		await truncate(engine.modelPath, 4e12);
		const says = /^qwen2\.5-coder:0\.5b needs 4000\.3 GB, and [\d.]+ GB are free\.$/;
		await assert.rejects(engine.model().facts(never), failsWith('no-memory', says));
		assert.ok(!existsSync(`${engine.modelPath}.log`));
		await engine.write({ says: 'a' });
		assert.equal(await textOf(engine.model().generate(options, never)), 'a');
	});
});
