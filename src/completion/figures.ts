import { type Histogram, octaves, percentile, sum } from './histogram.ts';
import { daysUpTo, nameOf, other, type Statistics, total } from './statistics.ts';
import { type Counter, emptyTally, type Tally, writingSpeed, zeros } from './tally.ts';

/** So many say what is usual. */
const leastAnswers = 20;

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

/** How fast a model has been on this machine; absent until there is enough to go by. */
export interface MeasuredSpeed {
	/** From the request to the end of its answer, of half of all requests at most. */
	readonly answerMs?: number | undefined;
	readonly tokensPerSecond?: number | undefined;
}

export function measuredSpeed({ models }: Statistics, model: string): MeasuredSpeed {
	const tally = new Map(Object.entries(models)).get(nameOf(model)) ?? emptyTally;
	const isEnough = sum(tally.answerMs) >= leastAnswers;
	return { answerMs: isEnough ? percentile(tally.answerMs, 0.5) : undefined, tokensPerSecond: writingSpeed(tally) };
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
