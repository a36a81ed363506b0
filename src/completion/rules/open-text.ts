import { currentLine, isBlank, leadingSpace } from '../lines.ts';
import { openStretch } from '../scan.ts';
import type { Rule } from './rule.ts';

/** A comment or a string of several lines that an answer begins and does not end is ended: what follows would become part of it. */
export const withClosedText: Rule = (text, { prefix, languageId }) => {
	const { start, closer } = openStretch(prefix + text, languageId) ?? {};
	if (start === undefined || start < prefix.length || !closer) return text;
	if (!text.includes('\n')) return isBlank(currentLine(prefix)) ? text + closer : text;
	return `${text}\n${leadingSpace(currentLine((prefix + text).slice(0, start)))}${closer}`;
};
