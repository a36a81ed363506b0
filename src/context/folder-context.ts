import { basename, relative, resolve, sep } from 'node:path';
import type { ChooseContext } from '../completion/anchor.ts';
import type { CompletionRequest } from '../completion/completion.ts';
import type { CodeIndex } from './code-index.ts';
import { ContextFinder } from './finder.ts';
import { WorkspaceIndex } from './index/workspace-index.ts';
import { indexSources } from './index-sources.ts';

/** Of memory, for what is known of a folder. */
const mostBytes = 200 * 1024 * 1024;
/** Nobody else waits: the index is in this process. */
const patience = 10;

/** Reads all code of a folder and knows it from then on as it was then. Nothing else goes on meanwhile. */
export function indexOfFolder(root: string, exclude: readonly string[] = []): CodeIndex {
	const index = new WorkspaceIndex(mostBytes);
	for (const folder of index.setFolders([{ root: resolve(root), name: basename(resolve(root)), exclude }])) Array.from(folder.scan());
	return index;
}

/** What a folder knows of a place in one of its files. */
export function contextIn(index: CodeIndex, root: string): (request: CompletionRequest, signal: AbortSignal) => Promise<ChooseContext> {
	const finder = new ContextFinder(indexSources(index), (_, error) => {
		throw error;
	});
	return (request, signal) => {
		const path = relative(root, resolve(root, request.path)).split(sep).join('/');
		return finder.gather({ request, repository: basename(resolve(root)), path }, patience, signal);
	};
}
