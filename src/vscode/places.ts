import { workspace } from 'vscode';
import type { FolderPlace } from '../context/index/workspace-index.ts';

/** The folders of the workspace that are on a disk. */
export function places(): FolderPlace[] {
	const folders = workspace.workspaceFolders ?? [];
	return folders
		.filter(({ uri }) => uri.scheme === 'file')
		.map(({ uri, name }) => {
			const hidden = workspace.getConfiguration('files', uri).get<Readonly<Record<string, unknown>>>('exclude') ?? {};
			return { root: uri.fsPath, name, exclude: Object.keys(hidden).filter((glob) => hidden[glob] === true) };
		});
}
