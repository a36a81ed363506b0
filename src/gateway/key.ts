import { createHash, timingSafeEqual } from 'node:crypto';
import type { Client } from './call.ts';

/** Knows whoever has one key. */
export function knowsKey(key: string, client: Client): (authorization: string | null) => Promise<Client | undefined> {
	const expected = digest(key);
	return async (authorization) => {
		const given = /^bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
		// Both are as long as any other, and compared in the same time.
		return given !== undefined && timingSafeEqual(digest(given), expected) ? client : undefined;
	};
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
