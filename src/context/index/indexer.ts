import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Folder } from './folder.ts';
import type { FileChange, IndexReport, WorkerStart } from './index-wire.ts';
import { type FolderPlace, WorkspaceIndex } from './workspace-index.ts';

/** In milliseconds: how long it works until it looks up, how long it rests then, how often it tells how far it is. */
const pace = { work: 15, rest: 1, tell: 200 };
/** How long an answer may read files. Whoever asks waits a little longer, and the next file is to be read. */
const readingMs = 150;
/** How long nothing has to change before it is saved: writing takes as long as a few hundred edits. */
const saveAfterMs = 10_000;
/** Whoever closes the window before everything is read does not begin at nothing the next time. */
const saveMeanwhileMs = 60_000;

const rules = /(?:^|[\\/])(?:\.gitignore|\.co-cloneignore|\.git[\\/]info[\\/]exclude)$/;

/** Keeps the index of a workspace like its files are: one thing after the other, a few milliseconds at a time, so that questions get their turn. */
export class Indexer {
	readonly index: WorkspaceIndex;
	readonly #cache: string;
	readonly #report: (report: IndexReport) => void;
	/** By file, the last one of each. */
	readonly #changes = new Map<string, FileChange>();
	/** Folders that are yet to be read, or read again. */
	readonly #scans = new Set<Folder>();
	#isWorking = false;
	#saving: NodeJS.Timeout | undefined;

	constructor({ cache, mostBytes }: WorkerStart, report: (report: IndexReport) => void) {
		this.index = new WorkspaceIndex(mostBytes, readingMs);
		this.#cache = cache;
		this.#report = report;
	}

	setFolders(places: readonly FolderPlace[]): void {
		for (const folder of this.index.setFolders(places)) {
			const fault = folder.load(this.#fileOf(folder));
			if (fault !== undefined) this.#report({ kind: 'fault', message: `The saved index of ${folder.root} is built anew: ${fault}.` });
			this.#scans.add(folder);
		}
		this.#start();
	}

	/** Many at once are a branch switch, or an installation. */
	take(changes: readonly FileChange[]): void {
		for (const change of changes) {
			if (rules.test(change.file)) this.#scanAll();
			this.#changes.delete(change.file);
			this.#changes.set(change.file, change);
		}
		this.#start();
	}

	/** Keeps what is known for the next start. */
	save(): void {
		clearTimeout(this.#saving);
		for (const folder of this.index.folders) if (!folder.isSaved) this.#saveFolder(folder);
	}

	#start(): void {
		clearTimeout(this.#saving);
		if (this.#isWorking) return;
		this.#isWorking = true;
		void this.#work().finally(() => {
			this.#isWorking = false;
			this.#saving = setTimeout(() => this.save(), saveAfterMs);
		});
	}

	async #work(): Promise<void> {
		while (this.#changes.size > 0 || this.#scans.size > 0) {
			await this.#takeChanges();
			const [folder] = this.#scans;
			if (folder) await this.#scan(folder).catch((error: unknown) => this.#failed(folder, error));
		}
	}

	async #takeChanges(): Promise<void> {
		for (const steps = this.#changeSteps(); await this.#goOn(steps); );
	}

	*#changeSteps(): Generator<undefined> {
		for (const [file, change] of this.#changes) {
			this.#changes.delete(file);
			if (change.kind === 'deleted') this.index.deleted(file);
			else if (change.kind === 'created' && isFolder(file)) this.#scanAll();
			else this.index.changed(file, change.kind === 'changed' ? change.text : undefined);
			yield undefined;
		}
	}

	/** Costs little where nothing has changed. */
	#scanAll(): void {
		for (const folder of this.index.folders) this.#scans.add(folder);
	}

	async #scan(folder: Folder): Promise<void> {
		this.#scans.delete(folder);
		const started = performance.now();
		let told = started;
		let saved = started;
		const steps = folder.scan();
		for (let step = await this.#goOn(steps); step; step = await this.#goOn(steps)) {
			if (!this.index.folders.includes(folder)) return;
			if (this.#changes.size > 0) await this.#takeChanges();
			if (performance.now() - saved > saveMeanwhileMs) {
				if (!folder.isSaved) this.#saveFolder(folder);
				saved = performance.now();
			}
			if (performance.now() - told < pace.tell) continue;
			told = performance.now();
			this.#report({ kind: 'progress', ...step.value });
		}
		const { fileCount: files, chunkCount: chunks, leftOut } = folder;
		this.#report({ kind: 'ready', files, chunks, leftOut, ms: performance.now() - started });
		if (!folder.isSaved) this.#saveFolder(folder);
	}

	/** Works for a while. Returns the last step, or undefined at the end. */
	async #goOn<T>(steps: Generator<T>): Promise<{ readonly value: T } | undefined> {
		const until = performance.now() + pace.work;
		let step = steps.next();
		while (!step.done && performance.now() < until) step = steps.next();
		if (step.done) return undefined;
		await sleep(pace.rest);
		return { value: step.value };
	}

	#failed({ root }: Folder, error: unknown): void {
		this.#report({ kind: 'fault', message: `${root} cannot be read: ${messageOf(error)}. The index of it stays what it was.` });
	}

	#saveFolder(folder: Folder): void {
		try {
			mkdirSync(this.#cache, { recursive: true, mode: 0o700 });
			folder.save(this.#fileOf(folder));
		} catch (error) {
			this.#report({
				kind: 'fault',
				message: `The index of ${folder.root} cannot be saved: ${messageOf(error)}. It is built anew at the next start.`,
			});
		}
	}

	#fileOf({ root }: Folder): string {
		return join(this.#cache, `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.index`);
	}
}

function isFolder(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
