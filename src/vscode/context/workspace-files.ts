import { type Uri, workspace } from 'vscode';
import type { Ignored } from '../../context/ignored.ts';
import { readableText } from '../../context/index/source-file.ts';
import { isSecretPath } from '../../secrets/files.ts';
import type { Calls } from '../../std/hanging.ts';
import { Lane } from '../../std/lane.ts';

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
	readonly #disk: Calls;
	/** One file is read at a time: of the four threads that all extensions read with a disk that hangs takes no more. */
	readonly #lane = new Lane();

	constructor(ignored: Ignored, disk: Calls) {
		this.#ignored = ignored;
		this.#disk = disk;
	}

	/** Resolves when it is known whether a file may be shown. */
	untilKnown(path: string, signal: AbortSignal): Promise<void> {
		return this.#ignored.untilKnown(path, signal);
	}

	/** Undefined for what is not in the workspace, or not to be shown. */
	async pathOf(uri: Uri, signal: AbortSignal): Promise<WorkspacePath | undefined> {
		const folder = workspace.isTrusted ? workspace.getWorkspaceFolder(uri) : undefined;
		if (!folder || isSecretPath(uri.path)) return undefined;
		await this.untilKnown(uri.path, signal);
		if (this.#ignored.isLeftOut(uri.path)) return undefined;
		const within = workspace.asRelativePath(uri, false);
		const isOnly = workspace.workspaceFolders?.length === 1;
		return { repository: folder.name, path: isOnly ? within : `${folder.name}/${within}` };
	}

	/** The lines of a file as they are now, also where they are not saved; undefined if nobody wrote them by hand. */
	async linesOf(uri: Uri, signal: AbortSignal): Promise<readonly string[] | undefined> {
		const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
		return readableText(open?.getText() ?? (await this.#read(uri, signal)))?.split('\n');
	}

	/** Who waits for their turn can change their mind; what is being read is read. */
	async #read(uri: Uri, signal: AbortSignal): Promise<string> {
		const leave = await this.#lane.enter(signal);
		try {
			return await this.#disk.watch(textOf(uri));
		} finally {
			leave();
		}
	}
}

async function textOf(uri: Uri): Promise<string> {
	const { size } = await workspace.fs.stat(uri);
	if (size > mostBytes) return '';
	return new TextDecoder().decode(await workspace.fs.readFile(uri));
}
