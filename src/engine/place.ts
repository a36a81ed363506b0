import { existsSync } from 'node:fs';
import { keepLock } from '../std/lock.ts';
import type { EngineServer } from './server.ts';

/**
 * Sees to it that an engine can be found for as long as it runs: what cleans up temporary folders may delete its lock and its socket.
 * Where another engine has been started since, that one stays and this one goes, so that no model is in memory twice for long.
 */
export async function keepPlace(server: EngineServer, lock: string, address: string): Promise<void> {
	try {
		if (!keepLock(lock)) server.retire();
		else if (process.platform !== 'win32' && !existsSync(address)) await server.listen(address);
	} catch {
		// The folder cannot be made or written to now. Whoever is connected is served all the same.
	}
}
