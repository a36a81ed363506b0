/** How near an answer is to what the author wrote; all from 0 to 1. */
export interface Score {
	/** The first lines are the same, but for white space at the end. */
	readonly exact: number;
	/** Of the first lines: 1 minus the edits it takes to make one of the other, by the length of the longer. */
	readonly similarity: number;
	/** Of the names in the first lines: the harmonic mean of precision and recall. */
	readonly identifiers: number;
	/** All lines are the same, but for blank ones and indentation. Absent where the author wrote a single line. */
	readonly block?: number;
}

export interface Truth {
	/** What the author wrote, from the cursor to the end of the line. */
	readonly line: string;
	/** The same to the end of the block. */
	readonly block: string;
	/** The part of a word that stands before the cursor: names are compared whole. */
	readonly word: string;
}

export function score(answer: string, { line, block, word }: Truth): Score {
	const first = firstLine(answer);
	return {
		exact: first.trimEnd() === line.trimEnd() ? 1 : 0,
		similarity: editSimilarity(first.trimEnd(), line.trimEnd()),
		identifiers: identifierF1(word + first, word + line),
		...(isBlock(block) ? { block: sameBlock(answer, block) ? 1 : 0 } : {}),
	};
}

export function firstLine(text: string): string {
	return text.split('\n', 1)[0] ?? '';
}

export function editSimilarity(a: string, b: string): number {
	const longest = Math.max(a.length, b.length);
	return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
}

/** Levenshtein's: how many characters have to be put in, taken out or changed. */
function editDistance(a: string, b: string): number {
	let above = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const changed = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
			current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
		}
		above = current;
	}
	return above[b.length] ?? 0;
}

/** A name that comes twice counts twice. */
export function identifierF1(answer: string, truth: string): number {
	const [said, wanted] = [identifiers(answer), identifiers(truth)];
	if (said.length === 0 && wanted.length === 0) return 1;
	const left = [...wanted];
	let hits = 0;
	for (const name of said) {
		const at = left.indexOf(name);
		if (at < 0) continue;
		left.splice(at, 1);
		hits++;
	}
	return (2 * hits) / (said.length + wanted.length);
}

export function identifiers(text: string): string[] {
	return text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
}

function isBlock(block: string): boolean {
	return lines(block).length > 1;
}

function sameBlock(answer: string, block: string): boolean {
	return lines(answer).join('\n') === lines(block).join('\n');
}

function lines(text: string): string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
}
