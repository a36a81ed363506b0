import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DownloadProgress, download } from './download.ts';
import { asDiskError, diskFull } from './download-error.ts';
import { InstallLock, type LockTimes } from './install-lock.ts';
import { type KnownGguf, knownGgufs } from './known-gguf.ts';
import { PartialFile, partialPath, removePartial } from './partial-file.ts';

/** What a full disk needs to stay usable, in bytes. */
const spareBytes = 200e6;

export interface ModelStoreOptions extends LockTimes {
	readonly models: readonly KnownGguf[];
	/** Bytes that can be written to the disk of a folder. */
	readonly freeBytes: (folder: string) => Promise<number>;
	readonly stallMs: number;
	readonly retryMs: number;
}

const defaults: ModelStoreOptions = {
	models: knownGgufs,
	freeBytes: async (folder) => {
		const { bavail, bsize } = await statfs(folder);
		return bavail * bsize;
	},
	stallMs: 60_000,
	retryMs: 1_000,
	pollMs: 500,
	beatMs: 5_000,
	staleMs: 60_000,
};

export interface InstallOptions {
	/** The editor's; see `Network`. */
	readonly fetch: typeof fetch;
	readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * A folder with the files of models. Several processes may use it at once.
 *
 * Invariant: a model's file is there whole and with the right checksum, or it is not there. What is on its way is next to it, in
 * `NAME.partial`, and who is working on that in `NAME.lock`.
 */
export class ModelStore {
	readonly #folder: string;
	readonly #options: ModelStoreOptions;

	constructor(folder: string, options: Partial<ModelStoreOptions> = {}) {
		this.#folder = folder;
		this.#options = { ...defaults, ...options };
	}

	/** The known models that are here. */
	async installed(): Promise<KnownGguf[]> {
		const found = await Promise.all(this.#options.models.map(async (model) => ((await this.#has(model)) ? [model] : [])));
		return found.flat();
	}

	/** Where an installed model's file is; undefined when it is not installed. */
	async pathOf(name: string): Promise<string | undefined> {
		const model = this.#find(name);
		return model && (await this.#has(model)) ? this.#target(model) : undefined;
	}

	/** How much of a model is here already and would not be downloaded again, in bytes. */
	async receivedBytes(name: string): Promise<number> {
		const model = this.#find(name);
		if (!model) return 0;
		return (await this.#has(model)) ? model.bytes : await sizeOf(partialPath(this.#target(model)));
	}

	/**
	 * Downloads a model, unless it is here, and resolves to its path. When another process is at it already, waits for that one and
	 * takes over if it gives up. Aborting the signal keeps what has come for the next time.
	 * @throws DownloadError
	 */
	async install(model: KnownGguf, { fetch, onProgress = () => {} }: InstallOptions, signal: AbortSignal): Promise<string> {
		const target = this.#target(model);
		if (await this.#has(model)) return target;
		await this.#createFolder();
		const report = async () => {
			const receivedBytes = Math.min(await sizeOf(partialPath(target)), model.bytes);
			onProgress({ receivedBytes, totalBytes: model.bytes, bytesPerSecond: 0 });
		};
		const lock = await InstallLock.take(lockPath(target), this.#options, report, signal);
		try {
			const stop = AbortSignal.any([signal, lock.lost]);
			if (!(await this.#has(model))) await this.#download(model, { fetch, onProgress }, stop);
			return target;
		} finally {
			await lock.release();
		}
	}

	/** Reads a model's file again, and deletes it if it is not what was installed. False when there is none after that. */
	async verify(name: string, signal: AbortSignal): Promise<boolean> {
		const model = this.#find(name);
		const path = await this.pathOf(name);
		if (!model || !path) return false;
		const hash = createHash('sha256');
		await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
		if (hash.digest('hex') === model.sha256) return true;
		await this.remove(name);
		return false;
	}

	/** @throws DownloadError when the file cannot be deleted, for example because it is in use. */
	async remove(name: string): Promise<void> {
		const model = this.#find(name);
		if (!model) return;
		try {
			await rm(this.#target(model), { force: true });
			if ((await sizeOf(lockPath(this.#target(model)))) === 0) await removePartial(this.#target(model));
		} catch (cause) {
			throw asDiskError(cause, this.#folder);
		}
	}

	async #download(model: KnownGguf, { fetch, onProgress }: Required<InstallOptions>, signal: AbortSignal): Promise<void> {
		const { stallMs, retryMs } = this.#options;
		await this.#refuseFullDisk(model);
		const partial = await PartialFile.open(this.#target(model), signal);
		try {
			await download(model, partial, { fetch, stallMs, onProgress, retryMs }, signal);
			signal.throwIfAborted();
			await partial.complete();
		} finally {
			await partial.close();
		}
	}

	async #refuseFullDisk(model: KnownGguf): Promise<void> {
		const missing = model.bytes - (await sizeOf(partialPath(this.#target(model)))) + spareBytes;
		// Where nobody can tell, writing will.
		const free = await this.#options.freeBytes(this.#folder).catch(() => Number.POSITIVE_INFINITY);
		if (free < missing) throw diskFull(this.#folder, undefined, missing - free);
	}

	async #createFolder(): Promise<void> {
		await mkdir(this.#folder, { recursive: true }).catch((cause) => {
			throw asDiskError(cause, this.#folder);
		});
	}

	async #has(model: KnownGguf): Promise<boolean> {
		return (await sizeOf(this.#target(model))) === model.bytes;
	}

	#find(name: string): KnownGguf | undefined {
		return this.#options.models.find((model) => model.name === name);
	}

	#target(model: KnownGguf): string {
		return join(this.#folder, model.file);
	}
}

function lockPath(target: string): string {
	return `${target}.lock`;
}

/** 0 for what is not there. */
async function sizeOf(path: string): Promise<number> {
	return stat(path).then(
		({ size }) => size,
		() => 0,
	);
}
