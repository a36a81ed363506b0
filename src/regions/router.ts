import { createHash } from 'node:crypto';
import { Breaker } from './breaker.ts';
import { Candidate } from './candidate.ts';
import { reasonFor } from './reason.ts';

/** What has a name by which requests find back to it. */
export interface Named {
	readonly name: string;
}

interface RouterWorld<Region> {
	/** Milliseconds, of a clock that only goes forward. */
	readonly now: () => number;
	/** From 0 to 1. */
	readonly random: () => number;
	/** About how long a region's first token takes, in milliseconds, before anybody has measured it. */
	readonly guess?: (name: string) => number | undefined;
	/** Where more than one router sends requests to the same regions, what they share. */
	readonly breaker?: (region: Region) => Breaker;
}

export interface Choice<Region> {
	readonly candidate: Candidate<Region>;
	/** For people, in a few words of ASCII. */
	readonly why: string;
}

/** A region that has evaluated a file's prompt before is worth that much more waiting. */
const worthOfAffinity = 1.5;
/** Regions that take so many times as long as the quickest are as good as that; farther ones are for when those have too much to do. */
const aboutAsNear = 1.3;
const tooBusy = 2;

/**
 * Says which region a request goes to: of those about as near, the better of two that are drawn (“power of two choices”: always taking the best
 * makes everybody run to it at once), unless the one that knows the file already is about as good.
 */
export class Router<Region extends Named> {
	readonly #world: RouterWorld<Region>;
	#candidates: readonly Candidate<Region>[] = [];
	#beyondGuessMs = 0;

	constructor(regions: readonly Region[], world: RouterWorld<Region>) {
		this.#world = world;
		this.take(regions);
	}

	get candidates(): readonly Candidate<Region>[] {
		return this.#candidates;
	}

	/** Other regions from now on; what is known of those that stay stays. */
	take(regions: readonly Region[]): void {
		const before = this.#candidates;
		this.#candidates = regions.map((region) => before.find((known) => known.region === region) ?? this.#candidate(region));
	}

	/** A region for a request that belongs with others of the same `key`; undefined when none of those left takes any. */
	choose(key: string | undefined, tried: ReadonlySet<Region> = new Set()): Choice<Region> | undefined {
		this.#learn();
		const open = this.candidates.filter(({ isOpenForRequests, region }) => isOpenForRequests && !tried.has(region));
		const least = Math.min(...open.map(({ latencyMs }) => latencyMs));
		const near = open.filter(({ latencyMs }) => latencyMs <= least * aboutAsNear);
		const nearby = this.#draw(near);
		const anywhere = this.#draw(open);
		if (!nearby || !anywhere) return undefined;
		const drawn = anywhere.better.load * tooBusy < nearby.better.load ? anywhere : nearby;
		const home = key === undefined ? undefined : homeOf(key, near);
		const isHome = home !== undefined && home.load <= drawn.better.load * worthOfAffinity;
		const candidate = isHome ? home : drawn.better;
		return { candidate, why: reasonFor(candidate, { all: this.candidates, open, loser: drawn.other, isHome }) };
	}

	/** The region with this name, if it takes requests. */
	pinned(name: string): Choice<Region> | undefined {
		const candidate = this.candidates.find(({ region, isOpenForRequests }) => region.name === name && isOpenForRequests);
		return candidate && { candidate, why: 'asked for by name' };
	}

	#candidate(region: Region): Candidate<Region> {
		const { now, guess, breaker } = this.#world;
		return new Candidate(region, now, guess?.(region.name), () => this.#beyondGuessMs, breaker?.(region) ?? new Breaker(now));
	}

	/** What a model takes more than guessed is the same everywhere; where it is more than that, a region is slow. */
	#learn(): void {
		let least = Number.POSITIVE_INFINITY;
		for (const { beyondGuessMs = least } of this.candidates) least = Math.min(least, beyondGuessMs);
		this.#beyondGuessMs = Number.isFinite(least) ? least : 0;
	}

	/** Two, of which one is better. */
	#draw(open: readonly Candidate<Region>[]): Drawn<Region> | undefined {
		const first = Math.floor(this.#world.random() * open.length);
		const second = (first + 1 + Math.floor(this.#world.random() * (open.length - 1))) % Math.max(1, open.length);
		const [one, other] = [open[first], open[second]];
		if (!one || !other || one === other) return one && { better: one, other: undefined };
		return other.load < one.load ? { better: other, other: one } : { better: one, other };
	}
}

interface Drawn<Region> {
	readonly better: Candidate<Region>;
	readonly other: Candidate<Region> | undefined;
}

/** Each key has its own order of regions (rendezvous hashing): when one goes, only its keys move. */
function homeOf<Region extends Named>(key: string, open: readonly Candidate<Region>[]): Candidate<Region> | undefined {
	return open
		.map((candidate) => ({ candidate, weight: weightOf(key, candidate.region.name) }))
		.toSorted((one, other) => other.weight - one.weight)[0]?.candidate;
}

function weightOf(key: string, name: string): number {
	return createHash('sha1').update(`${key}\0${name}`).digest().readUInt32BE();
}
