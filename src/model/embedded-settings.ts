import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Backend } from './backend.ts';
import type { EmbeddedSettings } from './embedded.ts';
import { type KnownGguf, knownGgufs } from './known-gguf.ts';
import { ModelError } from './model-error.ts';

/** Tokens, prompt and answer together; more would only cost memory, because no window is larger. */
const contextLength = 4096;

/**
 * The model that the embedded engine runs: the chosen one, or in `auto` the first of the known ones that is in one of these folders.
 * @throws ModelError when it is not here.
 */
export function embeddedSettings(backend: Backend, folders: readonly string[]): EmbeddedSettings {
	const chosen = backend.kind === 'embedded' ? backend.model : undefined;
	const candidates = knownGgufs.filter(({ name }) => chosen === undefined || name === chosen);
	const [first] = candidates;
	if (!first) return fileSettings(chosen ?? '');
	const found = firstInstalled(candidates, folders);
	if (!found) throw new ModelError('model-missing', `${first.name} is not downloaded yet.`);
	return found;
}

/** Whether one of the known models is in one of these folders. */
export function hasModel(folders: readonly string[]): boolean {
	return firstInstalled(knownGgufs, folders) !== undefined;
}

function firstInstalled(models: readonly KnownGguf[], folders: readonly string[]): EmbeddedSettings | undefined {
	for (const { name, file } of models) {
		const modelPath = folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
		if (modelPath) return { name, modelPath, contextLength };
	}
	return undefined;
}

/** A file of the user's own. */
function fileSettings(chosen: string): EmbeddedSettings {
	const modelPath = resolve(chosen);
	if (existsSync(modelPath)) return { name: basename(modelPath), modelPath, contextLength };
	const names = knownGgufs.map(({ name }) => name).join(', ');
	throw new ModelError('model-missing', `There is neither a file ${modelPath} nor a model “${chosen}” (but ${names}).`);
}
