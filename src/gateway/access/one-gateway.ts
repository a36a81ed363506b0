import { join } from 'node:path';
import { keepLock, leaveLock, takeLock } from '../../std/lock.ts';
import { preparePrivateFolder } from '../../std/private-folder.ts';
import { type Announcement, announce, announced, findGateway, socketIn, withdraw } from './discovery.ts';
import type { Counts } from './traffic.ts';

/** What listens, once it does. */
export interface Open extends AsyncDisposable {
	readonly port: number;
	readonly url: string;
	/** For the user's own programs. */
	readonly token: string;
	readonly counts: Counts;
	/** Lets nothing new in. What is under way goes on. */
	readonly drain: () => void;
}

/** The gateway of this user: the one that we opened, or one that was there. */
export interface OneGateway extends AsyncDisposable {
	readonly isOurs: boolean;
	readonly at: Announcement;
}

/** What cleans up temporary folders may delete what tells others of us. */
const keepMs = 30_000;

/**
 * Opens a gateway, unless one of this user answers already: everybody shares one.
 *
 * @param folder the user's own, for what matters as long as the machine is up
 * @throws what `open` throws
 */
export async function oneGateway(folder: string, open: (socket: string) => Promise<Open>): Promise<OneGateway> {
	preparePrivateFolder(folder);
	const lock = join(folder, 'gateway.lock');
	if (!(await takeLock(lock, async () => (await findGateway(folder)) !== undefined))) {
		const at = await findGateway(folder);
		// It went while we looked.
		return at ? { isOurs: false, at, [Symbol.asyncDispose]: async () => {} } : oneGateway(folder, open);
	}
	try {
		return await opened(folder, lock, await open(socketIn(folder)));
	} catch (error) {
		leaveLock(lock);
		throw error;
	}
}

async function opened(folder: string, lock: string, gateway: Open): Promise<OneGateway> {
	const { port, url, token } = gateway;
	const at = { url, port, socket: socketIn(folder), pid: process.pid, startedAt: new Date().toISOString(), token };
	announce(folder, at);
	const keeping = setInterval(() => keep(folder, lock, at), keepMs).unref();
	const dispose = async () => {
		clearInterval(keeping);
		withdraw(folder, at);
		await gateway[Symbol.asyncDispose]();
		leaveLock(lock);
	};
	return { isOurs: true, at, [Symbol.asyncDispose]: dispose };
}

function keep(folder: string, lock: string, at: Announcement): void {
	try {
		// Where another one has been opened since, that is the one to be found.
		if (keepLock(lock) && !announced(folder)) announce(folder, at);
	} catch {
		// The folder cannot be made or written to now. Whoever knows the port is served all the same.
	}
}
