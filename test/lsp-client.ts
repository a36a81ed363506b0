import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import {
	type CancellationToken,
	createMessageConnection,
	type MessageConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { InitializeResult, InlineCompletionItem, LogMessageParams } from 'vscode-languageserver-protocol';

/** An editor with one text, in front of `co-clone lsp` in a process of its own. */
export class LspClient implements AsyncDisposable {
	readonly connection: MessageConnection;
	readonly logged: LogMessageParams[] = [];
	readonly uri: string;
	readonly #process: ChildProcess;
	#version = 1;

	private constructor(child: ChildProcess, connection: MessageConnection, uri: string) {
		this.#process = child;
		this.connection = connection;
		this.uri = uri;
		connection.onNotification('window/logMessage', (params: LogMessageParams) => void this.logged.push(params));
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
