import type { Grammars } from '../grammar/grammars.ts';
import type { Parse } from '../grammar/syntax.ts';
import { languageFor, languages } from '../signature/languages/all.ts';

/** Languages whose signatures are understood, as VS Code names them. */
export const languageIds: ReadonlySet<string> = new Set(languages.flatMap(({ ids }) => ids));

/** All names of the language that one of them belongs to: a function of TypeScript is called from TSX. */
export function relatedIds(languageId: string): readonly string[] {
	return languageFor(languageId)?.ids ?? [];
}

/** The grammars of languages that are understood, each loaded when it is asked for. */
export class Parsers {
	readonly #grammars: Grammars;
	readonly #loaded = new Map<string, Parse | undefined>();

	constructor(grammars: Grammars) {
		this.#grammars = grammars;
	}

	async load(languageId: string): Promise<Parse | undefined> {
		if (!languageIds.has(languageId)) return undefined;
		if (!this.#loaded.has(languageId)) this.#loaded.set(languageId, await this.#grammars.parser(languageId));
		return this.#loaded.get(languageId);
	}

	/** One that was loaded before. */
	get(languageId: string): Parse | undefined {
		return this.#loaded.get(languageId);
	}
}
