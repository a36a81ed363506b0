/** @throws Error where a text is no port from `least` on */
export function portOf(text: string, least: 0 | 1 = 0): number {
	const port = Number(text);
	if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port;
	throw new Error(`“${text}” is no port. Ports go from ${least === 0 ? '0 (any that is free)' : least} to 65535.`);
}
