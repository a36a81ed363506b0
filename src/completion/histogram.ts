/**
 * How often durations occurred, in logarithmic buckets, three to an octave: a bucket's upper end is a quarter above its lower end. As
 * small as it gets for percentiles that are right to a tenth. Trailing empty buckets are left out.
 */
export type Histogram = readonly number[];

const perOctave = 3;
/** The last bucket holds everything from 52 s on. */
export const mostBuckets = 48;

export function durationOf(ms: number): Histogram {
	const bucket = Math.floor(Math.log2(Math.max(ms, 1)) * perOctave);
	return [...Array<number>(Math.min(bucket, mostBuckets - 1)).fill(0), 1];
}

export function joinedHistogram(a: Histogram, b: Histogram): Histogram {
	const [long, short] = a.length < b.length ? [b, a] : [a, b];
	return long.map((count, bucket) => count + (short[bucket] ?? 0));
}

export function sum(histogram: Histogram): number {
	return histogram.reduce((total, count) => total + count, 0);
}

/** The duration that a share of all do not exceed, in milliseconds; undefined when there are none. */
export function percentile(histogram: Histogram, share: number): number | undefined {
	let left = sum(histogram) * share;
	if (left === 0) return undefined;
	for (const [bucket, count] of histogram.entries()) {
		// Within a bucket they are taken to be spread evenly, on the logarithmic scale.
		if (left <= count) return 2 ** ((bucket + left / count) / perOctave);
		left -= count;
	}
	return undefined;
}

/** The same, coarse enough to be read: one entry per octave, from the first that is not empty to the last. */
export function octaves(histogram: Histogram): { readonly fromMs: number; readonly toMs: number; readonly count: number }[] {
	const all = Array.from({ length: Math.ceil(histogram.length / perOctave) }, (_, octave) => ({
		fromMs: octave === 0 ? 0 : 2 ** octave,
		toMs: 2 ** (octave + 1),
		count: sum(histogram.slice(octave * perOctave, (octave + 1) * perOctave)),
	}));
	return all.slice(all.findIndex(({ count }) => count > 0));
}
