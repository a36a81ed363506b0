import { Range, Uri } from 'vscode';
import type { LineRange } from '../../tracking/wire.ts';

/** Paths as the thread has them: absolute, with `/`. */
export function pathOf({ fsPath }: Uri): string {
	return fsPath.replaceAll('\\', '/');
}

export function uriOf(path: string): Uri {
	return Uri.file(path);
}

export function rangeOf({ start, end }: LineRange): Range {
	return new Range(start.line, start.character, end.line, end.character);
}
