import type { LogOutputChannel, Position, TextDocument } from 'vscode';
import type { ChooseContext } from '../../completion/anchor.ts';
import type { CompletionRequest } from '../../completion/completion.ts';
import type { CodeIndex } from '../../context/code-index.ts';
import { ContextFinder } from '../../context/finder.ts';
import { indexSources } from '../../context/index-sources.ts';
import { readSettings } from '../settings.ts';
import { type EditorPlace, placeIn } from './editor-place.ts';
import { LanguageFeatures } from './language-features.ts';
import { problemSource } from './problems.ts';
import type { Trail } from './trail.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** A language server that is just starting needs so many times as long. */
const patience = 15;

/** Code from elsewhere for places in the editor, unless the user wants none. */
export class EditorContext {
	readonly #files: WorkspaceFiles;
	readonly #finder: ContextFinder<EditorPlace>;

	constructor(index: CodeIndex, trail: Trail, files: WorkspaceFiles, log: LogOutputChannel) {
		this.#files = files;
		const sources = [new LanguageFeatures(files), ...indexSources(index), problemSource(index), ...trail.sources];
		this.#finder = new ContextFinder<EditorPlace>(sources, (source, error) => log.debug(`Context from ${source}: ${error}`));
	}

	/** What a prompt shows of what was found; never waits. */
	readonly choose: ChooseContext = (request, ...rest) => (isWanted() ? this.#finder.choose(request, ...rest) : undefined);

	/** Looks for what belongs to a place, while nobody waits. */
	async look(document: TextDocument, position: Position, request: CompletionRequest, signal: AbortSignal): Promise<void> {
		const place = isWanted() ? placeIn(document, position, request, this.#files) : undefined;
		if (place) await this.#finder.prepare(place, signal);
	}

	/** The same for somebody who asked for it, whatever the setting is. Undefined outside of the workspace. */
	async gather(
		document: TextDocument,
		position: Position,
		request: CompletionRequest,
		signal: AbortSignal,
	): Promise<ChooseContext | undefined> {
		const place = placeIn(document, position, request, this.#files);
		return place && this.#finder.gather(place, patience, signal);
	}
}

function isWanted(): boolean {
	return readSettings().context !== 'off';
}
