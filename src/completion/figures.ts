import { type Histogram, octaves, percentile, sum } from './histogram.ts';
import { daysUpTo, other, type Statistics, total } from './statistics.ts';
import { type Counter, emptyTally, type Tally, zeros } from './tally.ts';

/** What people read and what is exported: every counter, and the latencies as percentiles. */
export interface Figures {
	readonly since: string;
	readonly total: TallyFigures;
	/** The last 30 days, oldest first, also those on which nothing happened. */
	readonly days: readonly (TallyFigures & { readonly day: string })[];
	/** By how much they were used. */
	readonly languages: readonly (TallyFigures & { readonly name: string })[];
	readonly models: readonly (TallyFigures & { readonly name: string })[];
}

export interface TallyFigures {
	readonly counts: Readonly<Record<Counter, number>>;
	/** From the request to the model to the end of its answer. */
	readonly requestToAnswer: Latency;
	/** From the keystroke to the suggestion. */
	readonly keyToShown: Latency;
}

/** In milliseconds; without percentiles where nothing was measured. */
export interface Latency {
	readonly measured: number;
	readonly p50?: number | undefined;
	readonly p95?: number | undefined;
	readonly histogram: readonly { readonly fromMs: number; readonly toMs: number; readonly count: number }[];
}

export function figuresOf(statistics: Statistics, today: string): Figures {
	return {
		since: statistics.since,
		total: tallyFigures(total(statistics)),
		days: daysUpTo(today).map((day) => ({ day, ...tallyFigures(statistics.days[day] ?? emptyTally) })),
		languages: named(statistics.languages),
		models: named(statistics.models),
	};
}

function tallyFigures({ counts, answerMs, keyMs }: Tally): TallyFigures {
	return {
		counts: { ...zeros, ...counts },
		requestToAnswer: latency(answerMs),
		keyToShown: latency(keyMs),
	};
}

function latency(histogram: Histogram): Latency {
	return {
		measured: sum(histogram),
		p50: rounded(percentile(histogram, 0.5)),
		p95: rounded(percentile(histogram, 0.95)),
		histogram: octaves(histogram),
	};
}

/** More digits than the buckets know would be a pretence. */
function rounded(ms: number | undefined): number | undefined {
	return ms === undefined ? undefined : Number(ms.toPrecision(2));
}

function named(tallies: Statistics['languages']): (TallyFigures & { readonly name: string })[] {
	const use = ({ name, counts }: { name: string; counts: Record<Counter, number> }) =>
		name === other ? -1 : counts.answers + counts.answered + counts.aborted + counts.warmUps;
	return Object.entries(tallies)
		.map(([name, tally]) => ({ name, ...tallyFigures(tally) }))
		.toSorted((a, b) => use(b) - use(a));
}
