import type { CompletionRequest } from '../completion/completion.ts';
import { UsageError } from './usage.ts';

/** A place as people and compilers write it: `src/main.ts:12:5`, counted from 1; columns are UTF-16 code units, as in editors. */
export interface Place {
	/** `-` for standard input. */
	readonly file: string;
	/** Both absent: the end of the text. */
	readonly line?: number;
	readonly column?: number;
}

export function parsePlace(text: string): Place {
	if (text === '-') return { file: '-' };
	const match = /^(.+):(\d+):(\d+)$/.exec(text);
	const [, file, line, column] = match ?? [];
	if (!file || Number(line) < 1 || Number(column) < 1) {
		throw new UsageError(`“${text}” is not a place. Write FILE:LINE:COLUMN, counted from 1, for example src/main.ts:12:5.`);
	}
	return { file, line: Number(line), column: Number(column) };
}

/** The text around a place, asked for on demand. Line ends become `\n` and a byte order mark is left out. */
export function requestAt(text: string, place: Place, languageId: string): CompletionRequest {
	const clean = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
	const offset = place.line === undefined || place.column === undefined ? clean.length : offsetOf(clean, place.line, place.column);
	return { path: place.file, languageId, prefix: clean.slice(0, offset), suffix: clean.slice(offset), trigger: 'manual' };
}

function offsetOf(text: string, line: number, column: number): number {
	const lines = text.split('\n');
	const current = lines[line - 1];
	if (current === undefined) throw new UsageError(`There is no line ${line}: the text has ${lines.length}.`);
	if (column > current.length + 1) throw new UsageError(`There is no column ${column}: line ${line} ends at column ${current.length + 1}.`);
	const before = lines.slice(0, line - 1).reduce((length, { length: more }) => length + more + 1, 0);
	return before + column - 1;
}
