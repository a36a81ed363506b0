import { dirname } from 'node:path';
import { IgnoreRules, repositoryAround } from './index/ignore-rules.ts';
import type { FolderPlace } from './index/workspace-index.ts';

type Place = Pick<FolderPlace, 'root' | 'exclude'>;

/** Which files are not to be used. Paths are as addresses have them, with `/`; a cell of a notebook has `#` and its name behind that. */
export class Ignored {
	readonly #folders: () => readonly Place[];
	#known: readonly { readonly path: string; readonly rules: IgnoreRules }[] | undefined;

	constructor(folders: () => readonly Place[]) {
		this.#folders = folders;
	}

	/** Whether `.co-cloneignore` lists a file: nothing of it is sent, wherever the cursor is. */
	isListed(path: string): boolean {
		return this.#some(path, (rules, inside) => rules.isListed(inside));
	}

	/** Whether a file is listed, or left out by Git or hidden: nothing of it is shown to a model while somebody works on another. */
	isLeftOut(path: string): boolean {
		return this.#some(path, (rules, inside) => rules.isIgnoredWithParents(inside));
	}

	/** Reads everything anew when it is needed: after the folders or what is said in them changed. */
	forget(): void {
		this.#known = undefined;
	}

	#some(path: string, holds: (rules: IgnoreRules, inside: string) => boolean): boolean {
		this.#known ??= this.#folders().map(({ root, exclude }) => ({ path: addressed(root), rules: new IgnoreRules(root, exclude) }));
		const paths = new Set([path, path.replace(/#[^#/]*$/, '')]);
		return this.#known.some((folder) =>
			[...paths].some((each) => each.startsWith(`${folder.path}/`) && holds(folder.rules, each.slice(folder.path.length + 1))),
		);
	}
}

/** `C:\\project` is `/C:/project`. */
export function addressed(root: string): string {
	const path = root.replaceAll('\\', '/').replace(/\/$/, '');
	return path.startsWith('/') ? path : `/${path}`;
}

/** Whether a `.co-cloneignore` lists a file of the disk: one next to it, or in a folder above up to that of the repository. */
export function isListedAnywhere(file: string): boolean {
	const root = repositoryAround(dirname(file)) ?? dirname(file);
	return new IgnoreRules(root, []).isListed(file.slice(root.length + 1).replaceAll('\\', '/'));
}
