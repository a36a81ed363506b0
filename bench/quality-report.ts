import type { Score } from './score.ts';
import { type Interval, interval } from './score-interval.ts';
import { table } from './table.ts';

/** One answer of one arm, scored. */
export interface Scored {
	readonly task: string;
	readonly slice: string;
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
			return [{ slice, arm, than, exact: gain('exact'), similarity: gain('similarity') }];
		});
}

const everything = 'all';

function groups(scored: readonly Scored[]): { slice: string; arm: string; own: Scored[] }[] {
	const unique = (names: readonly string[]) => [...new Set(names)];
	return [...unique(scored.map(({ slice }) => slice)), everything].flatMap((slice) =>
		unique(scored.map(({ arm }) => arm)).map((arm) => ({
			slice,
			arm,
			own: scored.filter((one) => one.arm === arm && (slice === everything || one.slice === slice)),
		})),
	);
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
	const gains = differences(scored, than).map(({ slice, arm, exact, similarity }) => [
		`${slice}: ${arm}`,
		points(exact),
		points(similarity),
	]);
	return [
		arms.map(({ name, about }) => `- ${name}: ${about}`).join('\n'),
		table(['slice: arm', 'tasks', 'exact first line', 'edit similarity', 'names (F1)', 'exact block', 'no answer'], results),
		...(gains.length > 0
			? [`Points better than ${than}, task by task:`, table(['slice: arm', 'exact first line', 'edit similarity'], gains)]
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
