/** Rows of the same character are drawn by people too. */
const ruler = /[-=*#~_/.+]/;
const longestRuler = 120;
const longestPeriod = 60;
const leastLength = 40;

/** Whether a text ends in the same few characters over and over: `get_a, get_a, get_a, …`. */
export function isInCircles(text: string): boolean {
	return circleIn(text) !== undefined;
}

/** Where it begins to do so. */
export function circleIn(text: string): number | undefined {
	const tail = text.trimEnd();
	for (let period = 1; period <= Math.min(longestPeriod, tail.length / 3); period++) {
		let start = tail.length - period;
		while (start > 0 && tail[start - 1] === tail[start - 1 + period]) start--;
		const length = tail.length - start;
		const times = period < 12 ? 6 : 3;
		if (length < Math.max(leastLength, times * period)) continue;
		return period === 1 && length <= longestRuler && ruler.test(tail[start] ?? '') ? undefined : start;
	}
	return undefined;
}
