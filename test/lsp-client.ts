import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
	type CancellationToken,
	createMessageConnection,
	type MessageConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { InitializeResult, InlineCompletionItem, LogMessageParams } from 'vscode-languageserver-protocol';

/** A folder that an editor has open. */
interface Project {
	readonly root: string;
	/** Where the server keeps what it knows. */
	readonly data: string;
	readonly initializationOptions?: object;
}

/** An editor with one text, in front of `co-clone lsp` in a process of its own. */
export class LspClient implements AsyncDisposable {
	readonly connection: MessageConnection;
	readonly logged: LogMessageParams[] = [];
	/** How far the server said it was. */
	readonly progress: { readonly kind: string; readonly title?: string }[] = [];
	/** What the server wants to be told. */
	readonly registered: string[] = [];
	readonly uri: string;
	readonly #process: ChildProcess;
	#version = 1;

	private constructor(child: ChildProcess, connection: MessageConnection, uri: string) {
		this.#process = child;
		this.connection = connection;
		this.uri = uri;
		connection.onNotification('window/logMessage', (params: LogMessageParams) => void this.logged.push(params));
		connection.onRequest('window/workDoneProgress/create', () => null);
		connection.onNotification('$/progress', ({ value }) => void this.progress.push(value));
		connection.onRequest('client/registerCapability', ({ registrations }) => {
			for (const { method } of registrations) this.registered.push(method);
			return null;
		});
	}

	/** The process, and nothing said yet. */
	static start(model: string, uri = 'file:///project/add.ts', environment: NodeJS.ProcessEnv = {}): LspClient {
		const child = spawn(process.execPath, [resolve('out/test/cli.cjs'), 'lsp', '--stdio', '--model', model], {
			stdio: ['pipe', 'pipe', 'inherit'],
			env: { ...process.env, ...environment },
		});
		const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
		connection.listen();
		return new LspClient(child, connection, uri);
	}

	/** With a text open. */
	static async open(
		model: string,
		text: string,
		uri?: string,
		encodings?: readonly string[],
		environment?: NodeJS.ProcessEnv,
	): Promise<LspClient> {
		const client = LspClient.start(model, uri, environment);
		await client.initialize(encodings);
		const textDocument = { uri: client.uri, languageId: 'typescript', version: 1, text };
		await client.connection.sendNotification('textDocument/didOpen', { textDocument });
		return client;
	}

	/** With a folder open, and one of its files. */
	static async inProject(model: string, { root, data, initializationOptions }: Project, path: string): Promise<LspClient> {
		const file = join(root, path);
		const client = LspClient.start(model, pathToFileURL(file).href, { XDG_DATA_HOME: data });
		const workspace = { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } };
		await client.connection.sendRequest('initialize', {
			processId: process.pid,
			rootUri: null,
			workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'project' }],
			capabilities: { window: { workDoneProgress: true }, workspace },
			initializationOptions,
		});
		await client.connection.sendNotification('initialized', {});
		const textDocument = { uri: client.uri, languageId: 'typescript', version: 1, text: await readFile(file, 'utf8') };
		await client.connection.sendNotification('textDocument/didOpen', { textDocument });
		return client;
	}

	/** Something on the disk is another now. */
	async changedOnDisk(file: string, type: 1 | 2 | 3): Promise<void> {
		await this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(file).href, type }] });
	}

	async initialize(positionEncodings?: readonly string[]): Promise<InitializeResult> {
		const capabilities = positionEncodings ? { general: { positionEncodings } } : {};
		const result: InitializeResult = await this.connection.sendRequest('initialize', {
			processId: process.pid,
			rootUri: null,
			capabilities,
		});
		await this.connection.sendNotification('initialized', {});
		return result;
	}

	/** Takes what is between two columns of a line for a text. */
	async edit(line: number, from: number, to: number, text: string): Promise<void> {
		const range = { start: { line, character: from }, end: { line, character: to } };
		const textDocument = { uri: this.uri, version: ++this.#version };
		await this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ range, text }] });
	}

	async ask(line: number, character: number, context: object = { triggerKind: 2 }, token?: CancellationToken) {
		const params = { textDocument: { uri: this.uri }, position: { line, character }, context };
		const items: InlineCompletionItem[] = await this.connection.sendRequest(
			'textDocument/inlineCompletion',
			params,
			...(token ? [token] : []),
		);
		return items;
	}

	/** Resolves to the exit status. */
	async exit(): Promise<number | null> {
		const ended = once(this.#process, 'exit');
		await this.connection.sendNotification('exit');
		const [status] = await ended;
		return status;
	}

	/** Just goes away. */
	async hangUp(): Promise<number | null> {
		const ended = once(this.#process, 'exit');
		this.#process.stdin?.end();
		const [status] = await ended;
		return status;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.connection.dispose();
		if (this.#process.exitCode !== null) return;
		const ended = once(this.#process, 'exit');
		this.#process.kill();
		await ended;
	}
}
