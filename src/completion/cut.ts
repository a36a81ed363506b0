/** How much is wanted of an answer. */
export interface Shape {
	/** Lines with text in them. */
	readonly maxLines: number;
	/** The answer may begin on the next line, because a block opens at the cursor. */
	readonly opensBlock: boolean;
	/** Width of the indentation of the cursor's line. */
	readonly indent: number;
}

/** The part of an answer that is wanted, and whether nothing that may still come can change it. */
export interface Cut {
	readonly text: string;
	readonly isComplete: boolean;
}

/** A line that comes this often in a row is the model going in circles. */
const mostRepeats = 3;

/**
 * Cuts an answer to its shape while it arrives: at special tokens, at the end of the line or block, before a blank line,
 * and where the model goes in circles. `isFinal` says that no more will come.
 */
export function cut(raw: string, shape: Shape, specialTokens: readonly string[], isFinal: boolean): Cut {
	const special = firstOf(raw, specialTokens);
	const text = special < 0 ? raw : raw.slice(0, special);
	const ended = isFinal || special >= 0;
	// The last line may still grow; only its indentation can be judged.
	const lines = text.split('\n');
	const kept: string[] = [];
	let filled = 0;
	for (const [index, line] of lines.entries()) {
		const isGrowing = index === lines.length - 1 && !ended;
		const verdict = judge(line, index, kept, filled, shape, isGrowing);
		if (verdict === 'stop') return { text: kept.join('\n'), isComplete: true };
		kept.push(line);
		if (line.trim() !== '') filled++;
		if (verdict === 'last' || (filled >= shape.maxLines && !isGrowing)) return { text: kept.join('\n'), isComplete: true };
	}
	return { text: kept.join('\n'), isComplete: ended };
}

function judge(
	line: string,
	index: number,
	kept: readonly string[],
	filled: number,
	shape: Shape,
	isGrowing: boolean,
): 'keep' | 'last' | 'stop' {
	if (index === 0) return 'keep';
	if (filled === 0) return shape.opensBlock && index === 1 ? 'keep' : 'stop';
	if (line.trim() === '') return isGrowing ? 'keep' : 'stop';
	const indent = indentation(line);
	if (indent < shape.indent) return 'stop';
	// `}`, `else {`, `end` at the level of the cursor's line belong to the block that it opened.
	if (shape.opensBlock && indent === shape.indent && !isGrowing) return isCloser(line) ? 'last' : 'stop';
	return isRepeated(line, kept) ? 'stop' : 'keep';
}

function isCloser(line: string): boolean {
	return /^\s*([)\]}]+[;,)]*|end)\s*$/.test(line);
}

function isRepeated(line: string, kept: readonly string[]): boolean {
	return kept.length >= mostRepeats - 1 && kept.slice(1 - mostRepeats).every((before) => before.trim() === line.trim());
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

function firstOf(text: string, tokens: readonly string[]): number {
	const found = tokens.map((token) => text.indexOf(token)).filter((index) => index >= 0);
	return found.length === 0 ? -1 : Math.min(...found);
}
