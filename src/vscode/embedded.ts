import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { parseBackend } from '../model/backend.ts';
import type { EmbeddedSettings } from '../model/embedded.ts';
import { type EngineProgram, engineFolder } from '../model/engine-process.ts';
import { knownGgufs } from '../model/known-gguf.ts';
import { ModelError } from '../model/model-error.ts';
import type { Settings } from './settings.ts';

/** Tokens, prompt and answer together; more would only cost memory, because no window is larger. */
const contextLength = 4096;
const idleMs = 15 * 60_000;
const lingerMs = 10_000;

/** Where the files of models are kept. Not in the workspace, and not synchronised. */
export function modelsFolder({ globalStorageUri }: ExtensionContext): string {
	return join(globalStorageUri.fsPath, 'models');
}

/** The engine that came with the extension; undefined in a build that is not for a platform, and has none. */
export function engineProgram(context: ExtensionContext): EngineProgram | undefined {
	const llama = context.asAbsolutePath(join('engine', 'node_modules', 'node-llama-cpp', 'dist', 'index.js'));
	if (!existsSync(llama)) return undefined;
	const script = context.asAbsolutePath(join('dist', 'engine.cjs'));
	return { script, llama, folder: engineFolder(process.env), gpu: false, idleMs, lingerMs };
}

/**
 * The model that the embedded engine runs: the chosen one, or in `auto` the first of the known ones that is installed.
 * @throws ModelError when it is not here.
 */
export function embeddedSettings(settings: Settings, folder: string): EmbeddedSettings {
	const backend = parseBackend(settings.model);
	const installed = knownGgufs.find(({ file }) => existsSync(join(folder, file)));
	const name = backend.kind === 'embedded' ? backend.model : (installed ?? knownGgufs[0])?.name;
	const known = knownGgufs.find((model) => model.name === name);
	if (known && !existsSync(join(folder, known.file))) throw new ModelError('model-missing', `${known.name} is not downloaded yet.`);
	if (known) return { name: known.name, modelPath: join(folder, known.file), contextLength };
	return { name: basename(name ?? ''), modelPath: name ?? '', contextLength };
}
