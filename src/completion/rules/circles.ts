import { isTelling } from '../lines.ts';
import { circleIn } from '../repetition.ts';
import type { Rule } from './rule.ts';

/** The same characters over and over; what came before them on lines of its own is kept. */
export const withoutCircles: Rule = (text) => {
	const start = circleIn(text);
	if (start === undefined) return withoutDoubles(text);
	const head = text.slice(0, Math.max(0, text.lastIndexOf('\n', start)));
	return head.split('\n').some(isTelling) && circleIn(head) === undefined ? withoutDoubles(head) : { reason: 'repetitive' };
};

/** The last line, said twice. */
function withoutDoubles(text: string): string {
	const lines = text.trimEnd().split('\n');
	let end = lines.length;
	while (end > 1 && isTelling(lines[end - 1] ?? '') && lines[end - 1]?.trim() === lines[end - 2]?.trim()) end--;
	return end < lines.length ? lines.slice(0, end).join('\n') : text;
}
