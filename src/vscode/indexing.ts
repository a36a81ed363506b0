import { join } from 'node:path';
import { Disposable, type ExtensionContext, type LogOutputChannel, RelativePattern, type TextDocument, type Uri, workspace } from 'vscode';
import type { FileChange } from '../context/index/index-wire.ts';
import { type IndexEvent, WorkerIndex } from '../context/worker-index.ts';
import { LateProgress } from './late-progress.ts';
import { places } from './places.ts';
import { readSettings } from './settings.ts';

/** In milliseconds: the window is to be there first; files come in crowds; whoever types pauses for it. */
const pause = { start: 2000, files: 100, typing: 400 };
/** In milliseconds, at a time. */
const mostMs = 8;
/** Longer texts are not indexed. */
const mostCharacters = 512 * 1024;
const mostBytes = 150_000_000;
/** A folder that is read faster shows no progress. */
const showAfterMs = 2000;

/** The index of the codebase in a worker. Empty until `Indexing` opens it. */
export function createIndex(context: ExtensionContext, log: LogOutputChannel): WorkerIndex {
	const cache = join((context.storageUri ?? context.globalStorageUri).fsPath, 'index');
	const progress = new LateProgress('Co-Clone reads the codebase', showAfterMs);
	const onEvent = (event: IndexEvent) => {
		if (event.kind === 'fault') log.warn(event.message);
		if (event.kind === 'ready') log.info(summary(event));
		if (event.kind === 'progress')
			progress.report(event.done === 0 ? `${event.total} files found` : `${event.done} of ${event.total} files`);
		else progress.end();
	};
	return new WorkerIndex({ script: context.asAbsolutePath(join('dist', 'index-worker.cjs')), cache, mostBytes, onEvent });
}

function summary({ files, chunks, ms, leftOut }: Extract<IndexEvent, { kind: 'ready' }>): string {
	const done = `The index has ${files} files in ${chunks} pieces after ${Math.round(ms)} ms.`;
	const rest = ` ${leftOut} more are left out, so that it does not take more memory; .co-cloneignore can name files that matter less.`;
	return leftOut > 0 ? done + rest : done;
}

/** Keeps an index like the workspace is: its folders, what is changed on the disk by whomever, what is typed and not saved. */
export class Indexing implements Disposable {
	readonly #index: WorkerIndex;
	readonly #listening: Disposable;
	#watching: Disposable | undefined;
	readonly #changes: FileChange[] = [];
	#flush: NodeJS.Timeout | undefined;
	readonly #typing = new Map<string, NodeJS.Timeout>();
	/** Texts at which somebody has paused. */
	readonly #paused = new Set<TextDocument>();
	#next: NodeJS.Immediate | undefined;

	constructor(index: WorkerIndex, startAfterMs = pause.start) {
		this.#index = index;
		const starting = setTimeout(() => this.#open(), startAfterMs);
		this.#listening = Disposable.from(
			new Disposable(() => clearTimeout(starting)),
			workspace.onDidGrantWorkspaceTrust(() => this.#open()),
			workspace.onDidChangeWorkspaceFolders(() => this.#open()),
			workspace.onDidChangeConfiguration((event) => {
				if (event.affectsConfiguration('co-clone.context') || event.affectsConfiguration('files.exclude')) this.#open();
			}),
		);
	}

	dispose(): void {
		this.#listening.dispose();
		this.#close();
		void this.#index.close();
	}

	#close(): void {
		this.#watching?.dispose();
		this.#watching = undefined;
		clearTimeout(this.#flush);
		for (const timer of this.#typing.values()) clearTimeout(timer);
		this.#typing.clear();
		clearImmediate(this.#next);
		this.#paused.clear();
		this.#changes.length = 0;
	}

	/** Again whenever the folders are others. */
	#open(): void {
		this.#close();
		const folders = workspace.isTrusted && readSettings().context !== 'off' ? places() : [];
		this.#index.setFolders(folders);
		if (folders.length === 0) return;
		this.#watching = Disposable.from(
			...folders.map(({ root }) => this.#watch(root)),
			workspace.onDidChangeTextDocument(({ document }) => this.#typed(document)),
			workspace.onDidSaveTextDocument(({ uri }) => this.#changed(uri)),
			workspace.onDidCloseTextDocument(({ uri }) => this.#changed(uri)),
		);
		for (const document of workspace.textDocuments) if (document.isDirty) this.#typed(document);
	}

	#watch(root: string): Disposable {
		const watcher = workspace.createFileSystemWatcher(new RelativePattern(root, '**/*'));
		return Disposable.from(
			watcher,
			watcher.onDidCreate((uri) => this.#changed(uri, 'created')),
			watcher.onDidChange((uri) => this.#changed(uri)),
			watcher.onDidDelete((uri) => this.#changed(uri, 'deleted')),
		);
	}

	#changed({ scheme, fsPath: file }: Uri, kind: FileChange['kind'] = 'changed'): void {
		if (scheme !== 'file') return;
		clearTimeout(this.#typing.get(file));
		this.#typing.delete(file);
		this.#add({ kind, file });
	}

	#typed(document: TextDocument): void {
		const { uri } = document;
		if (uri.scheme !== 'file') return;
		clearTimeout(this.#typing.get(uri.fsPath));
		const pauses = () => {
			this.#typing.delete(uri.fsPath);
			this.#paused.add(document);
			clearImmediate(this.#next);
			this.#next = setImmediate(() => this.#takeSome());
		};
		this.#typing.set(uri.fsPath, setTimeout(pauses, pause.typing));
	}

	/** One edit may be in hundreds of texts, and nobody else has a turn while they are put together. */
	#takeSome(): void {
		const started = performance.now();
		for (const document of this.#paused) {
			if (performance.now() - started > mostMs) break;
			this.#paused.delete(document);
			this.#take(document);
		}
		if (this.#paused.size > 0) this.#next = setImmediate(() => this.#takeSome());
	}

	#take(document: TextDocument): void {
		const file = document.uri.fsPath;
		const text = document.isDirty && !document.isClosed ? document.getText() : '';
		if (text === '' || text.length > mostCharacters) this.#add({ kind: 'changed', file });
		else this.#add({ kind: 'changed', file, text });
	}

	/** A branch switch is one message. */
	#add(change: FileChange): void {
		if (this.#changes.length === 0) this.#flush = setTimeout(() => this.#index.take(this.#changes.splice(0)), pause.files);
		this.#changes.push(change);
	}
}
