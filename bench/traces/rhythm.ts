import { chance, quantile } from '../chance.ts';

/**
 * How long people pause between keys, for traces whose own clock is too coarse. Measured on the recording with milliseconds (TypeScript in
 * VS Code, 2,321 keys): how often a pause of more than 300 ms follows, by the last key, and how long pauses are on either side of that.
 * The other traces have more keys of the kinds that pauses follow; the share makes it one key in five with them as well.
 */
const pauseAfter = { identifier: 0.11, newline: 0.27, space: 0.33, opener: 0.38, deletion: 0.43, closer: 0.88, other: 0.3 };
const shareOfPauses = 0.6;
const betweenKeys = [
	[0, 30],
	[0.1, 45],
	[0.25, 69],
	[0.5, 92],
	[0.75, 153],
	[0.9, 220],
	[1, 300],
] as const;
const pauses = [
	[0, 300],
	[0.11, 350],
	[0.18, 400],
	[0.32, 500],
	[0.46, 700],
	[0.59, 1100],
	[0.9, 4000],
	[1, 8000],
] as const;

/** Milliseconds from a key to the next; `seed` is another text for every key. */
export function gapAfter(typed: string, isDeletion: boolean, seed: string): number {
	return chance(`pause ${seed}`) < shareOfPauses * pauseAfter[classOf(typed, isDeletion)]
		? pauseOf(seed)
		: Math.round(quantile(betweenKeys, chance(seed)));
}

/** Milliseconds that somebody takes who goes somewhere else. */
export function pauseOf(seed: string): number {
	return Math.round(quantile(pauses, chance(seed)));
}

function classOf(typed: string, isDeletion: boolean): keyof typeof pauseAfter {
	if (isDeletion) return 'deletion';
	if (typed.startsWith('\n')) return 'newline';
	const last = typed.at(-1) ?? '';
	if (/[\p{L}\p{N}_$]/u.test(last)) return 'identifier';
	if (/\s/.test(last)) return 'space';
	if (/[([{.,=<]/.test(last)) return 'opener';
	return /[)\]};>]/.test(last) ? 'closer' : 'other';
}
