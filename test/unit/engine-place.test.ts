import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepPlace } from '../../src/engine/place.ts';
import { EngineServer } from '../../src/engine/server.ts';
import { EngineConnection } from '../../src/model/engine-connection.ts';
import { engineAddress } from '../../src/model/engine-process.ts';
import type { EngineReply, EngineRequest } from '../../src/model/engine-wire.ts';
import type { GenerateOptions } from '../../src/model/language-model.ts';
import { FakeEngine, failsWith, textOf } from '../fake-engine.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const options: GenerateOptions = { prompt: 'P', maxTokens: 40, stop: [] };
const never = new AbortController().signal;

describe('an engine that cannot be found any more', () => {
	it('is found again: no second one is started', async () => {
		await using engine = await FakeEngine.create({ says: 'a' });
		const first = engine.model();
		await first.facts(never);
		await rm(engine.program.folder, { recursive: true });
		for (let waited = 0; !existsSync(engineAddress(engine.program)) && waited < 2000; waited += 10) await delay(10);
		assert.equal(await textOf(engine.model().generate(options, never)), 'a');
		assert.equal((await engine.log()).filter((line) => line === 'loaded').length, 1);
		await engine.untilGone();
		assert.ok(!existsSync(engineAddress(engine.program)));
	});

	it('goes when another has been started in the meantime: everybody leaves as soon as they have their answer', async () => {
		await using folder = await TemporaryFolder.create();
		const [lock, address] = [join(folder.path, 'lock'), join(folder.path, 'socket')];
		await writeFile(lock, '1');
		let answer: (() => void) | undefined;
		const work = {
			async *replies({ id }: EngineRequest): AsyncGenerator<EngineReply> {
				await new Promise<void>((resolve) => {
					answer = resolve;
				});
				yield { kind: 'memory', id, bytes: 1 };
			},
		};
		const server = new EngineServer(work, 60_000);
		await server.listen(address);
		const [waiting, idle] = await Promise.all([EngineConnection.open(address, 1000), EngineConnection.open(address, 1000)]);
		const asked = waiting?.ask({ kind: 'memory' }, 60_000, never).next();
		while (!answer) await delay(1);
		await keepPlace(server, lock, address);
		while (idle?.isOpen) await delay(1);
		assert.ok(waiting?.isOpen);
		answer();
		assert.deepEqual((await asked)?.value, { kind: 'memory', id: 1, bytes: 1 });
		await server.ended;
		assert.equal(await readFile(lock, 'utf8'), '1');
	});
});

describe('a model whose file is deleted', () => {
	it('answers for as long as it is in memory, and is missing after that', async () => {
		await using engine = await FakeEngine.create({ says: 'a' }, { idleMs: 100 });
		const model = engine.model();
		await model.facts(never);
		await rm(engine.modelPath);
		assert.equal(await textOf(model.generate(options, never)), 'a');
		await delay(200);
		await assert.rejects(textOf(model.generate(options, never)), failsWith('model-missing', /model\.gguf is not there/));
		await engine.write({ says: 'b' });
		assert.equal(await textOf(model.generate(options, never)), 'b');
	});
});
