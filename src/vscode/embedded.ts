import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { parseBackend } from '../model/backend.ts';
import type { EmbeddedSettings } from '../model/embedded.ts';
import { EngineClient } from '../model/engine-client.ts';
import { type EngineProgram, engineFolder } from '../model/engine-process.ts';
import type { LoadedFile } from '../model/engine-wire.ts';
import { knownGgufs } from '../model/known-gguf.ts';
import type { Gpu } from '../model/machine.ts';
import { ModelError } from '../model/model-error.ts';
import { type Action, showWithActions } from './advice.ts';
import type { Settings } from './settings.ts';

/** Tokens, prompt and answer together; more would only cost memory, because no window is larger. */
const contextLength = 4096;
const idleMs = 15 * 60_000;
const lingerMs = 10_000;
/** How long it may take to find a graphics card, in milliseconds. */
const gpuMs = 5000;

/** Where the files of models are kept. Not in the workspace, and not synchronised. */
export function modelsFolder({ globalStorageUri }: ExtensionContext): string {
	return join(globalStorageUri.fsPath, 'models');
}

/** The engine that came with the extension; undefined in a build that is not for a platform, and has none. */
export function engineProgram(context: ExtensionContext, { gpu }: Settings): EngineProgram | undefined {
	const llama = context.asAbsolutePath(join('engine', 'node_modules', 'node-llama-cpp', 'dist', 'index.js'));
	if (!existsSync(llama)) return undefined;
	const script = context.asAbsolutePath(join('dist', 'engine.cjs'));
	return { script, llama, folder: engineFolder(process.env), gpu: gpu === 'auto', idleMs, lingerMs };
}

/** The graphics card that an engine would use. Starts one to find out, which ends by itself when nobody needs it. */
export async function usableGpu(program: EngineProgram | undefined): Promise<Gpu | undefined> {
	if (!program?.gpu) return undefined;
	const engine = new EngineClient(() => program);
	try {
		for await (const reply of engine.ask({ kind: 'hardware' }, AbortSignal.timeout(gpuMs))) if (reply.kind === 'hardware') return reply.gpu;
	} catch {
		// Without an engine there is nothing for it to run on; what is wrong is said when a model is asked.
	} finally {
		engine.close();
	}
	return undefined;
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

const gpuActions: readonly Action[] = [
	{ title: 'Open Setting', command: 'workbench.action.openSettings', argument: 'co-clone.gpu' },
	{ title: 'Show Log', command: 'co-clone.showLog' },
];

/** Writes into the log where a model runs. When the graphics card that should run it failed, the user hears of it once. */
export function announceDevice(log: LogOutputChannel): (file: LoadedFile) => void {
	let told: string | undefined;
	return ({ basename: model = 'the model', gpu, gpuFailure }) => {
		log.info(`The embedded engine runs ${model} on ${gpu ?? 'the processor'}.`);
		if (!gpuFailure || gpuFailure === told) return;
		told = gpuFailure;
		log.warn(`The graphics card failed: ${gpuFailure}`);
		const what = 'the graphics card failed, so the model runs on the processor for now, slower.';
		void showWithActions(`Co-Clone: ${what} The setting co-clone.gpu turns the card off for good.`, gpuActions, true);
	};
}
