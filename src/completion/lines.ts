/** The part of the cursor's line before the cursor. */
export function currentLine(prefix: string): string {
	return prefix.slice(prefix.lastIndexOf('\n') + 1);
}

/** Columns of white space at the start of a line; a tab counts as four. */
export function indentation(line: string): number {
	let width = 0;
	for (const character of line) {
		if (character === ' ') width++;
		else if (character === '\t') width += 4;
		else break;
	}
	return width;
}

export function leadingSpace(line: string): string {
	return /^[ \t]*/.exec(line)?.[0] ?? '';
}

export function isBlank(line: string): boolean {
	return line.trim() === '';
}

/** The last lines with text in them above the cursor's, the nearest last. */
export function filledLinesAbove(prefix: string, most: number): string[] {
	const lines: string[] = [];
	for (let end = prefix.lastIndexOf('\n'); end >= 0 && lines.length < most; ) {
		const start = end === 0 ? 0 : prefix.lastIndexOf('\n', end - 1) + 1;
		const line = prefix.slice(start, end);
		if (!isBlank(line)) lines.unshift(line);
		end = start - 1;
	}
	return lines;
}

/** The first lines with text in them below the cursor's. */
export function filledLinesBelow(suffix: string, most: number): string[] {
	const lines: string[] = [];
	for (let start = suffix.indexOf('\n') + 1; start > 0 && lines.length < most; ) {
		const end = suffix.indexOf('\n', start);
		const line = suffix.slice(start, end < 0 ? undefined : end);
		if (!isBlank(line)) lines.push(line);
		start = end + 1;
	}
	return lines;
}

/** Whether two lines say the same: white space, and what may stand at the end or not, says nothing. */
export function sameLine(a: string, b: string | undefined): boolean {
	return b !== undefined && essence(a) === essence(b);
}

function essence(line: string): string {
	return line.replaceAll(/\s+/g, '').replace(/[;,]+$/, '');
}

/** Lines that say too little to mean anything when they come twice: brackets, `end`, `else`. */
export function isTelling(line: string): boolean {
	const text = line.trim();
	return text.length >= 4 && /[\p{L}\p{N}]/u.test(text) && !/^\W*(end|else|fi|done|esac|then|do|begin|try|finally)?\W*$/.test(text);
}
