import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A folder of the user's own for what matters as long as the machine is up: sockets, which have to be on this machine and have short names, and locks. */
export function runtimeFolder(environment: { readonly [name: string]: string | undefined }): string {
	const runtime = environment['XDG_RUNTIME_DIR'];
	// After `su` it is still the other user's, and in a container it may not be there.
	if (runtime && isOurs(runtime)) return join(runtime, 'co-clone');
	// A container may run as a user who has a number and no name.
	return join(tmpdir(), `co-clone-${process.getuid?.() ?? userInfo().username.replace(/\W/g, '-')}`);
}

/**
 * Makes a folder that nobody else may look into.
 * @throws where it is not ours, or cannot be made ours alone
 */
export function preparePrivateFolder(folder: string): void {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	if (process.platform === 'win32') return;
	const found = lstatSync(folder);
	if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error('it belongs to somebody else');
	chmodSync(folder, 0o700);
}

function isOurs(folder: string): boolean {
	try {
		return statSync(folder).uid === process.getuid?.();
	} catch {
		return false;
	}
}
