/** A range of lines, 0-based, the last one included; and where they are in the text. */
export interface Chunk {
	readonly startLine: number;
	readonly endLine: number;
	readonly from: number;
	readonly to: number;
}

const lines = { least: 16, most: 36 };

/** Parts a text into pieces of a size to show to a model: where a blank line ends a paragraph, and at the latest after 36 lines. */
export function chunksOf(text: string): Chunk[] {
	const chunks: Chunk[] = [];
	let startLine = 0;
	let from = 0;
	let line = 0;
	let wasBlank = false;
	for (let at = 0; at < text.length; line++) {
		const newline = text.indexOf('\n', at);
		const end = newline < 0 ? text.length : newline + 1;
		const isBlank = isBlankLine(text, at, end);
		const length = line - startLine;
		if (length >= lines.most || (length >= lines.least && wasBlank && !isBlank)) {
			chunks.push({ startLine, endLine: line - 1, from, to: at });
			startLine = line;
			from = at;
		}
		wasBlank = isBlank;
		at = end;
	}
	if (from < text.length) chunks.push({ startLine, endLine: line - 1, from, to: text.length });
	return chunks;
}

function isBlankLine(text: string, from: number, to: number): boolean {
	for (let i = from; i < to; i++) if (text.charCodeAt(i) > 32) return false;
	return true;
}
