import type { Spectator, Suggested } from '../editor/editor.ts';
import type { Served } from '../server/server.ts';

/** Text that goes or changes sooner than this, in milliseconds, flickers. */
const flickerMs = 500;
/** Who rests this long wants to see something. */
const restMs = 1000;

interface Key {
	readonly at: number;
	/** Something stood there already, and the key went along with it. */
	readonly isKept: boolean;
	shownAt: number | undefined;
	endedAt: number | undefined;
}

/** Watches one session, key by key. */
export class Meter implements Spectator {
	readonly #now: () => number;
	readonly #fits: (suggested: Suggested) => boolean;
	readonly #keys: Key[] = [];
	#shownAt = 0;
	#shown = 0;
	#flicker = 0;
	#stale = 0;

	constructor(now: () => number, fits: (suggested: Suggested) => boolean) {
		this.#now = now;
		this.#fits = fits;
	}

	/** After the key's edit, with what is visible then. */
	key(visible: string | undefined): void {
		this.#keys.push({
			at: this.#now(),
			isKept: visible !== undefined,
			shownAt: visible === undefined ? undefined : this.#now(),
			endedAt: undefined,
		});
	}

	/** The text or the cursor is about to change. */
	next(): void {
		const last = this.#keys.at(-1);
		if (last) last.endedAt ??= this.#now();
	}

	shown(ghost: string, last: string | undefined, suggested: Suggested): void {
		const isGrowth = last !== undefined && ghost.startsWith(last);
		if (last !== undefined && !isGrowth && this.#now() - this.#shownAt <= flickerMs) this.#flicker++;
		if (!this.#fits(suggested)) this.#stale++;
		if (!isGrowth) this.#shown++;
		this.#shownAt = this.#now();
		const key = this.#keys.at(-1);
		if (key && key.endedAt === undefined) key.shownAt ??= this.#now();
	}

	withdrawn(): void {
		if (this.#now() - this.#shownAt <= flickerMs) this.#flicker++;
	}

	figures(served: readonly Served[]): Figures {
		const keys = this.#keys;
		const asked = served.filter(({ isWarmUp }) => !isWarmUp);
		const fresh = keys.flatMap(({ at, shownAt, isKept }) => (shownAt === undefined || isKept ? [] : [shownAt - at]));
		const rests = keys.filter(({ at, endedAt }) => (endedAt ?? Number.POSITIVE_INFINITY) - at >= restMs);
		const sum = (figure: (request: Served) => number) => served.reduce((total, request) => total + figure(request), 0);
		const promptTokens = sum((request) => (request.end === 'left in queue' ? 0 : request.promptTokens));
		const evaluated = sum((request) => request.evaluated);
		const requests = served.filter(({ end }) => end !== 'left in queue').length;
		return {
			keys: keys.length,
			keyToGhost: percentiles(fresh),
			restToGhost: percentiles(rests.map(({ at, shownAt }) => (shownAt === undefined ? Number.POSITIVE_INFINITY : shownAt - at))),
			served: (100 * keys.filter(({ shownAt }) => shownAt !== undefined).length) / keys.length,
			servedFresh: (100 * fresh.length) / keys.length,
			servedRests: (100 * rests.filter(({ shownAt }) => shownAt !== undefined).length) / Math.max(1, rests.length),
			shown: this.#shown,
			requests: (100 * asked.length) / keys.length,
			warmUps: (100 * (served.length - asked.length)) / keys.length,
			aborted: (100 * asked.filter(({ end }) => end === 'left' || end === 'left in queue').length) / Math.max(1, asked.length),
			evaluated: (100 * evaluated) / keys.length,
			kvHit: (100 * (promptTokens - evaluated)) / Math.max(1, promptTokens),
			uncached: evaluated / Math.max(1, requests),
			decodedPerShown: this.#shown === 0 ? null : sum((request) => request.decoded) / this.#shown,
			failed: served.filter(({ end }) => end === 'failed').length,
			open: served.filter(({ end }) => end === undefined).length,
			warmUpTokens: (100 * sum((request) => (request.isWarmUp ? request.evaluated : 0))) / keys.length,
			flicker: this.#flicker,
			stale: this.#stale,
		};
	}
}

/** What one policy came to in one session. “per 100” means per 100 keys. */
export interface Figures {
	readonly keys: number;
	/** Milliseconds, of the keys after which a text newly appeared. */
	readonly keyToGhost: Percentiles;
	/** The same of all keys after which nothing was done for a second; without a text it took for ever. */
	readonly restToGhost: Percentiles;
	/** Keys per 100 after which text stood there before the next thing was done; those where it newly appeared; the same of 100 rests. */
	readonly served: number;
	readonly servedFresh: number;
	readonly servedRests: number;
	/** Texts that appeared. */
	readonly shown: number;
	readonly requests: number;
	readonly warmUps: number;
	/** Of 100 requests those that somebody lost interest in; who stops reading because it is enough does not. */
	readonly aborted: number;
	/** Prompt tokens per 100 keys. */
	readonly evaluated: number;
	/** Those of them that warming up took. */
	readonly warmUpTokens: number;
	/** Of 100 prompt tokens. */
	readonly kvHit: number;
	/** Prompt tokens per request. */
	readonly uncached: number;
	/** Without any: `null`. */
	readonly decodedPerShown: number | null;
	/** Requests that the server did not answer. */
	readonly failed: number;
	/** Requests that are not over at the end. */
	readonly open: number;
	readonly flicker: number;
	readonly stale: number;
}

/** `null` stands for ever. */
interface Percentiles {
	readonly p50: number | null;
	readonly p75: number | null;
	readonly p95: number | null;
}

function percentiles(values: readonly number[]): Percentiles {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (share: number) => {
		const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
		return value === undefined || value === Number.POSITIVE_INFINITY ? null : value;
	};
	return { p50: at(0.5), p75: at(0.75), p95: at(0.95) };
}
