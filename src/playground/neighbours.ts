import { languageOf } from '../completion/language.ts';
import { importedNames } from '../context/imports.ts';
import { type Declaration, declarationAt } from '../context/index/declaration.ts';
import { declaredNames } from '../context/index/symbols.ts';
import { asSnippets } from '../context/index-sources.ts';
import { namesNear } from '../context/names.ts';
import type { Elsewhere, Place } from './gateway.ts';

/** A text as the editor keeps it: another object whenever it is another text. */
export interface FileText {
	toString(): string;
}

/** Names that are looked up for a place. */
const mostNames = 40;
/** Longer texts were written by no hand. */
const mostCharacters = 200_000;

/** The other files of a page: what they declare of the names around a place, and of those that its file imports. */
export class Neighbours {
	readonly #files: () => ReadonlyMap<string, FileText>;
	/** By text, so that what nobody edits is read once, and what is gone is forgotten. */
	readonly #declared = new WeakMap<FileText, ReadonlyMap<string, readonly Declaration[]>>();

	constructor(files: () => ReadonlyMap<string, FileText>) {
		this.#files = files;
	}

	/** The most important last. */
	of({ path: own, prefix, suffix }: Pick<Place, 'path' | 'prefix' | 'suffix'>): readonly Elsewhere[] {
		const near = namesNear({ prefix, suffix }).map(({ name }) => name);
		const names = [...new Set([...near, ...importedNames(prefix)])].slice(0, mostNames);
		const others = [...this.#files()].filter(([path]) => path !== own);
		const found = names.flatMap((name) =>
			others.flatMap(([path, text]) => (this.#declarationsIn(path, text).get(name) ?? []).map((one) => ({ name, path, ...one }))),
		);
		return asSnippets(found, names, 'definition')
			.toReversed()
			.map(({ path, text, startLine }) => ({ path, text, startLine }));
	}

	#declarationsIn(path: string, text: FileText): ReadonlyMap<string, readonly Declaration[]> {
		const known = this.#declared.get(text);
		if (known) return known;
		const declarations = declarationsOf(path, text.toString());
		this.#declared.set(text, declarations);
		return declarations;
	}
}

function declarationsOf(path: string, text: string): ReadonlyMap<string, readonly Declaration[]> {
	const found = new Map<string, readonly Declaration[]>();
	if (text.length > mostCharacters) return found;
	const languageId = languageOf(path);
	const lines = text.split('\n');
	for (const { name, line } of declaredNames(text, languageId))
		found.set(name, [...(found.get(name) ?? []), declarationAt(lines, line, languageId)]);
	return found;
}
