import type { Candidate } from './candidate.ts';
import type { Named } from './router.ts';

export interface Considered<Region extends Named> {
	/** All regions there are. */
	readonly all: readonly Candidate<Region>[];
	/** Those that may be asked now. */
	readonly open: readonly Candidate<Region>[];
	/** The one that was drawn, too, and was not better. */
	readonly loser: Candidate<Region> | undefined;
	/** Whether it is where requests for the same file go. */
	readonly isHome: boolean;
}

/** Nearer by so much is worth a word. */
const clearlyNearer = 1.3;

/** Why a region was chosen, for people, in a few words of ASCII: `nearest; 92 ms, eu-north 108 ms`. */
export function reasonFor<Region extends Named>(chosen: Candidate<Region>, considered: Considered<Region>): string {
	const { all, loser, isHome } = considered;
	const nearer = all
		.filter((one) => farness(one) * clearlyNearer < farness(chosen))
		.toSorted((one, other) => farness(one) - farness(other));
	const place = nearer.length === 0 ? 'nearest' : nearer.map((one) => passedOver(one, chosen, considered)).join(', ');
	if (isHome) return `${place}; this file goes there`;
	return loser ? `${place}; ${waiting(chosen)}, ${loser.region.name} ${waiting(loser)}` : place;
}

function farness<Region extends Named>({ guessMs = 0 }: Candidate<Region>): number {
	return guessMs;
}

function passedOver<Region extends Named>(
	nearer: Candidate<Region>,
	chosen: Candidate<Region>,
	{ open, isHome }: Considered<Region>,
): string {
	const { region, isOpenForRequests, latencyMs, pending } = nearer;
	if (!isOpenForRequests) return `${region.name} is nearer but fails`;
	if (!open.includes(nearer)) return `${region.name} was asked before`;
	if (latencyMs > chosen.latencyMs) return `${region.name} is nearer but slow (${milliseconds(latencyMs)})`;
	const isBusy = !isHome && pending > chosen.pending;
	return isBusy ? `${region.name} is nearer but busy (${pending} under way)` : `about as quick as ${region.name}`;
}

function waiting<Region extends Named>({ latencyMs, pending }: Candidate<Region>): string {
	return pending === 0 ? milliseconds(latencyMs) : `${milliseconds(latencyMs)} with ${pending} under way`;
}

function milliseconds(ms: number): string {
	return `${Math.round(ms)} ms`;
}
