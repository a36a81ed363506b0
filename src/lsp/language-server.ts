import { kill } from 'node:process';
import { type CancellationToken, ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type {
	DidChangeTextDocumentParams,
	DidCloseTextDocumentParams,
	DidOpenTextDocumentParams,
	InitializeParams,
	InitializeResult,
	InlineCompletionItem,
	InlineCompletionParams,
} from 'vscode-languageserver-protocol';
import type { CompletionEngine } from '../completion/complete.ts';
import type { CompletionRequest, Outcome } from '../completion/completion.ts';
import type { Reason } from '../completion/reason.ts';
import { within } from '../std/within.ts';
import type { Codebase } from './codebase.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { OpenDocument } from './open-document.ts';
import { Problems } from './problems.ts';
import { Project } from './project.ts';

/** LSP's own; the other codes are those of JSON-RPC. */
const requestCancelled = -32_800;
/** `MessageType.Error` and `TextDocumentSyncKind.Incremental`. */
const error = 1;
const incremental = 2;
/** How long a client waits for the rest of an answer whose first line is there: what it shows cannot grow later. */
const restMs = 1000;
const watchMs = 3000;

/** Whom the server asks. */
export interface LanguageWorld {
	readonly engine: Pick<CompletionEngine, 'complete' | 'leave' | 'warm'>;
	/** Where the engine takes code from elsewhere. */
	readonly codebase: Codebase;
	/** What whoever runs it can do about a reason. */
	readonly adviceFor: (reason: Reason) => string | undefined;
}

/** `before` initialize, `running`, and `over` after shutdown: then there is only exit. */
type Stage = 'before' | 'running' | 'over';

/** Answers `textDocument/inlineCompletion` (LSP 3.18) for one client. */
export class LanguageServer {
	readonly #connection: MessageConnection;
	readonly #world: LanguageWorld;
	readonly #documents = new Map<string, OpenDocument>();
	readonly #problems: Problems;
	readonly #project: Project;
	#stage: Stage = 'before';
	#encoding: Encoding = 'utf-16';
	/** The process of the client, where it says so. */
	#client: number | undefined;
	readonly #gone = new AbortController();

	constructor(connection: MessageConnection, world: LanguageWorld) {
		this.#connection = connection;
		this.#world = world;
		this.#problems = new Problems((message) => {
			void connection.sendNotification('window/logMessage', { type: error, message: `Co-Clone: ${message}` });
		}, world.adviceFor);
		this.#project = new Project(connection, world.codebase, world.engine, this.#gone.signal);
	}

	/** Serves until the client says `exit` or is gone. True when it had said `shutdown` before, as it should. */
	serve(signal: AbortSignal): Promise<boolean> {
		const connection = this.#connection;
		connection.onRequest((method) => this.#refusal() ?? new ResponseError(ErrorCodes.MethodNotFound, `There is no ${method} here.`));
		connection.onRequest('initialize', (params: InitializeParams) => this.#initialize(params));
		connection.onRequest('shutdown', () => {
			const refusal = this.#refusal();
			if (!refusal) this.#stage = 'over';
			return refusal ?? null;
		});
		connection.onRequest(
			'textDocument/inlineCompletion',
			(params: InlineCompletionParams, token: CancellationToken) => this.#refusal() ?? this.#complete(params, token),
		);
		this.#listenToTexts();
		this.#project.listen();
		return new Promise((resolve) => {
			const end = () => {
				this.#gone.abort();
				this.#project.end();
				connection.dispose();
				clearInterval(watch);
				resolve(this.#stage === 'over');
			};
			// A client that crashed may leave its end of the pipe to a process that it started.
			const watch = setInterval(() => this.#client !== undefined && !isAlive(this.#client) && end(), watchMs);
			connection.onNotification('exit', end);
			connection.onClose(end);
			signal.addEventListener('abort', end, { once: true });
			connection.listen();
		});
	}

	#listenToTexts(): void {
		const connection = this.#connection;
		connection.onNotification('textDocument/didOpen', ({ textDocument }: DidOpenTextDocumentParams) => {
			if (this.#stage !== 'running') return;
			const document = new OpenDocument(textDocument, this.#encoding);
			this.#documents.set(textDocument.uri, document);
			this.#project.opened(document);
		});
		connection.onNotification('textDocument/didChange', ({ textDocument, contentChanges }: DidChangeTextDocumentParams) => {
			const document = this.#documents.get(textDocument.uri);
			if (!document) return;
			document.change(contentChanges, textDocument.version);
			this.#project.edited(document);
		});
		connection.onNotification('textDocument/didClose', ({ textDocument }: DidCloseTextDocumentParams) => {
			const document = this.#documents.get(textDocument.uri);
			if (document) this.#project.closed(document);
			this.#documents.delete(textDocument.uri);
		});
	}

	/** Why nothing is answered now. */
	#refusal(): ResponseError | undefined {
		if (this.#stage === 'running') return undefined;
		return this.#stage === 'before'
			? new ResponseError(ErrorCodes.ServerNotInitialized, 'Send “initialize” first.')
			: new ResponseError(ErrorCodes.InvalidRequest, 'After “shutdown” there is only “exit”.');
	}

	#initialize(params: InitializeParams): InitializeResult | ResponseError {
		if (this.#stage !== 'before') return new ResponseError(ErrorCodes.InvalidRequest, '“initialize” comes once.');
		this.#stage = 'running';
		this.#client = params.processId ?? undefined;
		this.#encoding = encodingOf(params.capabilities.general?.positionEncodings);
		this.#project.initialize(params);
		return {
			capabilities: {
				positionEncoding: this.#encoding,
				textDocumentSync: { openClose: true, change: incremental },
				inlineCompletionProvider: true,
				workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
			},
			serverInfo: { name: 'co-clone' },
		};
	}

	async #complete(
		{ textDocument, position, context }: InlineCompletionParams,
		token: CancellationToken,
	): Promise<readonly InlineCompletionItem[] | ResponseError> {
		const document = this.#documents.get(textDocument.uri);
		if (!document) return new ResponseError(ErrorCodes.InvalidParams, `${textDocument.uri} is not open.`);
		const cancelled = new AbortController();
		const signal = AbortSignal.any([cancelled.signal, this.#gone.signal]);
		const listener = token.onCancellationRequested(() => cancelled.abort());
		try {
			const request = await this.#project.surrounded(document.requestAt(position, context), position.line, signal);
			const outcome = await this.#whole(request, signal);
			this.#problems.note(outcome);
			if (signal.aborted) return new ResponseError(requestCancelled, 'Cancelled.');
			return outcome.completion ? [document.itemFor(outcome.completion, position, context)] : [];
		} finally {
			listener.dispose();
		}
	}

	/** With the rest of an answer whose first line is known, where that does not take long. */
	async #whole(request: CompletionRequest, signal: AbortSignal): Promise<Outcome> {
		const { complete } = this.#world.engine;
		const outcome = await complete(request, signal);
		const { growing } = outcome;
		if (!growing) return outcome;
		const hasGrown = await within(restMs, () => growing, signal).catch(() => false);
		if (hasGrown) return complete(request, signal);
		// Nobody could show it any more.
		this.#world.engine.leave();
		return outcome;
	}
}

function isAlive(id: number): boolean {
	try {
		return kill(id, 0);
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}
