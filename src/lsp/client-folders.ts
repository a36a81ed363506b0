import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InitializeParams, WorkspaceFolder } from 'vscode-languageserver-protocol';
import { isIn } from './codebase.ts';

/** What a client may say about it in `initializationOptions`. */
export interface Wishes {
	/** `off`: only the file that is written in. */
	readonly context?: 'auto' | 'off';
}

/** The folders of the disk that a client has open, as it says them, in one way or another. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
	return rootsOf(workspaceFolders ?? (rootUri ? [{ uri: rootUri }] : []));
}

/** Clients without a project name the home directory, or all of the disk. That is none. */
export function rootsOf(folders: readonly Pick<WorkspaceFolder, 'uri'>[]): readonly string[] {
	const roots = folders.filter(({ uri }) => uri.startsWith('file:')).map(({ uri }) => resolve(fileURLToPath(uri)));
	return [...new Set(roots)].filter((root) => !isIn(root, homedir()));
}

/** @throws an Error that says what there is to choose from */
export function wishesIn(options: unknown): Wishes {
	const context = typeof options === 'object' && options !== null && 'context' in options ? options.context : 'auto';
	if (context === 'auto' || context === 'off') return { context };
	throw new Error('“context” of the initialization options is “auto” or “off”.');
}
