import { join } from 'node:path';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { EngineClient } from '../model/engine-client.ts';
import type { EngineProgram } from '../model/engine-process.ts';
import type { LoadedFile } from '../model/engine-wire.ts';
import { installedEngine } from '../model/installed-engine.ts';
import type { Gpu } from '../model/machine.ts';
import { type Action, showWithActions } from './advice.ts';
import type { Settings } from './settings.ts';

/** How long it may take to find a graphics card, in milliseconds. */
const gpuMs = 5000;

/** Where the files of models are kept. Not in the workspace, and not synchronised. */
export function modelsFolder({ globalStorageUri }: ExtensionContext): string {
	return join(globalStorageUri.fsPath, 'models');
}

/** The engine that came with the extension; undefined in a build that is not for a platform, and has none. */
export function engineProgram(context: ExtensionContext, { gpu }: Settings): EngineProgram | undefined {
	return installedEngine(context.asAbsolutePath('dist'), [context.asAbsolutePath('engine')], process.env, gpu === 'auto');
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

const gpuActions: readonly Action[] = [
	{ title: 'Open Setting', command: 'workbench.action.openSettings', argument: 'co-clone.gpu' },
	{ title: 'Show Log', command: 'co-clone.showLog' },
];

/** Writes into the log where a model runs. When the graphics card that should run it failed, the user hears of it once. */
export function announceDevice(log: Pick<LogOutputChannel, 'info' | 'warn'>): (file: LoadedFile) => void {
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
