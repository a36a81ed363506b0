import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { EmbeddedModel, type EmbeddedSettings } from '../src/model/embedded.ts';
import { EngineClient, type EngineLimits } from '../src/model/engine-client.ts';
import { type EngineProgram, engineAddress } from '../src/model/engine-process.ts';
import type { LoadedFile } from '../src/model/engine-wire.ts';
import { ModelError, type ModelErrorCode } from '../src/model/model-error.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/** See `test/unit/fake-llama.mjs`. */
interface ModelScript {
	readonly says?: string;
	readonly sampled?: readonly string[];
	readonly words?: readonly string[];
	readonly special?: readonly string[];
	readonly stepMs?: number;
	readonly loadMs?: number;
	readonly basename?: string;
	readonly dies?: 'while loading' | 'while generating';
}

/** See `llamaOn` in `test/unit/fake-llama.mjs`. */
interface MachineScript {
	readonly card?: string;
	readonly libraries?: boolean;
	readonly fails?: 'when loading' | 'when computing';
	readonly has?: readonly (false | 'auto')[];
	readonly dies?: NodeJS.Signals;
}

/** A real engine process on a scripted llama.cpp, in a folder of its own. */
export class FakeEngine implements AsyncDisposable {
	readonly program: EngineProgram;
	readonly modelPath: string;
	/** What the windows were told about what was loaded. */
	readonly loaded: LoadedFile[] = [];
	readonly #folder: TemporaryFolder;
	readonly #clients: EngineClient[] = [];

	private constructor(folder: TemporaryFolder, program: Partial<EngineProgram>) {
		this.#folder = folder;
		this.modelPath = join(folder.path, 'model.gguf');
		this.program = {
			script: resolve('out/test/engine.cjs'),
			llama: resolve('test/unit/fake-llama.mjs'),
			folder: join(folder.path, 'run'),
			gpu: false,
			idleMs: 60_000,
			lingerMs: 300,
			...program,
		};
	}

	static async create(script: ModelScript = {}, program: Partial<EngineProgram> = {}): Promise<FakeEngine> {
		const engine = new FakeEngine(await TemporaryFolder.create(), program);
		await engine.write(script);
		return engine;
	}

	/** On a machine that is not like all others. */
	static async on(machine: MachineScript, script: ModelScript = {}): Promise<FakeEngine> {
		const folder = await TemporaryFolder.create();
		const llama = join(folder.path, 'llama.mjs');
		const fake = pathToFileURL(resolve('test/unit/fake-llama.mjs')).href;
		const lines = [
			`export * from '${fake}';`,
			`import { llamaOn } from '${fake}';`,
			`export const getLlama = llamaOn(${JSON.stringify(machine)});`,
		];
		await writeFile(llama, lines.join('\n'));
		const engine = new FakeEngine(folder, { llama, gpu: true });
		await engine.write(script);
		return engine;
	}

	/** Puts another model into the place of the one that is there, and begins a new log. */
	async write(script: ModelScript): Promise<void> {
		await rm(`${this.modelPath}.log`, { force: true });
		await writeFile(this.modelPath, JSON.stringify(script));
	}

	client(limits: Partial<EngineLimits> = {}): EngineClient {
		const client = new EngineClient(() => this.program, limits);
		this.#clients.push(client);
		return client;
	}

	/** As one more window would have it. */
	model(limits: Partial<EngineLimits> = {}, settings: Partial<EmbeddedSettings> = {}): EmbeddedModel {
		const all = { name: 'qwen2.5-coder:0.5b', modelPath: this.modelPath, contextLength: 4096, ...settings };
		return new EmbeddedModel(
			() => all,
			this.client(limits),
			(file) => this.loaded.push(file),
		);
	}

	/** What the engine loaded and evaluated of this model. */
	async log(): Promise<string[]> {
		const lines = (await readFile(`${this.modelPath}.log`, 'utf8')).trim().split('\n');
		// It is the model before that is disposed of first.
		return lines[0] === 'disposed' ? lines.slice(1) : lines;
	}

	/** Whether no engine runs, unless it is just starting. */
	get isGone(): boolean {
		try {
			process.kill(Number(readFileSync(engineAddress(this.program).replace('.sock', '.lock'), 'utf8')), 0);
			return false;
		} catch {
			return true;
		}
	}

	/** Resolves when all connections are closed and the engine has ended by itself. */
	async untilGone(): Promise<void> {
		for (const client of this.#clients) client.close();
		for (let waited = 0; !this.isGone && waited < 2000; waited += 10) await delay(10);
		if (!this.isGone) throw new Error('The engine goes on although nobody is connected.');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const client of this.#clients) client.close();
		for (let waited = 0; !this.isGone && waited < 2000; waited += 10) await delay(10);
		await this.#folder[Symbol.asyncDispose]();
	}
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
	let text = '';
	for await (const piece of pieces) text += piece;
	return text;
}

/** For `assert.rejects`. */
export function failsWith(code: ModelErrorCode, message: RegExp): (error: unknown) => boolean {
	return (error) => error instanceof ModelError && error.code === code && message.test(error.message);
}
