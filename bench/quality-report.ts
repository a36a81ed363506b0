import type { Score } from './score.ts';
import { type Interval, interval } from './score-interval.ts';
import { table } from './table.ts';

/** One answer of one arm, scored. */
export interface Scored {
	readonly task: string;
	readonly slice: string;
	/** The answer names something that only another file declares. */
	readonly needsOther?: boolean;
	readonly arm: string;
	readonly isSilent: boolean;
	readonly score: Score;
}

/** What all answers of an arm in a slice came to; the figures are shares of 1. */
export interface Row {
	readonly slice: string;
	readonly arm: string;
	readonly tasks: number;
	readonly exact: Interval;
	readonly similarity: Interval;
	readonly identifiers: Interval;
	readonly block: Interval | undefined;
	readonly silent: number;
}

/** How much better one arm answered the same tasks than another. */
export interface Difference {
	readonly slice: string;
	readonly arm: string;
	readonly than: string;
	readonly exact: Interval;
	readonly similarity: Interval;
	/** How many times as many first lines are exact. */
	readonly times: number | undefined;
}

export function rows(scored: readonly Scored[]): Row[] {
	return groups(scored).map(({ slice, arm, own }) => {
		const of = (figure: keyof Score) => own.flatMap(({ score }) => score[figure] ?? []);
		const block = of('block');
		return {
			slice,
			arm,
			tasks: own.length,
			exact: interval(of('exact')),
			similarity: interval(of('similarity')),
			identifiers: interval(of('identifiers')),
			block: block.length > 0 ? interval(block) : undefined,
			silent: own.filter(({ isSilent }) => isSilent).length / own.length,
		};
	});
}

/** Every arm against one of them. */
export function differences(scored: readonly Scored[], than: string): Difference[] {
	return groups(scored)
		.filter(({ arm }) => arm !== than)
		.flatMap(({ slice, arm, own }) => {
			const base = new Map(scored.filter((one) => one.arm === than).map(({ task, score }) => [task, score]));
			const pairs = own.flatMap(({ task, score }) => {
				const other = base.get(task);
				return other ? [{ score, other }] : [];
			});
			if (pairs.length === 0) return [];
			const gain = (figure: 'exact' | 'similarity') => interval(pairs.map(({ score, other }) => score[figure] - other[figure]));
			const sum = (scores: readonly Score[]) => scores.reduce((total, { exact }) => total + exact, 0);
			const before = sum(pairs.map(({ other }) => other));
			const times = before === 0 ? undefined : sum(pairs.map(({ score }) => score)) / before;
			return [{ slice, arm, than, exact: gain('exact'), similarity: gain('similarity'), times }];
		});
}

/** Slices across the others. */
const across: Readonly<Record<string, (one: Scored) => boolean>> = {
	'names what only another file declares': ({ needsOther }) => needsOther === true,
	'names nothing of the kind': ({ needsOther }) => needsOther === false,
	all: () => true,
};

function groups(scored: readonly Scored[]): { slice: string; arm: string; own: Scored[] }[] {
	const unique = (names: readonly string[]) => [...new Set(names)];
	const own = unique(scored.map(({ slice }) => slice)).map((name) => ({ slice: name, isIn: ({ slice }: Scored) => slice === name }));
	const wider = Object.entries(across).map(([slice, isIn]) => ({ slice, isIn }));
	return [...own, ...wider]
		.flatMap(({ slice, isIn }) =>
			unique(scored.map(({ arm }) => arm)).map((arm) => ({ slice, arm, own: scored.filter((one) => one.arm === arm && isIn(one)) })),
		)
		.filter(({ own }) => own.length > 0);
}

export function markdown(
	arms: readonly { readonly name: string; readonly about: string }[],
	scored: readonly Scored[],
	than: string,
): string {
	const results = rows(scored).map((row) => [
		`${row.slice}: ${row.arm}`,
		`${row.tasks}`,
		...[row.exact, row.similarity, row.identifiers].map(percent),
		row.block ? percent(row.block) : '',
		`${(100 * row.silent).toFixed(0)} %`,
	]);
	const gains = differences(scored, than).map(({ slice, arm, exact, similarity, times }) => [
		`${slice}: ${arm}`,
		points(exact),
		points(similarity),
		times === undefined ? '' : `${times.toFixed(2)} ×`,
	]);
	return [
		arms.map(({ name, about }) => `- ${name}: ${about}`).join('\n'),
		table(['slice: arm', 'tasks', 'exact first line', 'edit similarity', 'names (F1)', 'exact block', 'no answer'], results),
		...(gains.length > 0
			? [`Points better than ${than}, task by task:`, table(['slice: arm', 'exact first line', 'edit similarity', 'exact, times'], gains)]
			: []),
		'In brackets: 95 % bootstrap intervals.',
	].join('\n\n');
}

function percent({ mean, low, high }: Interval): string {
	return `${(100 * mean).toFixed(1)} % (${(100 * low).toFixed(1)}…${(100 * high).toFixed(1)})`;
}

function points({ mean, low, high }: Interval): string {
	const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`;
	return `${signed(mean)} (${signed(low)}…${signed(high)})`;
}
