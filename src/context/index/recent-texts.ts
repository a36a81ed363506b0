import { readSource, type SourceFile, statFile } from './source-file.ts';

/** Who types asks for the same files again and again. */
const mostCharacters = 4_000_000;

/** The texts of files that were read last, as long as the files are the same. */
export class RecentTexts {
	readonly #files = new Map<string, SourceFile>();
	#characters = 0;

	/** The text of a file in a certain state; undefined if it is in another one. */
	get(path: string, { modified, size }: Pick<SourceFile, 'modified' | 'size'>): string | undefined {
		const stat = statFile(path);
		if (stat?.mtimeMs !== modified || stat.size !== size) return undefined;
		const known = this.#files.get(path);
		const found = known?.modified === modified && known.size === size ? known : readSource(path);
		this.#forget(path);
		if (found?.modified !== modified || found.size !== size) return undefined;
		this.#files.set(path, found);
		this.#characters += found.text.length;
		for (const oldest of this.#files.keys()) if (this.#characters > mostCharacters && oldest !== path) this.#forget(oldest);
		return found.text;
	}

	#forget(path: string): void {
		this.#characters -= this.#files.get(path)?.text.length ?? 0;
		this.#files.delete(path);
	}
}
