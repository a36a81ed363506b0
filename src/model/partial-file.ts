import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asDiskError } from './download-error.ts';

/** What a server calls the version of a file that it sent the beginning of. */
export interface Version {
	readonly url: string;
	readonly etag: string;
}

/**
 * The beginning of a file that is being downloaded, `NAME.partial`. It survives its process, to be continued; next to it
 * `NAME.partial.version` keeps which version it is the beginning of.
 *
 * Invariant: `#hash` has seen exactly the `length` bytes that are in the file.
 */
export class PartialFile {
	readonly #target: string;
	readonly #file: FileHandle;
	#hash: Hash = createHash('sha256');
	#length = 0;

	private constructor(target: string, file: FileHandle) {
		this.#target = target;
		this.#file = file;
	}

	/** Opens what is there of `target`, and reads it once for the checksum. */
	static async open(target: string, signal: AbortSignal): Promise<PartialFile> {
		const path = partialPath(target);
		const file = await open(path, 'a+').catch(rejectAsDiskError(target));
		const partial = new PartialFile(target, file);
		try {
			const { size } = await file.stat();
			if (size > 0) await partial.#read(createReadStream(path, { end: size - 1, highWaterMark: 1 << 20, signal }));
		} catch (cause) {
			await file.close();
			signal.throwIfAborted();
			throw asDiskError(cause, dirname(target));
		}
		return partial;
	}

	get length(): number {
		return this.#length;
	}

	async append(chunk: Uint8Array): Promise<void> {
		await this.#file.appendFile(chunk).catch(rejectAsDiskError(this.#target));
		this.#count(chunk);
	}

	/** Begins anew, with what will be the beginning of another version. */
	async restart(version?: Version): Promise<void> {
		if (this.#length > 0) await this.#file.truncate(0).catch(rejectAsDiskError(this.#target));
		this.#hash = createHash('sha256');
		this.#length = 0;
		const path = versionPath(this.#target);
		const written = version ? writeFile(path, `${version.url}\n${version.etag}\n`) : rm(path, { force: true });
		await written.catch(rejectAsDiskError(this.#target));
	}

	/** Of which version this is the beginning, if the server said. */
	async version(): Promise<Version | undefined> {
		const [url, etag] = await readFile(versionPath(this.#target), 'utf8').then(
			(text) => text.split('\n'),
			() => [],
		);
		return url && etag ? { url, etag } : undefined;
	}

	sha256(): string {
		return this.#hash.copy().digest('hex');
	}

	/** Makes it the whole file, in one step: `target` is never there in part. */
	async complete(): Promise<void> {
		try {
			await this.#file.sync();
			await this.#file.close();
			await rename(partialPath(this.#target), this.#target);
			await rm(versionPath(this.#target), { force: true });
		} catch (cause) {
			throw asDiskError(cause, dirname(this.#target));
		}
	}

	/** Leaves what has come for the next time, if it is anything. */
	async close(): Promise<void> {
		await this.#file.close();
		if (this.#length === 0) await removePartial(this.#target);
	}

	async #read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
		for await (const chunk of chunks) this.#count(chunk);
	}

	#count(chunk: Uint8Array): void {
		this.#hash.update(chunk);
		this.#length += chunk.length;
	}
}

export function partialPath(target: string): string {
	return `${target}.partial`;
}

export async function removePartial(target: string): Promise<void> {
	await rm(partialPath(target), { force: true });
	await rm(versionPath(target), { force: true });
}

function versionPath(target: string): string {
	return `${partialPath(target)}.version`;
}

function rejectAsDiskError(target: string): (cause: unknown) => never {
	return (cause) => {
		throw asDiskError(cause, dirname(target));
	};
}
