import type { Gpu } from '../model/machine.ts';
import type { Llama, LlamaModule } from './llama.ts';

/** node-llama-cpp, ready to load models. */
export interface Runtime {
	readonly module: LlamaModule;
	readonly llama: Llama;
	/** The graphics card that computes; undefined where the processor does. */
	readonly gpu: Gpu | undefined;
	/** What llama.cpp said; its errors say only there what went wrong. */
	readonly log: string[];
}

export async function startRuntime(module: LlamaModule, useGpu: boolean): Promise<Runtime> {
	const log: string[] = [];
	const logger = (_level: string, message: string) => {
		log.push(message);
		if (log.length > 100) log.shift();
	};
	const options = { build: 'never', skipDownload: true, progressLogs: false, logLevel: 'warn', logger } as const;
	// On some platforms there is no binary without a part for graphics cards. It computes on the processor as well.
	const binaries = useGpu ? (['auto'] as const) : ([false, 'auto'] as const);
	for (const gpu of binaries) {
		const llama = await module.getLlama({ ...options, gpu }).catch(unlessThereIsNone(module));
		if (llama) return { module, llama, gpu: useGpu ? await gpuOf(llama) : undefined, log };
	}
	const needs = process.platform === 'linux' ? ' It needs glibc 2.34 and libstdc++ 12 or newer (Debian 12, Ubuntu 22.04; not Alpine).' : '';
	throw new Error(`llama.cpp does not run on this machine.${needs}`);
}

function unlessThereIsNone({ NoBinaryFoundError }: LlamaModule): (cause: unknown) => undefined {
	return (cause) => {
		if (!(cause instanceof NoBinaryFoundError)) throw cause;
	};
}

/** The libraries for graphics cards may be there without a card. */
async function gpuOf(llama: Llama): Promise<Gpu | undefined> {
	if (llama.gpu === false || !llama.supportsGpuOffloading) return undefined;
	const [[name = llama.gpu], { total, unifiedSize }] = await Promise.all([llama.getGpuDeviceNames(), llama.getVramState()]);
	return { name, memory: total, isShared: unifiedSize > 0 };
}
