import { lineRest } from '../gate.ts';
import { currentLine, filledLinesAbove, filledLinesBelow, indentation, isBlank, isTelling, sameLine } from '../lines.ts';
import type { Rule } from './rule.ts';

/** A line is not written once more within so many lines. */
const nearLines = 3;

/** What the next lines of the document say already: the end of an answer, or all of it. */
export const withoutLinesBelow: Rule = (text, { prefix, suffix }) => {
	const lines = text.trimEnd().split('\n');
	const whole = asInDocument(lines, prefix, suffix);
	const below = filledLinesBelow(suffix, Math.max(nearLines, lines.length));
	if (saysWhatIsNear(whole, below)) return { reason: 'already-there' };
	for (let first = 1; first < lines.length; first++) {
		const tail = whole.slice(first).filter((line) => !isBlank(line));
		const [start = ''] = tail;
		if (!sameLine(start, below[0]) || indentation(start) > indentation(below[0] ?? '')) continue;
		// From a line on that says something, the answer writes the document again, whatever it makes of it.
		if (isTelling(start) || tail.every((line, index) => sameLine(line, below[index]))) return lines.slice(0, first).join('\n');
	}
	return text;
};

/** An answer that says only what was said right above. */
export const withoutLinesAbove: Rule = (text, { prefix, suffix }) => {
	const whole = asInDocument(text.trim().split('\n'), prefix, suffix).filter((line) => !isBlank(line));
	const above = filledLinesAbove(prefix, whole.length);
	const isRepeat = whole.some(isTelling) && above.length === whole.length && whole.every((line, index) => sameLine(line, above[index]));
	return isRepeat ? { reason: 'already-there' } : text;
};

/** The first line of an answer continues the cursor's; what stands after the cursor goes with the last. */
function asInDocument(lines: readonly string[], prefix: string, suffix: string): string[] {
	const rest = lines.length === 1 && !lines[0]?.trimEnd().endsWith(lineRest(suffix).trim()) ? lineRest(suffix) : '';
	return lines.map((line, index) => (index === 0 ? currentLine(prefix) + line + rest : line));
}

function saysWhatIsNear(whole: readonly string[], below: readonly string[]): boolean {
	const [first = '', ...others] = whole;
	if (!isTelling(first)) return false;
	const [next = ''] = below;
	if (sameLine(first, next) && indentation(next) >= indentation(first)) return true;
	const end = below.findIndex((line) => indentation(line) < indentation(first));
	const near = below.slice(0, end < 0 ? nearLines : Math.min(end, nearLines));
	return others.length === 0 && near.some((line) => sameLine(first, line) && indentation(first) === indentation(line));
}
