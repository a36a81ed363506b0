import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * How many threads compute. After each step all of them wait for the last one, so with more threads than processors every
 * step waits for one that is not running: measured on two cores, four threads generate 0.4 tokens per second and two generate 42.
 */
export function usefulThreads(mathCores: number): number {
	return Math.max(1, Math.min(mathCores, availableParallelism(), containerCores() ?? mathCores));
}

/** So many times slower than it can be means that threads wait for one that has no processor; twice as slow happens to one step in ten. */
const crowdedRatio = 4;
const firstWait = 1000;
const longestWait = 8000;

/**
 * Lets all useful threads work while the machine is otherwise quiet, and leaves one core to others while it is not. Measured on two
 * cores: in a quiet machine two threads generate 49 tokens per second and one 41; beside a busy program it is 5 and 40.
 */
export class Crew {
	readonly #useful: number;
	readonly #employ: (threads: number) => void;
	readonly #now: () => number;
	/** Milliseconds per token, at best: of a single one, and of many at once. */
	readonly #best = { one: Number.POSITIVE_INFINITY, many: Number.POSITIVE_INFINITY };
	#smallUntil = 0;
	#wait = firstWait;

	constructor(useful: number, employ: (threads: number) => void, now: () => number) {
		this.#useful = useful;
		this.#employ = employ;
		this.#now = now;
	}

	/** Does work that evaluates a number of tokens. */
	async evaluate<T>(tokens: number, work: () => Promise<T>): Promise<T> {
		const started = this.#now();
		const isSmall = started < this.#smallUntil;
		this.#employ(isSmall ? Math.max(1, this.#useful - 1) : this.#useful);
		const result = await work();
		if (!isSmall) this.#learn(tokens, this.#now() - started);
		return result;
	}

	#learn(tokens: number, ms: number): void {
		const kind = tokens === 1 ? 'one' : 'many';
		// A few tokens at once take nearly as long as one.
		if (kind === 'many' && tokens < 32) return;
		this.#best[kind] = Math.min(this.#best[kind], ms / tokens);
		if (ms / tokens <= crowdedRatio * this.#best[kind]) {
			this.#wait = Math.max(firstWait, this.#wait / 1.1);
			return;
		}
		this.#smallUntil = this.#now() + this.#wait;
		this.#wait = Math.min(longestWait, 2 * this.#wait);
	}
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
