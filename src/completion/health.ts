import type { ModelUse } from './observed-model.ts';

/**
 * Why suggestions come too late to be of use:
 *
 * - `decode`: the model writes slowly.
 * - `prefill`: what is new in the prompt takes long to be evaluated.
 * - `cache`: little in the prompt is new, and yet the first token takes long: what was evaluated before is not kept.
 * - `load`: the model has to be loaded again and again, because something else takes its place in memory.
 * - `busy`: the same model was much faster before.
 */
export type Slowness = 'decode' | 'prefill' | 'cache' | 'load' | 'busy';

/** What is wrong, with the figures that say so. */
export interface Complaint {
	readonly slowness: Slowness;
	/** From the request to its first whole line; of `load`, to the model being in memory. */
	readonly ms: number;
	/** Of `busy`: what an answer takes otherwise. */
	readonly usualMs?: number | undefined;
	/** Of `decode` and `prefill`. */
	readonly tokensPerSecond?: number | undefined;
}

/** In milliseconds. Between the two, what was said before still holds, so that it does not come and go. */
const tooLate = 2500;
const useful = 1500;
/** The latest requests are judged, once there are so many of them. */
const samples = { least: 5, most: 8 };
/** Faster than this is the server's round trip, not a load. So many loads among so many requests are too many. */
const loads = { leastMs: 500, tooMany: 3, among: 12 };
/** A model that nobody asked for this long may leave the memory. */
const idleMs = 60_000;
/** Says nothing about now any more. */
const staleMs = 15 * 60_000;
/** How many times slower than usual is busy, and than it need be is forgetful. For it to stay so, this share of it is enough. */
const timesUsual = 3;
const timesNeeded = 2;
const shareToStay = 0.6;
/** Tokens that are evaluated in any case, however much is cached. */
const leastNew = 16;
/** What a token takes that is barely worth waiting for; for answers of one piece, which do not tell. */
const slowStepMs = 66;

/** A request that tells something about how fast the model is. */
interface Sample {
	readonly use: ModelUse;
	readonly isReload: boolean;
	/** Of those that nobody waited for to the end: at least. */
	readonly lineMs: number;
	readonly firstMs: number;
}

/** Says whether the model in use is fast enough, from the latest requests. */
export class Health {
	readonly #usualMs: (model: string) => number | undefined;
	readonly #onChange: () => void;
	#samples: readonly Sample[] = [];
	#last: ModelUse | undefined;
	#complaint: Complaint | undefined;

	/**
	 * @param usualMs how long an answer of a model usually takes, as far back as is known
	 * @param onChange is called when there is a complaint of another kind than before, or none any more
	 */
	constructor(usualMs: (model: string) => number | undefined, onChange: () => void) {
		this.#usualMs = usualMs;
		this.#onChange = onChange;
	}

	get complaint(): Complaint | undefined {
		return this.#complaint;
	}

	/** Forgets what was measured: after the model or a setting changed. */
	reset(): void {
		this.#samples = [];
		this.#complain(undefined);
	}

	/** Call for every request to a model, when it is over. */
	take(use: ModelUse): void {
		const sample = sampleOf(use, this.#last);
		this.#samples = [...this.#samples, ...(sample ? [sample] : [])].filter((other) => isAbout(other, use)).slice(-loads.among);
		this.#last = use;
		this.#complain(complaintOf(this.#samples, () => this.#usualMs(use.model), this.#complaint?.slowness));
	}

	#complain(complaint: Complaint | undefined): void {
		const isChange = complaint?.slowness !== this.#complaint?.slowness;
		this.#complaint = complaint;
		if (isChange) this.#onChange();
	}
}

/** Undefined for what was over too soon to tell. */
function sampleOf(use: ModelUse, last: ModelUse | undefined): Sample | undefined {
	const { isWarmUp, end, ms, loadMs, lineMs = ms, firstMs = ms } = use;
	const isLoad = loadMs >= loads.leastMs;
	const isReload = isLoad && last?.model === use.model && use.startedAt - (last.startedAt + last.ms) < idleMs;
	const tells = !isWarmUp && end !== 'failed' && (use.lineMs !== undefined || ms >= tooLate);
	return isLoad || tells ? { use, isReload, lineMs, firstMs } : undefined;
}

function isAbout({ use }: Sample, { model, startedAt }: ModelUse): boolean {
	return use.model === model && startedAt - use.startedAt < staleMs;
}

/** With `usual` asked for only when something is slow. */
function complaintOf(all: readonly Sample[], usual: () => number | undefined, before: Slowness | undefined): Complaint | undefined {
	const isBefore = (slowness: Slowness) => slowness === before;
	const reloads = all.filter(({ isReload }) => isReload);
	if (reloads.length >= limit(loads.tooMany, isBefore('load')))
		return { slowness: 'load', ms: median(reloads.map(({ use }) => use.loadMs)) ?? 0 };
	const asked = all.filter(({ use }) => use.loadMs < loads.leastMs).slice(-samples.most);
	const ms = median(asked.map(({ lineMs }) => lineMs)) ?? 0;
	if (asked.length < samples.least || ms <= (before ? useful : tooLate)) return undefined;
	const usualMs = usual();
	if (usualMs !== undefined && usualMs <= useful && ms > usualMs * limit(timesUsual, isBefore('busy')))
		return { slowness: 'busy', ms, usualMs };
	return { ...whereTimeGoes(asked, ms, isBefore), ms };
}

function whereTimeGoes(asked: readonly Sample[], ms: number, isBefore: (slowness: Slowness) => boolean): Omit<Complaint, 'ms'> {
	const firstMs = median(asked.map((sample) => sample.firstMs)) ?? 0;
	const newTokens = median(asked.map(({ use }) => use.newTokens)) ?? 0;
	const stepMs = median(asked.flatMap(({ use }) => (use.pieces > 1 ? [use.writingMs / (use.pieces - 1)] : [])));
	const isWriting = ms - firstMs > ms * limit(0.5, isBefore('decode'));
	// To evaluate a token never takes longer than to write one.
	const neededMs = (newTokens + leastNew) * (stepMs ?? slowStepMs);
	if (!isWriting && firstMs > neededMs * limit(timesNeeded, isBefore('cache'))) return { slowness: 'cache' };
	if (isWriting || newTokens < leastNew) return { slowness: 'decode', tokensPerSecond: stepMs && 1000 / stepMs };
	return { slowness: 'prefill', tokensPerSecond: (newTokens / firstMs) * 1000 };
}

/** A limit, nearer for what was said before. */
function limit(value: number, isBefore: boolean): number {
	return isBefore ? value * shareToStay : value;
}

function median(values: readonly number[]): number | undefined {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
