/**
 * A number from 0 up to 1 that depends on nothing but a text: chance that falls the same way every time. (FNV-1a with the last rounds
 * of MurmurHash3, so that neighbours differ.)
 */
export function chance(text: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The value below which such a share of a distribution lies; between two known points on the straight line that joins them. */
export function quantile(points: readonly (readonly [share: number, value: number])[], share: number): number {
	const next = points.findIndex(([known]) => known >= share);
	const [right, to] = points[next] ?? points.at(-1) ?? [1, 0];
	const [left, from] = points[next - 1] ?? [right, to];
	return right === left ? to : from + ((to - from) * (share - left)) / (right - left);
}
