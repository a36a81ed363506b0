import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, open, readFile, rm, truncate } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddedModel } from '../../src/model/embedded.ts';
import { EngineClient } from '../../src/model/engine-client.ts';
import { type EngineProgram, engineAddress } from '../../src/model/engine-process.ts';
import { ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { environment } from './editor-page.ts';

const never = new AbortController().signal;

/** Weights in a file of our own, to be damaged. */
class Weights implements AsyncDisposable {
	readonly path: string;
	readonly #folder: TemporaryFolder;

	private constructor(folder: TemporaryFolder) {
		this.#folder = folder;
		this.path = join(folder.path, 'weights.gguf');
	}

	static async copy(): Promise<Weights> {
		const weights = new Weights(await TemporaryFolder.create());
		await copyFile(environment('E2E_WEIGHTS'), weights.path);
		return weights;
	}

	/** Only the header and the first of the weights; as long as the whole, or longer. */
	static async beginning(bytes: number): Promise<Weights> {
		const weights = new Weights(await TemporaryFolder.create());
		const [from, to] = [await open(environment('E2E_WEIGHTS')), await open(weights.path, 'w')];
		await to.write((await from.read(Buffer.alloc(20_000_000), 0, 20_000_000, 0)).buffer);
		await Promise.all([from.close(), to.close()]);
		await truncate(weights.path, bytes);
		return weights;
	}

	/** Writes over what is there. */
	async write(bytes: Buffer, position: number): Promise<void> {
		const file = await open(this.path, 'r+');
		await file.write(bytes, 0, bytes.length, position);
		await file.close();
	}

	/** Puts another text of the same length into the header. */
	async replace(text: string, other: string): Promise<void> {
		const file = await open(this.path);
		const { buffer } = await file.read(Buffer.alloc(8_000_000), 0, 8_000_000, 0);
		await file.close();
		for (let at = buffer.indexOf(text); at >= 0; at = buffer.indexOf(text, at + 1)) await this.write(Buffer.from(other), at);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#folder[Symbol.asyncDispose]();
	}
}

describe('the embedded engine when something is wrong', () => {
	let folder: TemporaryFolder;
	let program: EngineProgram;
	let client: EngineClient;
	const modelAt = (modelPath: string) => new EmbeddedModel(() => ({ name: 'small', modelPath, contextLength: 4096 }), client);
	const enginePid = async () => Number(await readFile(engineAddress(program).replace('.sock', '.lock'), 'utf8'));
	const answer = async (model: EmbeddedModel) => {
		let text = '';
		for await (const piece of model.generate({ prompt: 'const squares = [1, 4, 9,', maxTokens: 8, stop: [] }, never)) text += piece;
		return text;
	};
	/** What is said has to be there to be read, not only to match. */
	const says = (code: ModelErrorCode, message: RegExp) => (error: unknown) => {
		console.log(`      ${error instanceof Error ? error.message : error}`);
		return error instanceof ModelError && error.code === code && message.test(error.message);
	};

	before(async () => {
		folder = await TemporaryFolder.create();
		const script = resolve('dist', 'engine.cjs');
		program = { script, llama: environment('E2E_LLAMA'), folder: folder.path, gpu: false, idleMs: 600_000, lingerMs: 500 };
		client = new EngineClient(() => program);
	});

	after(async () => {
		client.close();
		await folder[Symbol.asyncDispose]();
	});

	it('refuses a model that is larger than the memory', async () => {
		await using weights = await Weights.beginning(4e12);
		await assert.rejects(modelAt(weights.path).facts(never), says('no-memory', /^small needs 4000\.4 GB, and [\d.]+ GB are free\.$/));
	});

	it('says when the memory ran out while a model is loaded, and loads it when there is some', async () => {
		const model = modelAt(environment('E2E_WEIGHTS'));
		for await (const _ of client.ask({ kind: 'memory' }, never));
		limitMemory(await enginePid(), '1500000000');
		await assert.rejects(model.facts(never), says('no-memory', /memory/));
		await assert.rejects(model.facts(never), says('no-memory', /memory/));
		limitMemory(await enginePid(), 'unlimited');
		assert.notEqual(await answer(model), '');
	});

	it('refuses a model without the tokens for holes', async () => {
		await using weights = await Weights.copy();
		await weights.replace('<|fim_suffix|>', '<|nothing_1_|>');
		await assert.rejects(modelAt(weights.path).facts(never), says('no-infill', /cannot fill a hole/));
	});

	it('refuses weights that are no numbers', async () => {
		await using weights = await Weights.copy();
		await weights.write(Buffer.alloc(1_000_000, 0xff), 100_000_000);
		await assert.rejects(modelAt(weights.path).facts(never), says('bad-response', /is damaged/));
	});

	it('goes on with a model whose file is deleted', async () => {
		await using weights = await Weights.copy();
		const model = modelAt(weights.path);
		const before = await answer(model);
		await rm(weights.path);
		assert.equal(await answer(model), before);
	});

	it('ends when the file that is in memory is cut off, and the next one says so', async () => {
		await using weights = await Weights.copy();
		const model = modelAt(weights.path);
		await answer(model);
		await truncate(weights.path, 100_000_000);
		await assert.rejects(
			async () => assert.equal(await answer(model), 'an answer'),
			(error) => error instanceof ModelError,
		);
		await assert.rejects(model.facts(never), says('bad-response', /is cut off/));
		assert.notEqual(await answer(modelAt(environment('E2E_WEIGHTS'))), '');
	});
});

/** Limits the bytes that a process can address. What it lacks then is as good as memory. */
function limitMemory(pid: number, bytes: string): void {
	const { status, error, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--as=${bytes}:unlimited`], { encoding: 'utf8' });
	assert.equal(status, 0, error?.message ?? stderr);
}
