export function longestCommonPrefix(a: readonly number[], b: readonly number[]): number {
	const end = Math.min(a.length, b.length);
	let length = 0;
	while (length < end && a[length] === b[length]) length++;
	return length;
}

/** Tokens after the common beginning that are in the cache further on, in stretches of at least `least`; as llama-server finds them. */
export function reusable(cache: readonly number[], prompt: readonly number[], common: number, least: number): number {
	let [inCache, inPrompt, found] = [common, common, 0];
	while (inCache < cache.length && inPrompt < prompt.length) {
		let length = 0;
		while (cache[inCache + length] === prompt[inPrompt + length] && inPrompt + length < prompt.length) length++;
		if (length >= least) {
			found += length;
			inCache += length;
			inPrompt += length;
		} else inCache++;
	}
	return found;
}
