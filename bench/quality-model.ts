import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseBackend } from '../src/model/backend.ts';
import { EmbeddedModel } from '../src/model/embedded.ts';
import { EngineClient } from '../src/model/engine-client.ts';
import { engineFolder } from '../src/model/engine-process.ts';
import { knownGgufs } from '../src/model/known-gguf.ts';
import type { LanguageModel } from '../src/model/language-model.ts';
import { OllamaModel } from '../src/model/ollama.ts';
import { ollamaUrl } from '../src/model/ollama-address.ts';

export interface OpenModel {
	readonly model: LanguageModel;
	close(): void;
}

const contextLength = 4096;

/** A model by what the setting `co-clone.model` may be: `embedded:NAME|PATH`, `ollama:NAME`, a URL. */
export async function openModel(spec: string): Promise<OpenModel> {
	const backend = parseBackend(spec);
	if (backend.kind === 'auto') throw new Error('Name the model to measure: embedded:NAME, embedded:FILE.gguf or ollama:NAME.');
	if (backend.kind === 'embedded') return openEmbedded(backend.model);
	const settings = { url: backend.url ?? ollamaUrl(process.env['OLLAMA_HOST']), model: backend.model };
	return { model: new OllamaModel(() => settings), close: () => {} };
}

/** `scripts/bench.mjs` sees to the engine's packages, and to the weights of the smallest model. */
function openEmbedded(name: string): OpenModel {
	const [known] = knownGgufs;
	const modelPath = name === known?.name ? environment('BENCH_WEIGHTS') : resolve(name);
	if (!existsSync(modelPath)) throw new Error(`There is no file ${modelPath}. Name ${known?.name}, or the path of a file in GGUF format.`);
	const script = resolve('out', 'bench', 'engine.cjs');
	const folder = engineFolder(process.env);
	const program = { script, llama: environment('BENCH_LLAMA'), folder, gpu: false, idleMs: 600_000, lingerMs: 1000 };
	const engine = new EngineClient(() => program);
	const settings = { name: basename(name), modelPath, contextLength };
	return { model: new EmbeddedModel(() => settings, engine), close: () => engine.close() };
}

function environment(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set. Start with “npm run bench”.`);
	return value;
}
