import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseBackend } from '../src/model/backend.ts';
import { EmbeddedModel } from '../src/model/embedded.ts';
import { EngineClient } from '../src/model/engine-client.ts';
import { knownGgufs } from '../src/model/known-gguf.ts';
import type { LanguageModel } from '../src/model/language-model.ts';
import { OllamaModel } from '../src/model/ollama.ts';

export type Backend = 'ollama' | 'embedded';

/** The one whose weights can be had everywhere. */
const smallest = knownGgufs[0]?.name ?? '';

export interface OpenModel {
	readonly model: LanguageModel;
	close(): Promise<void>;
}

/**
 * A real model, by its backend alone or by what the setting `co-clone.model` may be: `embedded:NAME|FILE`, `ollama:NAME`, an address.
 * `scripts/bench.mjs` has prepared what it needs and says where that is.
 */
export async function openModel(spec: string): Promise<OpenModel> {
	const backend = spec === 'ollama' ? ({ kind: 'ollama' } as const) : parseBackend(spec === 'embedded' ? `embedded:${smallest}` : spec);
	if (backend.kind === 'auto')
		throw new Error('Name the model: embedded:NAME, embedded:FILE.gguf, ollama:NAME or the address of a server.');
	if (backend.kind === 'embedded') return await openEmbedded(pathOf(backend.model));
	const named = backend.kind === 'server' ? { url: backend.url, model: undefined } : backend;
	const { url = environment('BENCH_OLLAMA_URL'), model = backend.url ? undefined : environment('BENCH_MODEL') } = named;
	return { model: new OllamaModel(() => ({ url, model })), close: async () => {} };
}

function pathOf(model: string): string {
	const path = model === smallest ? environment('BENCH_WEIGHTS') : resolve(model);
	if (!existsSync(path)) throw new Error(`There is no file ${path}. Name ${smallest}, or the path of a file in GGUF format.`);
	return path;
}

/** In an engine of its own, which nobody else makes wait. */
async function openEmbedded(modelPath: string): Promise<OpenModel> {
	const folder = await mkdtemp(join(tmpdir(), 'co-clone-bench-'));
	const program = {
		script: resolve('out', 'bench', 'engine.cjs'),
		llama: environment('BENCH_LLAMA'),
		folder,
		gpu: false,
		idleMs: 600_000,
		lingerMs: 100,
	};
	const engine = new EngineClient(() => program);
	const close = async () => {
		engine.close();
		await left(folder);
		await rm(folder, { recursive: true, force: true });
	};
	return { model: new EmbeddedModel(() => ({ name: basename(modelPath), modelPath, contextLength: 4096 }), engine), close };
}

/** An engine takes its lock and its socket away when it ends, and makes them anew where somebody else did before. */
async function left(folder: string): Promise<void> {
	const isThere = async () => (await readdir(folder)).some((name) => !name.endsWith('.log'));
	for (let tries = 0; tries < 100 && (await isThere()); tries++) await delay(100);
}

function environment(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set. Start with “npm run bench”.`);
	return value;
}
