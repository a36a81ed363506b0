import type { Figures } from './meter.ts';

/** What one policy came to with one profile and one trace. */
export interface Row extends Figures {
	readonly policy: string;
	readonly profile: string;
	readonly trace: string;
}

export interface Verdict {
	readonly policy: string;
	readonly target: string;
	readonly profile: string;
	readonly trace: string;
	readonly value: number | null;
	readonly limit: string;
	readonly isMet: boolean;
}

interface Target {
	readonly name: string;
	/** Of the extension's figures, those of all peers, and which session it was; undefined where it does not apply. */
	readonly value: (ours: Row, peers: readonly Row[]) => number | null | undefined;
	readonly most?: (row: Row) => number;
	readonly least?: (row: Row) => number;
}

/** What more is shown to a model has to be read: such a session is held only to reading it once. */
const hasContext = ({ policy }: Row) => policy.endsWith('context');
const isLong = ({ trace }: Row) => trace !== 'typescript';

/** How many times the best of the peers; `null` stands for ever, which any time is shorter than. Without peers it does not apply. */
function ratio(value: number | null, others: readonly (number | null)[], best: (...values: number[]) => number): number | null | undefined {
	if (others.length === 0) return undefined;
	const known = others.filter((other) => other !== null);
	if (value === null) return null;
	return known.length === 0 ? 0 : value / best(...known);
}

/** What the completion engine is to reach. Ratios are to the best peer in the same session. */
const targets: readonly Target[] = [
	{
		name: 'key→ghost p50, × best peer',
		value: (ours, peers) =>
			ratio(
				ours.keyToGhost.p50,
				peers.map((row) => row.keyToGhost.p50),
				Math.min,
			),
		most: ({ profile }) => (profile === 'desktop' ? 0.65 : 0.4),
	},
	{
		name: 'key→ghost p95, × best peer',
		value: (ours, peers) =>
			ratio(
				ours.keyToGhost.p95,
				peers.map((row) => row.keyToGhost.p95),
				Math.min,
			),
		most: () => 0.5,
	},
	{
		name: 'served per 100 keys, × best peer',
		value: (ours, peers) =>
			ratio(
				ours.served,
				peers.map((row) => row.served),
				Math.max,
			),
		least: () => 1.8,
	},
	{
		name: 'prompt tokens per 100 keys, × leanest peer',
		value: (ours, peers) =>
			hasContext(ours)
				? undefined
				: ratio(
						ours.evaluated,
						peers.map((row) => row.evaluated),
						Math.min,
					),
		most: (row) => (isLong(row) ? 0.65 : 1),
	},
	{ name: 'KV hit %', value: (ours) => ours.kvHit, least: (row) => (hasContext(row) ? 90 : isLong(row) ? 97 : 93) },
	{ name: 'uncached tokens per request', value: (ours) => (hasContext(ours) ? undefined : ours.uncached), most: () => 30 },
	{
		name: 'decoded per shown, × best peer',
		value: (ours, peers) =>
			ratio(
				ours.decodedPerShown,
				peers.map((row) => row.decodedPerShown),
				Math.min,
			),
		most: () => 0.6,
	},
	{ name: 'stale shows', value: (ours) => ours.stale, most: () => 0 },
	{ name: 'flickers', value: (ours) => ours.flicker, most: () => 0 },
];

/** Whether the extension meets each target in each session, against the peers in the same one. */
export function judge(rows: readonly Row[]): Verdict[] {
	return rows
		.filter(({ policy }) => isOurs(policy))
		.flatMap((ours) => {
			const peers = rows.filter(({ policy, trace, profile }) => !isOurs(policy) && trace === ours.trace && profile === ours.profile);
			return targets.flatMap((target) => verdict(target, ours, peers));
		});
}

function verdict({ name, value, most, least }: Target, ours: Row, peers: readonly Row[]): Verdict[] {
	const found = value(ours, peers);
	if (found === undefined) return [];
	const upper = most?.(ours);
	const lower = least?.(ours);
	const isMet = found !== null && (upper === undefined || found <= upper) && (lower === undefined || found >= lower);
	const limit = upper === undefined ? `≥ ${lower}` : `≤ ${upper}`;
	return [{ policy: ours.policy, target: name, profile: ours.profile, trace: ours.trace, value: found, limit, isMet }];
}

function isOurs(policy: string): boolean {
	return policy.startsWith('Co-Clone');
}
