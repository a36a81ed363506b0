import type { LogOutputChannel, Position, TextDocument } from 'vscode';
import type { ChooseContext } from '../../completion/anchor.ts';
import type { CompletionRequest } from '../../completion/completion.ts';
import { ContextFinder } from '../../context/finder.ts';
import { indexSources } from '../../context/index-sources.ts';
import type { WorkerIndex } from '../../context/worker-index.ts';
import { readSettings } from '../settings.ts';
import { type EditorPlace, placeIn } from './editor-place.ts';
import { LanguageFeatures } from './language-features.ts';
import { problemSource } from './problems.ts';
import type { Trail } from './trail.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** A language server that is just starting needs so many times as long. */
const patience = 15;
/** Who asks right after a window has opened is before the index; one that takes longer than this answers with what it has. In milliseconds. */
const longestUntilRead = 5000;

/** Code from elsewhere for places in the editor, unless the user wants none. */
export class EditorContext {
	readonly #index: WorkerIndex;
	readonly #files: WorkspaceFiles;
	readonly #finder: ContextFinder<EditorPlace>;

	constructor(index: WorkerIndex, trail: Trail, files: WorkspaceFiles, log: LogOutputChannel) {
		this.#index = index;
		this.#files = files;
		const sources = [new LanguageFeatures(files), ...indexSources(index), problemSource(index), ...trail.sources];
		this.#finder = new ContextFinder<EditorPlace>(sources, (source, error) => log.debug(`Context from ${source}: ${error}`));
	}

	/** What a prompt shows of what was found; never waits. */
	readonly choose: ChooseContext = (request, ...rest) => (isWanted() ? this.#finder.choose(request, ...rest) : undefined);

	/** Resolves when it is known whether anything of a file may be sent. */
	untilKnown(path: string, signal: AbortSignal): Promise<void> {
		return this.#files.untilKnown(path, signal);
	}

	/** Looks for what belongs to a place, while nobody waits. */
	async look(document: TextDocument, position: Position, request: CompletionRequest, signal: AbortSignal): Promise<void> {
		const place = isWanted() ? await placeIn(document, position, request, this.#files, signal) : undefined;
		if (place) await this.#finder.prepare(place, signal);
	}

	/** The same for somebody who asked for it, whatever the setting is. Undefined outside of the workspace. */
	async gather(
		document: TextDocument,
		position: Position,
		request: CompletionRequest,
		signal: AbortSignal,
	): Promise<ChooseContext | undefined> {
		const place = await placeIn(document, position, request, this.#files, signal);
		if (!place) return undefined;
		if (isWanted()) await this.#index.untilRead(longestUntilRead, signal);
		return this.#finder.gather(place, patience, signal);
	}
}

function isWanted(): boolean {
	return readSettings().context !== 'off';
}
