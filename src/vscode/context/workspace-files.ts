import { type Uri, workspace } from 'vscode';
import type { Ignored } from '../../context/ignored.ts';
import { readableText } from '../../context/index/source-file.ts';
import { isSecretPath } from '../../context/secret-files.ts';

/** Of a file that nobody has open, in bytes. */
const mostBytes = 512 * 1024;

/** Where a file is in the workspace. */
export interface WorkspacePath {
	/** The name of the folder. */
	readonly repository: string;
	/** As snippets have it: the folder's name first where there are several. */
	readonly path: string;
}

/** The files of the workspace that may be shown to a model: none of other places, none that is ignored or holds secrets by custom. */
export class WorkspaceFiles {
	readonly #ignored: Ignored;

	constructor(ignored: Ignored) {
		this.#ignored = ignored;
	}

	/** Undefined for what is not in the workspace, or not to be shown. */
	pathOf(uri: Uri): WorkspacePath | undefined {
		const folder = workspace.isTrusted ? workspace.getWorkspaceFolder(uri) : undefined;
		if (!folder || isSecretPath(uri.path) || this.#ignored.isLeftOut(uri.path)) return undefined;
		const within = workspace.asRelativePath(uri, false);
		const isOnly = workspace.workspaceFolders?.length === 1;
		return { repository: folder.name, path: isOnly ? within : `${folder.name}/${within}` };
	}

	/** The lines of a file as they are now, also where they are not saved; undefined if nobody wrote them by hand. */
	async linesOf(uri: Uri): Promise<readonly string[] | undefined> {
		const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
		return readableText(open?.getText() ?? (await textOf(uri)))?.split('\n');
	}
}

async function textOf(uri: Uri): Promise<string> {
	const { size } = await workspace.fs.stat(uri);
	if (size > mostBytes) return '';
	return new TextDecoder().decode(await workspace.fs.readFile(uri));
}
