import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type IndexEvent, type IndexLimits, WorkerIndex } from '../src/context/worker-index.ts';
import type { TemporaryFolder } from './temporary-folder.ts';

/** The bundle of the real thread. */
export const worker = resolve('out/test/index-worker.cjs');
export const forever = new AbortController().signal;

/** A workspace on the disk, and a real worker with its index. */
export class IndexBench implements AsyncDisposable {
	readonly events: IndexEvent[] = [];
	readonly index: WorkerIndex;
	readonly #root: string;
	#heard = () => {};

	constructor(folder: TemporaryFolder, options: { readonly script?: string; readonly limits?: Partial<IndexLimits> } = {}) {
		this.#root = join(folder.path, 'work');
		this.index = new WorkerIndex({
			script: options.script ?? worker,
			cache: join(folder.path, 'cache'),
			mostBytes: 1e9,
			limits: { answer: 5000, ...options.limits },
			onEvent: (event) => {
				this.events.push(event);
				this.#heard();
			},
		});
	}

	open(): void {
		this.index.setFolders([{ root: this.#root, name: 'work', exclude: [] }]);
	}

	async write(path: string, text: string | Uint8Array): Promise<void> {
		await mkdir(dirname(join(this.#root, path)), { recursive: true });
		await writeFile(join(this.#root, path), text);
	}

	change(path: string, text?: string): void {
		this.index.take([{ kind: 'changed', file: join(this.#root, path), ...(text === undefined ? {} : { text }) }]);
	}

	delete(path: string): void {
		this.index.take([{ kind: 'deleted', file: join(this.#root, path) }]);
	}

	/** Waits until something was told as often as that. */
	async told(kind: IndexEvent['kind'], times = 1): Promise<IndexEvent> {
		for (;;) {
			const found = this.events.filter((event) => event.kind === kind);
			const last = found[times - 1];
			if (last) return last;
			await new Promise<void>((resolve) => {
				this.#heard = resolve;
			});
		}
	}

	async find(text: string): Promise<readonly string[]> {
		return (await this.index.search({ text, path: '', limit: 9 }, forever)).map(({ path }) => path);
	}

	/** Changes are taken a moment later. */
	async finds(text: string, paths: readonly string[]): Promise<void> {
		let found: readonly string[] = [];
		for (let i = 0; i < 100; i++) {
			found = await this.find(text);
			if (found.join() === paths.join()) return;
			await delay(20);
		}
		assert.deepEqual(found, paths);
	}

	faults(): string {
		return this.events.map((event) => (event.kind === 'fault' ? event.message : '')).join('');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.index.close();
	}
}
