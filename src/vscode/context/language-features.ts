import { commands, type Location, type LocationLink, Position, type TextDocument, Uri } from 'vscode';
import type { CompletionRequest } from '../../completion/completion.ts';
import { languageOf } from '../../completion/language.ts';
import type { Source } from '../../context/finder.ts';
import { declarationAt } from '../../context/index/declaration.ts';
import { type NameNear, namesNear } from '../../context/names.ts';
import type { ContextSnippet } from '../../context/snippet.ts';
import { within } from '../../std/within.ts';
import type { EditorPlace } from './editor-place.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

const mostNames = 8;
const mostRemembered = 200;
/** A language server that owes so many answers gets no more questions, until so long after the last one. */
const mostOwed = mostNames;
const sulkMs = 30_000;

/** Of the time there is; the rest is for reading files. */
const shareForAnswers = 0.8;

interface Target {
	readonly uri: Uri;
	readonly line: number;
}

/** Definitions of the names around the cursor, by the language features of the editor. */
export class LanguageFeatures implements Source<EditorPlace> {
	readonly name = 'language features';
	readonly deadlineMs = 600;
	readonly #files: WorkspaceFiles;
	/** Where names of a document lead, by its version. */
	readonly #known = new Map<string, { readonly version: number; readonly targets: readonly Target[] }>();
	/** By language: what was asked and not answered. */
	readonly #owed = new Map<string, { count: number; since: number }>();

	constructor(files: WorkspaceFiles) {
		this.#files = files;
	}

	async find({ document, position, request }: EditorPlace, ms: number, signal: AbortSignal): Promise<readonly ContextSnippet[]> {
		const names = namesNear(request).slice(0, mostNames);
		const found = await Promise.all(
			names.map(async (name, rank) => {
				const asked = this.#targetsOf(name, document, placeOf(name, request, position));
				// One name that nobody answers for does not take the others with it.
				const targets = (await within(ms * shareForAnswers, () => asked, signal)) ?? this.#unanswered(name, document);
				return Promise.all(targets.slice(0, 1).map((target) => this.#snippetAt(target, 1 / (1 + rank / 8), signal)));
			}),
		);
		return found.flat().filter((snippet) => snippet !== undefined);
	}

	async #targetsOf({ name }: NameNear, document: TextDocument, position: Position): Promise<readonly Target[]> {
		const { uri, version, languageId } = document;
		const key = `${uri.toString()}#${name}`;
		const known = this.#known.get(key);
		if (known?.version === version) return known.targets;
		const owed = this.#owed.get(languageId) ?? { count: 0, since: 0 };
		if (owed.count >= mostOwed && performance.now() - owed.since < sulkMs) return known?.targets ?? [];
		this.#owed.set(languageId, { count: owed.count + 1, since: performance.now() });
		try {
			const targets = targetsIn(await commands.executeCommand('vscode.executeDefinitionProvider', uri, position));
			this.#remember(key, { version, targets });
			return targets;
		} catch {
			// A language server's failure is its own; the index answers as well.
			return [];
		} finally {
			this.#owed.set(languageId, { count: Math.max(0, (this.#owed.get(languageId)?.count ?? 1) - 1), since: performance.now() });
		}
	}

	/** Not waited for again in the same text, unless an answer comes after all. */
	#unanswered({ name }: NameNear, { uri, version }: TextDocument): readonly Target[] {
		this.#remember(`${uri.toString()}#${name}`, { version, targets: [] });
		return [];
	}

	#remember(key: string, found: { readonly version: number; readonly targets: readonly Target[] }): void {
		this.#known.delete(key);
		this.#known.set(key, found);
		for (const oldest of this.#known.keys()) {
			if (this.#known.size <= mostRemembered) break;
			this.#known.delete(oldest);
		}
	}

	async #snippetAt({ uri, line }: Target, score: number, signal: AbortSignal): Promise<ContextSnippet | undefined> {
		const path = (await this.#files.pathOf(uri, signal))?.path;
		if (path === undefined) return undefined;
		const lines = await this.#files.linesOf(uri, signal);
		if (lines?.[line] === undefined) return undefined;
		const { startLine, endLine, text } = declarationAt(lines, line, languageOf(path));
		return { path, startLine, endLine, text, source: 'definition', score };
	}
}

/** Of what a language server answers only what makes sense: it may be anything. */
function targetsIn(answer: unknown): Target[] {
	if (!Array.isArray(answer)) return [];
	return answer.flatMap((one: Partial<Location & LocationLink> | undefined) => {
		const uri = one?.targetUri ?? one?.uri;
		const line = (one?.targetSelectionRange ?? one?.targetRange ?? one?.range)?.start.line;
		return uri instanceof Uri && typeof line === 'number' && line >= 0 ? [{ uri, line }] : [];
	});
}

/** Where in the document a name is. The request has the same lines as the document, whatever ends them there. */
function placeOf({ offset }: NameNear, { prefix, suffix }: CompletionRequest, cursor: Position): Position {
	const at = prefix.length + offset;
	const before = (prefix + suffix.slice(0, Math.max(0, offset + 1))).slice(0, at);
	const line = cursor.line + count(before) - count(prefix);
	return new Position(Math.max(0, line), at - (before.lastIndexOf('\n') + 1));
}

function count(text: string): number {
	return text.split('\n').length;
}
