import { emptyTally, isTally, joined, type Tally } from './tally.ts';

type Tallies = Readonly<Record<string, Tally>>;

/**
 * What happened, by day, by language and by model: plain numbers that survive JSON. Stays below 60 kB: 30 days, and ten names each; what
 * is beyond becomes `other`.
 */
export interface Statistics {
	readonly version: 1;
	/** The first day, as in `2025-01-31`. */
	readonly since: string;
	readonly days: Tallies;
	readonly languages: Tallies;
	readonly models: Tallies;
}

/** What a tally is counted for. */
export interface Place {
	readonly day: string;
	readonly languageId: string;
	readonly model: string;
}

/** How many days are told apart; the totals go back further. */
const mostDays = 30;
const mostNames = 10;
const longestName = 80;
export const other = 'other';
const dayMs = 24 * 60 * 60 * 1000;

export function noStatistics(since: string): Statistics {
	return { version: 1, since, days: {}, languages: {}, models: {} };
}

export function counted(statistics: Statistics, { day, languageId, model }: Place, tally: Tally): Statistics {
	const one: Statistics = {
		version: 1,
		since: day,
		days: { [day]: tally },
		languages: { [languageId]: tally },
		models: { [nameOf(model)]: tally },
	};
	return together(statistics, one);
}

/** What a model is counted under. */
export function nameOf(model: string): string {
	return model.slice(0, longestName);
}

/** Both in one: what another window wrote and what happened in this one. */
export function together(a: Statistics, b: Statistics): Statistics {
	const [since = b.since] = [a.since, b.since].toSorted();
	return {
		version: 1,
		since,
		days: latestDays(joinedTallies(a.days, b.days)),
		languages: mostUsed(joinedTallies(a.languages, b.languages)),
		models: mostUsed(joinedTallies(a.models, b.models)),
	};
}

/** What was stored, if that is what it is; whatever else it is counts for nothing. */
export function readStatistics(value: unknown): Statistics | undefined {
	return isStatistics(value) ? value : undefined;
}

export function total({ languages }: Statistics): Tally {
	return Object.values(languages).reduce(joined, emptyTally);
}

/** A moment's day where the user is. */
export function dayOf(date: Date): string {
	const [month, day] = [date.getMonth() + 1, date.getDate()].map((number) => String(number).padStart(2, '0'));
	return `${date.getFullYear()}-${month}-${day}`;
}

/** The last days up to and including one, oldest first. */
export function daysUpTo(day: string, count = mostDays): string[] {
	const last = Date.parse(day);
	return Array.from({ length: count }, (_, index) => new Date(last - (count - 1 - index) * dayMs).toISOString().slice(0, 10));
}

/** By way of a map: a model may be named like a property that every object has. */
function joinedTallies(a: Tallies, b: Tallies): Tallies {
	const result = new Map(Object.entries(a));
	for (const [name, tally] of Object.entries(b)) result.set(name, joined(result.get(name) ?? emptyTally, tally));
	return Object.fromEntries(result);
}

function latestDays(days: Tallies): Tallies {
	const newest = Object.keys(days).toSorted().slice(-mostDays);
	return Object.fromEntries(Object.entries(days).filter(([day]) => newest.includes(day)));
}

function mostUsed(tallies: Tallies): Tallies {
	const names = Object.keys(tallies).filter((name) => name !== other);
	if (names.length <= mostNames) return tallies;
	const byUse = Object.entries(tallies)
		.filter(([name]) => name !== other)
		.toSorted(([, a], [, b]) => useOf(b) - useOf(a));
	const rest = byUse.slice(mostNames).reduce((all, [, tally]) => joined(all, tally), tallies[other] ?? emptyTally);
	return Object.fromEntries([...byUse.slice(0, mostNames), [other, rest]]);
}

function useOf({ counts }: Tally): number {
	return (counts.answers ?? 0) + (counts.answered ?? 0) + (counts.aborted ?? 0);
}

function isStatistics(value: unknown): value is Statistics {
	if (typeof value !== 'object' || value === null) return false;
	if (!('version' in value && 'since' in value && 'days' in value && 'languages' in value && 'models' in value)) return false;
	const { version, since, days, languages, models } = value;
	return (
		version === 1 &&
		typeof since === 'string' &&
		isDay(since) &&
		[days, languages, models].every(isTallies) &&
		Object.keys(days ?? {}).every(isDay)
	);
}

function isDay(text: string): boolean {
	return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isTallies(value: unknown): boolean {
	return typeof value === 'object' && value !== null && Object.values(value).every(isTally);
}
