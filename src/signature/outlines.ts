import type { Outline } from './language.ts';
import type { SourceFile } from './project.ts';

interface Known extends Pick<SourceFile, 'languageId' | 'text'> {
	/** By the names that mattered when it was read; undefined for all. */
	readonly byNames: Map<string | undefined, Outline>;
}

/** What was read of files, for as long as their texts are what they were: one plan after another is made of the same ones. */
export class Outlines {
	readonly #known = new Map<string, Known>();

	get(file: SourceFile, names: string | undefined): Outline | undefined {
		return this.#of(file)?.byNames.get(names);
	}

	keep(file: SourceFile, names: string | undefined, outline: Outline): void {
		const { path, languageId, text } = file;
		const known = this.#of(file) ?? { languageId, text, byNames: new Map() };
		known.byNames.set(names, outline);
		this.#known.set(path, known);
	}

	/** Nobody has needed them for a while. */
	release(): void {
		this.#known.clear();
	}

	#of({ path, languageId, text }: SourceFile): Known | undefined {
		const known = this.#known.get(path);
		return known?.languageId === languageId && known.text === text ? known : undefined;
	}
}
