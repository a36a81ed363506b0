import type { FimTemplate } from '../src/model/fim.ts';

/** What of a prompt stands before the place that is asked about. */
export function textBefore(prompt: string, { specialTokens }: FimTemplate): string {
	const [begin = '', hole = '', end = ''] = specialTokens;
	const holeAt = prompt.indexOf(hole);
	const typed = prompt.slice(prompt.indexOf(end, holeAt) + end.length);
	return prompt.slice(prompt.indexOf(begin) + begin.length, holeAt) + typed;
}
