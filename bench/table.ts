/** A table in Markdown. The first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => [...cell].length)));
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell, column) => padded(cell, widths[column] ?? 0, column > 0)).join(' | ')} |`;
	const rule = widths.map((width, column) => (column > 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function padded(cell: string, width: number, isRight: boolean): string {
	const space = ' '.repeat(Math.max(0, width - [...cell].length));
	return isRight ? space + cell : cell + space;
}

/** A number as people read it; `null` stands for ever. */
export function figure(value: number | null, digits = 0): string {
	return value === null ? '∞' : value.toFixed(digits);
}
