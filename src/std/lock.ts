import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Who holds the lock and does not answer for this long is not starting any more. */
const patienceMs = 20_000;

/**
 * Decides which of several programs that start at once is the one. The lock is a file with the process id of the one that has it. A
 * lock whose process is gone, or does not answer, is taken over.
 *
 * @param isAnswering whether another one answers where this one would
 * @returns whether we are the one; if not, another answers.
 */
export async function takeLock(path: string, isAnswering: () => Promise<boolean>): Promise<boolean> {
	for (const until = performance.now() + patienceMs; ; await delay(50)) {
		if (create(path)) return true;
		if (await isAnswering()) return false;
		const holder = read(path);
		if (holder !== undefined && (!isRunning(holder) || performance.now() > until)) remove(path, holder);
	}
}

/** Gives the lock back, if it is still ours. */
export function leaveLock(path: string): void {
	if (isOurs(path)) rmSync(path, { force: true });
}

/** Whether the lock is ours, still or again: it is taken anew where it was deleted. */
export function keepLock(path: string): boolean {
	if (isOurs(path)) return true;
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	return create(path);
}

function isOurs(path: string): boolean {
	return read(path) === String(process.pid);
}

function create(path: string): boolean {
	try {
		writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
		return true;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	}
}

function read(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

/** Renaming happens once: of two that remove the same lock, one gets it. One that got another's new lock puts it back. */
function remove(path: string, holder: string): void {
	const aside = `${path}.${process.pid}`;
	try {
		renameSync(path, aside);
		if (read(aside) === holder) rmSync(aside, { force: true });
		else renameSync(aside, path);
	} catch {
		// Somebody else was faster.
	}
}

function isRunning(holder: string): boolean {
	const pid = Number(holder);
	if (!Number.isSafeInteger(pid) || pid <= 0) return false;
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// Another user's process, which reuses the id.
		return error instanceof Error && 'code' in error && error.code !== 'ESRCH' && error.code !== 'EPERM';
	}
}
