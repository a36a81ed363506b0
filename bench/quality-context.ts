import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ChooseContext } from '../src/completion/anchor.ts';
import { languageOf } from '../src/completion/language.ts';
import type { CodeIndex } from '../src/context/code-index.ts';
import { contextIn, indexOfFolder } from '../src/context/folder-context.ts';
import { linesOf, shareIn } from '../src/context/similarity.ts';
import { packagesOf } from './packages.ts';
import type { Task } from './tasks-format.ts';

const never = new AbortController().signal;
/** Built from other files: the answer may stand in them. */
const built = ['**/dist/**', '**/build/**', '**/out/**', '**/esm/**', '**/cjs/**', '**/*.d.ts', '**/*.d.mts', '**/*.d.cts'];
/** A file with so much of another in it is a copy. */
const mostShared = 0.5;

/** What the packages know that tasks are from: everything but the file of the task itself and its copies. */
export class PackageContexts {
	readonly #root: string;
	readonly #packageOf: (path: string) => string;
	/** By folder. */
	readonly #known = new Map<string, CodeIndex>();

	constructor(root: string) {
		this.#root = root;
		this.#packageOf = packagesOf(root);
	}

	async at({ path, languageId = languageOf(path), prefix, suffix, gt_block }: Task): Promise<ChooseContext> {
		const name = this.#packageOf(path);
		const folder = join(this.#root, name);
		const known = this.#known.get(folder) ?? indexOfFolder(folder, built);
		this.#known.set(folder, known);
		const own = path.slice(name === '' ? 0 : name.length + 1);
		const index = withoutCopies(known, folder, prefix + gt_block + suffix, basename(path));
		const request = { path: join(folder, own), languageId, prefix, suffix, trigger: 'automatic' } as const;
		return contextIn(index, folder)(request, never);
	}
}

/** The same index without what stands in files of the same name and much the same text. */
function withoutCopies(index: CodeIndex, folder: string, text: string, name: string): CodeIndex {
	const known = new Map<string, boolean>();
	const isOther = ({ path }: { readonly path: string }) => {
		const isKnown = known.get(path);
		if (isKnown !== undefined) return isKnown;
		const isCopy = stem(path) === stem(name) && shareIn(text, linesOf(readFileSync(join(folder, path), 'utf8'))) > mostShared;
		known.set(path, !isCopy);
		return !isCopy;
	};
	return {
		search: async (query, signal) => (await index.search(query, signal)).filter(isOther),
		definitions: async (names, path, signal) => (await index.definitions(names, path, signal)).filter(isOther),
	};
}

function stem(path: string): string {
	return basename(path).replace(/\..*$/, '');
}
