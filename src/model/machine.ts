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

/** What decides how fast a model runs on the processor. */
export interface Machine {
	readonly cores: number;
	/** Bytes. */
	readonly memory: number;
}

/** Below this, suggestions come too late to be of use. */
const usefulTokensPerSecond = 15;
/** Measured: 28 tokens a second with 0.5B parameters on 2 cores. More than 8 cores wait for the memory. */
const tokensPerCoreAndBillion = 7;
const mostCores = 8;
/** Of its file; the rest is the state of the prompt and room to calculate. */
const memoryPerByte = 1.6;

export function thisMachine(): Machine {
	return { cores: availableParallelism(), memory: totalmem() };
}

/** Tokens a second that a model can be expected to generate, without a graphics card. */
export function estimatedSpeed({ parameters }: KnownGguf, { cores }: Machine): number {
	return (Math.min(cores, mostCores) * tokensPerCoreAndBillion) / Number.parseFloat(parameters);
}

/** Whether suggestions can be expected in time to be of use. */
export function isUseful(model: KnownGguf, machine: Machine): boolean {
	return estimatedSpeed(model, machine) >= usefulTokensPerSecond;
}

/** The largest model that is useful on a machine and takes at most half of its memory; the smallest if there is none. */
export function recommended(models: readonly KnownGguf[], machine: Machine): KnownGguf | undefined {
	const fits = (model: KnownGguf) => model.bytes * memoryPerByte < machine.memory / 2 && isUseful(model, machine);
	return models.findLast(fits) ?? models[0];
}
