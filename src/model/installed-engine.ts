import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFolder } from '../std/private-folder.ts';
import type { EngineProgram } from './engine-process.ts';

const idleMs = 15 * 60_000;
const lingerMs = 10_000;

/**
 * The engine of an installation: our program for it is in `dist`, and llama.cpp in the first of `folders` that has it. Undefined where none
 * has. Whoever runs from the same installation shares one engine.
 */
export function installedEngine(
	dist: string,
	folders: readonly string[],
	environment: { readonly [name: string]: string | undefined },
	mayUseGpu: boolean,
): EngineProgram | undefined {
	const entries = folders.map((folder) => join(folder, 'node_modules', 'node-llama-cpp', 'dist', 'index.js'));
	const llama = entries.find((entry) => existsSync(entry));
	if (!llama) return undefined;
	return { script: join(dist, 'engine.cjs'), llama, folder: runtimeFolder(environment), gpu: mayUseGpu, idleMs, lingerMs };
}
