/** The words that a piece of code is made of; single letters say nothing. */
export function wordsOf(text: string): ReadonlySet<string> {
	return new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]+/gu));
}

/** How much two sets have in common, from 0 to 1 (Jaccard). */
export function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
	const [few, many] = one.size < other.size ? [one, other] : [other, one];
	let common = 0;
	for (const word of few) if (many.has(word)) common++;
	const all = one.size + other.size - common;
	return all === 0 ? 0 : common / all;
}

/** Which share of the lines of a text that say anything stand in another text as well. */
export function shareIn(text: string, other: ReadonlySet<string>): number {
	const lines = [...linesOf(text)];
	return lines.length === 0 ? 1 : lines.filter((line) => other.has(line)).length / lines.length;
}

/** The lines of a text that say anything, without the space around them. Closers are on every page. */
export function linesOf(text: string): ReadonlySet<string> {
	const lines = text.split('\n').map((line) => line.trim());
	return new Set(lines.filter((line) => /[\p{L}\p{N}]/u.test(line) && line.length >= 4));
}
