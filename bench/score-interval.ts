import { type Random, seededRandom } from './random.ts';

/** A mean, and where it would be in 95 of 100 samples of the same size. */
export interface Interval {
	readonly mean: number;
	readonly low: number;
	readonly high: number;
	readonly count: number;
}

const resamples = 4000;

/**
 * A bootstrap interval: the values are drawn again with replacement, and the middle 95 % of the means kept. For a difference
 * between two ways to answer the same tasks, hand in the differences task by task: what makes a task hard then cancels out.
 */
export function interval(values: readonly number[], seed = 1): Interval {
	const random = seededRandom(seed);
	const means = Array.from({ length: resamples }, () => resampledMean(values, random)).sort((a, b) => a - b);
	const at = (share: number) => means[Math.round(share * (resamples - 1))] ?? Number.NaN;
	return { mean: mean(values), low: at(0.025), high: at(0.975), count: values.length };
}

function resampledMean(values: readonly number[], random: Random): number {
	let sum = 0;
	for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(random() * values.length)] ?? 0;
	return sum / values.length;
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
