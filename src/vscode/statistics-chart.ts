import type { Figures, Latency } from '../completion/figures.ts';
import { dateOf, durationText, escaped } from './statistics-text.ts';

/** In the units of the picture; the page shows it at about one pixel per unit. */
const picture = { width: 760, height: 240, left: 52, right: 8, top: 12, bottom: 26 };
const plot = { width: picture.width - picture.left - picture.right, height: picture.height - picture.top - picture.bottom };

/** The two latencies; told apart by shape as well as by colour. */
const series = [
	{ name: 'key', label: 'key → suggestion', of: ({ keyToShown }: Row) => keyToShown },
	{ name: 'answer', label: 'request → answer', of: ({ requestToAnswer }: Row) => requestToAnswer },
] as const;

interface Row {
	readonly keyToShown: Latency;
	readonly requestToAnswer: Latency;
}

/** One line per day and latency, from the median to the 95th percentile, on a logarithmic scale. */
export function latencyByDay(days: Figures['days']): string {
	const measured = days.flatMap((day) => series.flatMap(({ of }) => [of(day).p50 ?? [], of(day).p95 ?? []].flat()));
	const from = Math.floor(Math.log10(Math.max(1, Math.min(...measured))));
	const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...measured))));
	const y = (ms: number) => picture.top + plot.height * (1 - (Math.log10(Math.max(ms, 1)) - from) / (to - from));
	const step = plot.width / days.length;
	const decades = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
	const marks = days.flatMap((day, index) =>
		series.map((one, side) => dayMark(one, day, { x: picture.left + step * (index + 0.34 + 0.32 * side), y })),
	);
	const labels = days.map((day, index) =>
		index % 7 === (days.length - 1) % 7 ? xLabel(picture.left + step * (index + 0.5), dateOf(day.day)) : '',
	);
	return svg('by-day', 'Latency by day', describeDays(days), [
		...decades.map((ms) => gridLine(y(ms), durationText(ms))),
		...labels,
		...marks,
	]);
}

function dayMark(
	{ name, label, of }: (typeof series)[number],
	day: Figures['days'][number],
	{ x, y }: { x: number; y: (ms: number) => number },
): string {
	const { p50, p95 } = of(day);
	if (p50 === undefined || p95 === undefined) return '';
	const title = `${dateOf(day.day)}, ${label}: p50 ${durationText(p50)}, p95 ${durationText(p95)}`;
	const mark = name === 'key' ? `<circle cx="${round(x)}" cy="${round(y(p50))}" r="4"/>` : square(x, y(p50));
	return `<g class="${name}"><title>${title}</title><path d="M${round(x)} ${round(y(p50))}V${round(y(p95))}m-3 0h6"/>${mark}</g>`;
}

/** How often each latency occurred, as shares of all, by octave. */
export function latencyHistogram(row: Row): string {
	const octaves = octavesOf(row);
	const step = plot.width / octaves.length;
	const highest = Math.max(...octaves.flatMap(({ shares }) => shares));
	const top = [0.1, 0.2, 0.3, 0.5, 1].find((share) => share >= highest) ?? 1;
	const y = (share: number) => picture.top + plot.height * (1 - share / top);
	const bars = octaves.flatMap(({ toMs, shares }, index) =>
		series.map(({ name, label }, side) => {
			const share = shares[side] ?? 0;
			const x = picture.left + step * (index + 0.14 + 0.36 * side);
			const title = `<title>${label}, up to ${durationText(toMs)}: ${percent(share)}</title>`;
			const size = `x="${round(x)}" y="${round(y(share))}" width="${round(step * 0.34)}" height="${round(plot.height * (share / top))}"`;
			return share > 0 ? `<g class="${name}"><rect class="bar" ${size}>${title}</rect></g>` : '';
		}),
	);
	const labels = octaves.map(({ toMs }, index) => xLabel(picture.left + step * (index + 0.5), `≤ ${durationText(toMs)}`));
	const grid = [0, 0.5, 1].map((part) => gridLine(y(part * top), percent(part * top)));
	return svg('histogram', 'How often each latency occurred', describeHistogram(octaves), [...grid, ...labels, ...bars]);
}

/** Both histograms side by side, over the octaves that either needs. */
export function octavesOf(row: Row): { readonly toMs: number; readonly counts: readonly number[]; readonly shares: readonly number[] }[] {
	const latencies = series.map(({ of }) => of(row));
	const ends = [...new Set(latencies.flatMap(({ histogram }) => histogram.map(({ toMs }) => toMs)))].toSorted((a, b) => a - b);
	return ends.map((toMs) => {
		const counts = latencies.map(({ histogram }) => histogram.find((octave) => octave.toMs === toMs)?.count ?? 0);
		return { toMs, counts, shares: counts.map((count, side) => count / Math.max(1, latencies[side]?.measured ?? 0)) };
	});
}

/** What the marks mean. */
export function legend(kind: 'line' | 'bar'): string {
	const sample = (name: string) => {
		if (kind === 'bar') return '<rect class="bar" x="2" y="3" width="12" height="10"/>';
		return `<path d="M8 12V2m-3 0h6"/>${name === 'key' ? '<circle cx="8" cy="11" r="4"/>' : square(8, 11)}`;
	};
	const entries = series.map(
		({ name, label }) =>
			`<span><svg class="${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${sample(name)}</svg> ${label}</span>`,
	);
	return `<figcaption>${entries.join(' ')}${kind === 'line' ? ' <span>marks are medians (p50), lines reach to p95</span>' : ''}</figcaption>`;
}

function describeDays(days: Figures['days']): string {
	const measured = days.filter((day) => series.some(({ of }) => of(day).measured > 0));
	const last = measured.at(-1);
	if (!last) return 'Nothing was measured in the last 30 days.';
	const says = series.map(
		({ label, of }) => `${label} ${durationText(of(last).p50)} in the median, 95 % within ${durationText(of(last).p95)}`,
	);
	return `Measured on ${measured.length} of the last ${days.length} days. On ${dateOf(last.day)}: ${says.join('; ')}. All figures are in the table below.`;
}

function describeHistogram(octaves: ReturnType<typeof octavesOf>): string {
	const most = series.map(({ label }, side) => {
		const highest = octaves.toSorted((a, b) => (b.shares[side] ?? 0) - (a.shares[side] ?? 0))[0];
		return highest?.shares[side] ? `${label}: most often up to ${durationText(highest.toMs)} (${percent(highest.shares[side])})` : [];
	});
	return `${most.flat().join('; ')}. All figures are in the table below.`;
}

function svg(id: string, title: string, description: string, parts: readonly string[]): string {
	return `<svg class="chart" viewBox="0 0 ${picture.width} ${picture.height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${escaped(description)}</desc>${parts.join('')}</svg>`;
}

function gridLine(y: number, label: string): string {
	const [from, to] = [picture.left, picture.width - picture.right];
	return `<path class="grid" d="M${from} ${round(y)}H${to}"/><text x="${from - 6}" y="${round(y + 4)}" text-anchor="end">${label}</text>`;
}

function xLabel(x: number, label: string): string {
	return `<text x="${round(x)}" y="${picture.height - 8}" text-anchor="middle">${label}</text>`;
}

function square(x: number, y: number): string {
	return `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7"/>`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function percent(share: number): string {
	return `${Math.round(share * 100)} %`;
}
