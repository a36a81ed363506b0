/** More than any window needs. The first line moves in strides, so that the text before the cursor keeps its beginning. */
const linesBefore = 200;
const stride = 100;
const linesAfter = 100;

/** A text that lines can be taken from, as the editor has it. */
export interface Lines {
	readonly lines: number;
	readonly length: number;
	lineAt(position: number): { readonly number: number };
	line(number: number): { readonly from: number; readonly to: number };
	sliceString(from: number, to: number): string;
}

/** What is before and after a place, as far as it may matter. */
export function around(text: Lines, position: number): { readonly prefix: string; readonly suffix: string } {
	const { number } = text.lineAt(position);
	const first = Math.max(1, Math.floor((number - 1) / stride) * stride - linesBefore + 1);
	const last = Math.min(text.lines, number + linesAfter);
	return { prefix: text.sliceString(text.line(first).from, position), suffix: text.sliceString(position, text.line(last).to) };
}
