import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { delay } from '../std/abortable.ts';
import { asDiskError, DownloadError, systemCode } from './download-error.ts';

/** Times in milliseconds. */
export interface LockTimes {
	/** How often those who wait look again. */
	readonly pollMs: number;
	/** How often the owner shows that it is alive. */
	readonly beatMs: number;
	/** Without a sign of life for this long the owner is gone, whatever else it looks like. */
	readonly staleMs: number;
}

/**
 * Lets one process at a time work on a file: whoever creates the lock file owns it. What a process left behind that ended without
 * releasing is taken over.
 */
export class InstallLock {
	/** Aborts when the lock file is not ours any more, with the reason. */
	readonly lost: AbortSignal;
	readonly #path: string;
	readonly #id: string;
	readonly #beat: NodeJS.Timeout;

	private constructor(path: string, id: string, beatMs: number) {
		const losing = new AbortController();
		this.lost = losing.signal;
		this.#path = path;
		this.#id = id;
		const beat = async () => {
			const loss = await this.#beatOrLoss();
			if (loss) losing.abort(loss);
		};
		this.#beat = setInterval(() => void beat(), beatMs).unref();
	}

	/** Waits until the lock is free and takes it. `onWait` is called each time that it is not. */
	static async take(path: string, times: LockTimes, onWait: () => Promise<void>, signal: AbortSignal): Promise<InstallLock> {
		const id = randomUUID();
		for (;;) {
			signal.throwIfAborted();
			if (await create(path, id)) return new InstallLock(path, id, times.beatMs);
			if (await isAbandoned(path, times.staleMs)) await removeAbandoned(path, times.staleMs);
			else await onWait();
			await delay(times.pollMs, signal).catch(() => signal.throwIfAborted());
		}
	}

	async release(): Promise<void> {
		clearInterval(this.#beat);
		if ((await readOwner(this.#path))?.id === this.#id) await rm(this.#path, { force: true });
	}

	/** Shows that the owner is alive; why it is not the owner any more, if so. */
	async #beatOrLoss(): Promise<DownloadError | undefined> {
		const owner = await readOwner(this.#path);
		if (owner?.id !== this.#id) return lostLock(this.#path, owner);
		const now = new Date();
		return await utimes(this.#path, now, now).then(
			() => undefined,
			() => lostLock(this.#path, undefined),
		);
	}
}

interface Owner {
	readonly id: string;
	readonly pid: number;
	readonly host: string;
}

/** Creates a lock file; false when there is one. */
async function create(path: string, id: string): Promise<boolean> {
	try {
		await writeFile(path, JSON.stringify({ id, pid: process.pid, host: hostname() } satisfies Owner), { flag: 'wx' });
		return true;
	} catch (cause) {
		if (systemCode(cause) === 'EEXIST') return false;
		throw asDiskError(cause, dirname(path));
	}
}

/** Undefined while it is being written, and when there is none. */
async function readOwner(path: string): Promise<Owner | undefined> {
	try {
		const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
		return isOwner(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

function isOwner(value: unknown): value is Owner {
	return typeof value === 'object' && value !== null && 'id' in value && 'pid' in value && 'host' in value;
}

/** A process of another machine or container can only be judged by its signs of life. */
async function isAbandoned(path: string, staleMs: number): Promise<boolean> {
	const [owner, modifiedAt] = [await readOwner(path), await modifiedMs(path)];
	if (modifiedAt === undefined) return false;
	return Date.now() - modifiedAt > staleMs || (owner?.host === hostname() && !isRunning(owner.pid));
}

async function modifiedMs(path: string): Promise<number | undefined> {
	return stat(path).then(
		({ mtimeMs }) => mtimeMs,
		() => undefined,
	);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (cause) {
		return systemCode(cause) === 'EPERM';
	}
}

/**
 * One at a time, and looking again: of two who found the same abandoned lock the slower one would remove the lock that the faster
 * one has taken since.
 */
async function removeAbandoned(path: string, staleMs: number): Promise<void> {
	const gate = `${path}.takeover`;
	if (await create(gate, randomUUID())) {
		if (await isAbandoned(path, staleMs)) await rm(path, { force: true });
		await rm(gate, { force: true });
	} else if (await isAbandoned(gate, staleMs)) await rm(gate, { force: true });
}

function lostLock(path: string, owner: Owner | undefined): DownloadError {
	const what = owner ? 'was taken over by another window' : 'was deleted or emptied';
	return new DownloadError('interrupted', `${dirname(path)} ${what} during the download. Start it again.`);
}
