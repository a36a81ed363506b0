import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { EmbeddedModel } from '../src/model/embedded.ts';
import { EngineClient } from '../src/model/engine-client.ts';
import type { LanguageModel } from '../src/model/language-model.ts';
import { OllamaModel } from '../src/model/ollama.ts';

export type Backend = 'ollama' | 'embedded';

export interface OpenModel {
	readonly model: LanguageModel;
	close(): Promise<void>;
}

/** A real model; `scripts/bench.mjs` has prepared what it needs and says where that is. */
export async function openModel(backend: Backend): Promise<OpenModel> {
	if (backend === 'embedded') return await openEmbedded(environment('BENCH_WEIGHTS'));
	const settings = { url: environment('BENCH_OLLAMA_URL'), model: environment('BENCH_MODEL') };
	return { model: new OllamaModel(() => settings), close: async () => {} };
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
		await rm(folder, { recursive: true, force: true });
	};
	return { model: new EmbeddedModel(() => ({ name: basename(modelPath), modelPath, contextLength: 4096 }), engine), close };
}

function environment(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set. Start with “npm run bench”.`);
	return value;
}
