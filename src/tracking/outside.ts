import type { Parse } from '../grammar/syntax.ts';
import { changesBetween } from '../signature/changes.ts';
import type { SignatureChange } from '../signature/diff.ts';
import { languageFor } from '../signature/languages/all.ts';
import type { Declaration } from '../signature/signature.ts';
import type { Breath } from '../std/breath.ts';
import type { DiskFile } from './disk-files.ts';
import type { Scanned } from './scanned.ts';
import type { EarlierText } from './wire.ts';

/** What a text declares. */
export function declarationsOf(languageId: string, text: string, parse: Parse): readonly Declaration[] {
	const language = languageFor(languageId);
	if (!language) return [];
	using tree = parse(text);
	return language.outline(tree.root).declarations;
}

/** Where texts and grammars come from. */
export interface Sources {
	readonly parser: (languageId: string) => Promise<Parse | undefined>;
	/** A text as it is now, saved or not. */
	readonly current: (path: string) => { readonly text: string } | undefined;
	readonly all: () => Promise<readonly DiskFile[]>;
}

/**
 * Signatures that nobody typed in this window: a branch was checked out, another editor or an agent wrote them, one edit was to many. They
 * are found by comparing with how texts were: at a revision, before an edit, when the workspace was scanned.
 */
export class OutsideChanges {
	readonly #sources: Sources;
	readonly #scanned: Scanned;
	readonly #edited = new Map<string, EarlierText>();
	#revision: readonly EarlierText[] = [];

	constructor(sources: Sources, scanned: Scanned) {
		this.#sources = sources;
		this.#scanned = scanned;
	}

	setRevision(texts: readonly EarlierText[]): void {
		this.#revision = texts;
	}

	/** A text from before an edit that changed several signatures at once. */
	takeEdited(text: EarlierText): void {
		if (!this.#edited.has(text.path)) this.#edited.set(text.path, text);
	}

	/** How texts were, by path. */
	get texts(): ReadonlyMap<string, string> {
		return new Map([...this.#revision, ...this.#edited.values()].map(({ path, text }) => [path, text]));
	}

	/** What is tracked is told elsewhere. */
	async find(tracked: (path: string) => readonly SignatureChange[], breath: Breath): Promise<readonly SignatureChange[]> {
		const found: SignatureChange[] = [];
		for (const { path, languageId, text } of [...this.#revision, ...this.#edited.values()]) {
			await breath.take();
			const now = this.#sources.current(path);
			const parse = await this.#sources.parser(languageId);
			if (now === undefined || now.text === text || !parse) continue;
			const before = declarationsOf(languageId, text, parse);
			found.push(...changesOf({ path, languageId }, before, declarationsOf(languageId, now.text, parse), tracked(path)));
		}
		return this.#scanned.isEmpty ? found : [...found, ...(await this.#sinceScan(tracked, breath))];
	}

	async #sinceScan(tracked: (path: string) => readonly SignatureChange[], breath: Breath): Promise<readonly SignatureChange[]> {
		const found: SignatureChange[] = [];
		for (const { path, languageId, text } of await this.#sources.all()) {
			await breath.take();
			const before = this.#scanned.before(path, text);
			const parse = before && (await this.#sources.parser(languageId));
			if (before && parse) found.push(...changesOf({ path, languageId }, before, declarationsOf(languageId, text, parse), tracked(path)));
		}
		return found;
	}
}

function changesOf(
	place: { readonly path: string; readonly languageId: string },
	before: readonly Declaration[],
	after: readonly Declaration[],
	tracked: readonly SignatureChange[],
): readonly SignatureChange[] {
	const isTracked = ({ name, container }: Declaration) =>
		tracked.some(({ before: old, after: now }) => [old, now].some((one) => one.name === name && one.container === container));
	return changesBetween(place, before, after).filter(({ before: old, after: now }) => !isTracked(old) && !isTracked(now));
}
