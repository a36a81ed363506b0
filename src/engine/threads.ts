import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * How many threads compute. After each step all of them wait for the last one, so with more threads than processors every
 * step waits for one that is not running: measured on two cores, four threads generate 0.4 tokens per second and two generate 42.
 */
export function usefulThreads(mathCores: number): number {
	return Math.max(1, Math.min(mathCores, availableParallelism(), containerCores() ?? mathCores));
}

/** What a container may use, where it is less than the machine has (`cpu.max` of its control group). */
function containerCores(): number | undefined {
	try {
		const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number);
		return quota && period ? Math.floor(quota / period) : undefined;
	} catch {
		return undefined;
	}
}
