import { readFile } from 'node:fs/promises';
import { Range, TabInputText, type TextDocument, Uri, window, workspace } from 'vscode';
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

/** Those that are open now, by their paths: to look for one of them in the editor is to walk through all. */
export function openDocuments(): ReadonlyMap<string, TextDocument> {
	const files = workspace.textDocuments.filter(({ uri, isClosed }) => uri.scheme === 'file' && !isClosed);
	return new Map(files.map((document) => [pathOf(document.uri), document]));
}

/** Those that somebody has opened, by their paths. */
export function tabbedPaths(): ReadonlySet<string> {
	const inputs = window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ input }) => input);
	return new Set(inputs.flatMap((input) => (input instanceof TabInputText ? [pathOf(input.uri)] : [])));
}

/** Saves texts that differ from the disk. The editor's own `workspace.save` knows only those with a tab. */
export async function save(paths: Iterable<string>): Promise<void> {
	const open = openDocuments();
	for (const path of paths) if (open.get(path)?.isDirty) await open.get(path)?.save();
}

/** As it is on the disk: to have the editor open hundreds of files only to look at them would take long. */
export async function savedText(path: string): Promise<string | undefined> {
	try {
		return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
	} catch {
		return undefined;
	}
}
