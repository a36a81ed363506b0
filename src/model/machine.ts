import { availableParallelism, totalmem } from 'node:os';
import type { KnownGguf } from './known-gguf.ts';

/** A graphics card, or a part of the processor that does the same. */
export interface Gpu {
	readonly name: string;
	/** Bytes that it can use. */
	readonly memory: number;
	/** It uses the memory of the machine. */
	readonly isShared: boolean;
}

/** What decides how fast a model runs. */
export interface Machine {
	readonly cores: number;
	/** Bytes. */
	readonly memory: number;
	/** One that the engine can use. */
	readonly gpu?: Gpu | undefined;
}

/** Below this, suggestions come too late to be of use. */
const usefulTokensPerSecond = 15;
/** Measured: 28 tokens a second with 0.5B parameters on 2 cores. More than 8 cores wait for the memory. */
const tokensPerCoreAndBillion = 7;
const mostCores = 8;
/**
 * What a graphics card reads of its memory in a second, at the lower end of what is in use; every token takes the whole model. From
 * data sheets, with a third taken off, not measured.
 */
const gpuBytesPerSecond = { own: 100e9, shared: 30e9 };
/** Of its file, with the state of the prompt. */
const gpuMemoryPerByte = 1.3;
/** Of its file; the rest is the state of the prompt and room to calculate. */
const memoryPerByte = 1.6;

export function thisMachine(gpu?: Gpu): Machine {
	return { cores: availableParallelism(), memory: totalmem(), gpu };
}

/** The graphics card that a model runs on: whole, or the processor would have to be waited for. */
function gpuFor({ bytes }: KnownGguf, { gpu }: Machine): Gpu | undefined {
	return gpu && bytes * gpuMemoryPerByte <= gpu.memory ? gpu : undefined;
}

/** Tokens a second that a model can be expected to generate; with a graphics card, at least. */
export function estimatedSpeed(model: KnownGguf, machine: Machine): number {
	const gpu = gpuFor(model, machine);
	const onProcessor = (Math.min(machine.cores, mostCores) * tokensPerCoreAndBillion) / Number.parseFloat(model.parameters);
	return gpu ? Math.max(onProcessor, gpuBytesPerSecond[gpu.isShared ? 'shared' : 'own'] / model.bytes) : onProcessor;
}

/** For people. */
export function speedText(model: KnownGguf, machine: Machine): string {
	const rate = Math.round(estimatedSpeed(model, machine));
	const gpu = gpuFor(model, machine);
	return gpu ? `at least ${rate} tokens/s on ${gpu.name}` : `about ${rate} tokens/s here`;
}

/** Whether suggestions can be expected in time to be of use. */
export function isUseful(model: KnownGguf, machine: Machine): boolean {
	return estimatedSpeed(model, machine) >= usefulTokensPerSecond;
}

/**
 * The largest model that is useful on a machine and takes at most half of its memory, if it has no graphics card with memory of its
 * own; the smallest if there is none.
 */
export function recommended(models: readonly KnownGguf[], machine: Machine): KnownGguf | undefined {
	const fits = (model: KnownGguf) => model.bytes * memoryPerByte < machine.memory / 2 || gpuFor(model, machine)?.isShared === false;
	return models.findLast((model) => fits(model) && isUseful(model, machine)) ?? models[0];
}
