import { isBlank, isTelling, sameLine } from '../lines.ts';
import type { Rule } from './rule.ts';

/** Who deletes a line, or what stands at the end of one, does not want it back. */
export const withoutJustDeleted: Rule = (text, { deleted = [] }) => {
	const line = firstLine(text);
	const isBack = deleted.map(firstLine).some((piece) => isTelling(piece) && sameLine(line, piece));
	return isBack ? { reason: 'just-deleted' } : text;
};

function firstLine(text: string): string {
	return text.split('\n').find((line) => !isBlank(line)) ?? '';
}
