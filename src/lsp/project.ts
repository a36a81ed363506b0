import { fileURLToPath } from 'node:url';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, InitializeParams } from 'vscode-languageserver-protocol';
import type { CompletionEngine } from '../completion/complete.ts';
import type { CompletionRequest } from '../completion/completion.ts';
import type { FileChange } from '../context/index/index-wire.ts';
import type { IndexEvent } from '../context/worker-index.ts';
import { foldersOf, rootsOf, wishesIn } from './client-folders.ts';
import type { Codebase } from './codebase.ts';
import type { OpenDocument } from './open-document.ts';
import { Progress } from './progress.ts';

/** `MessageType.Error` and `Warning`. */
const error = 1;
const warning = 2;
/** `FileChangeType`, from 1. */
const kinds: readonly FileChange['kind'][] = ['created', 'changed', 'deleted'];
/** In milliseconds: who asked a moment ago goes on typing. */
const restMs = 400;
/** Where nobody knows where the cursor is going to be, the imports at the top count, and what is below them. */
const firstLines = 150;

/** The project of one client: the codebase is kept like it is, and looked through around the cursor while nobody types. */
export class Project {
	readonly #connection: MessageConnection;
	readonly #codebase: Codebase;
	readonly #engine: Pick<CompletionEngine, 'warm'>;
	readonly #gone: AbortSignal;
	readonly #progress: Progress;
	#roots: readonly string[] = [];
	#isOff = false;
	#hasProgress = false;
	#canWatch = false;
	#resting: NodeJS.Timeout | undefined;
	/** Where somebody was last. */
	#last: (() => void) | undefined;

	constructor(connection: MessageConnection, codebase: Codebase, engine: Pick<CompletionEngine, 'warm'>, gone: AbortSignal) {
		this.#connection = connection;
		this.#codebase = codebase;
		this.#engine = engine;
		this.#gone = gone;
		this.#progress = new Progress(connection);
	}

	/** What the client has said of it before anything is read. */
	initialize(params: InitializeParams): void {
		const { window, workspace } = params.capabilities;
		this.#hasProgress = window?.workDoneProgress === true;
		this.#canWatch = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
		this.#roots = foldersOf(params);
		try {
			this.#isOff = wishesIn(params.initializationOptions ?? {}).context === 'off';
		} catch (reason) {
			this.#log(error, reason instanceof Error ? reason.message : String(reason));
		}
	}

	listen(): void {
		const connection = this.#connection;
		connection.onNotification('initialized', () => {
			this.#watch();
			this.#open();
		});
		connection.onNotification('workspace/didChangeWorkspaceFolders', ({ event }: DidChangeWorkspaceFoldersParams) => {
			const removed = new Set(rootsOf(event.removed));
			this.#roots = [...new Set([...this.#roots.filter((root) => !removed.has(root)), ...rootsOf(event.added)])];
			this.#open();
		});
		connection.onNotification('workspace/didChangeWatchedFiles', ({ changes }: DidChangeWatchedFilesParams) => {
			const files = changes.filter(({ uri }) => uri.startsWith('file:'));
			this.#codebase.changed(files.map(({ uri, type }) => ({ kind: kinds[type - 1] ?? 'changed', file: fileURLToPath(uri) })));
		});
	}

	opened(document: OpenDocument): void {
		void this.#codebase.opened(document.path, document.text).catch(() => {});
		const request = document.requestAt({ line: firstLines, character: 0 }, { triggerKind: 2 });
		this.#rest(() => this.#codebase.look(request, firstLines, this.#gone));
	}

	edited(document: OpenDocument): void {
		this.#codebase.edited(document.path, () => document.text);
	}

	closed({ path }: OpenDocument): void {
		this.#codebase.closed(path);
	}

	/** With what is known of the place where somebody asked for a completion and waits. Whoever just types does not, and gets what is at hand. */
	async surrounded(request: CompletionRequest, line: number, signal: AbortSignal): Promise<CompletionRequest> {
		this.#rest(async () => {
			if (await this.#codebase.look(request, line, this.#gone)) await this.#engine.warm(request, this.#gone);
		});
		if (request.trigger === 'automatic') return request;
		return { ...request, context: await this.#codebase.gather(request, line, signal) };
	}

	end(): void {
		clearTimeout(this.#resting);
	}

	#open(): void {
		const roots = this.#isOff ? [] : this.#roots;
		if (this.#hasProgress) this.#progress.begin(roots.length);
		this.#codebase.open(roots, (event) => this.#note(event));
	}

	#note(event: IndexEvent): void {
		this.#progress.note(event);
		if (event.kind === 'fault') this.#log(warning, event.message);
		// What was looked for before that was not found.
		if (event.kind === 'ready') this.#last?.();
	}

	/** Does something as soon as nobody does anything for a moment. */
	#rest(act: () => Promise<unknown>): void {
		clearTimeout(this.#resting);
		const rested = () =>
			void act().catch((reason: unknown) => {
				if (!this.#gone.aborted) throw reason;
			});
		this.#last = rested;
		this.#resting = setTimeout(rested, restMs);
	}

	/** What is changed by others is known at once where the client says it, and at the next start where it does not. */
	#watch(): void {
		if (!this.#canWatch || this.#isOff) return;
		const registerOptions = { watchers: [{ globPattern: '**/*' }] };
		const registrations = [{ id: 'co-clone/files', method: 'workspace/didChangeWatchedFiles', registerOptions }];
		this.#connection.sendRequest('client/registerCapability', { registrations }).catch(() => {});
	}

	#log(type: number, message: string): void {
		void this.#connection.sendNotification('window/logMessage', { type, message: `Co-Clone: ${message}` });
	}
}
