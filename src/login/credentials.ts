import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivate, writePrivate } from '../std/private-file.ts';

/** What signing in left: all that it takes to get tokens, until it is revoked. */
export interface Credential {
	readonly tokenUrl: string;
	readonly clientId: string;
	readonly refreshToken: string;
}

/** What the system keeps secrets in. Each method throws where it cannot. */
export interface Keyring {
	readonly get: (account: string) => string | null;
	readonly set: (account: string, secret: string) => void;
	readonly delete: (account: string) => void;
}

/** Credentials by the origin that they are for: in the system's keyring, or where there is none in files that only the user can read. */
export class Credentials {
	readonly #folder: string;
	readonly #keyring: Keyring | undefined;

	constructor(folder: string, keyring: Keyring | undefined) {
		this.#folder = folder;
		this.#keyring = keyring;
	}

	/** Returns where it is kept. */
	set(origin: string, credential: Credential): 'keyring' | 'file' {
		const text = JSON.stringify(credential);
		try {
			this.#keyring?.set(origin, text);
		} catch {
			return this.#write(origin, text);
		}
		if (!this.#keyring) return this.#write(origin, text);
		rmSync(this.#path(origin), { force: true });
		return 'keyring';
	}

	get(origin: string): Credential | undefined {
		const text = readPrivate(this.#path(origin)) ?? this.#fromKeyring(origin);
		return text === undefined ? undefined : parse(text);
	}

	/** Whether there was one. */
	delete(origin: string): boolean {
		const was = this.get(origin) !== undefined;
		rmSync(this.#path(origin), { force: true });
		try {
			this.#keyring?.delete(origin);
		} catch {
			// It has none, or none of ours.
		}
		return was;
	}

	#write(origin: string, text: string): 'file' {
		writePrivate(this.#path(origin), text);
		return 'file';
	}

	#fromKeyring(origin: string): string | undefined {
		try {
			return this.#keyring?.get(origin) ?? undefined;
		} catch {
			return undefined;
		}
	}

	#path(origin: string): string {
		return join(this.#folder, `${createHash('sha256').update(origin).digest('hex').slice(0, 32)}.json`);
	}
}

function parse(text: string): Credential | undefined {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== 'object' || value === null) return undefined;
		const { tokenUrl, clientId, refreshToken } = { tokenUrl: undefined, clientId: undefined, refreshToken: undefined, ...value };
		const isWhole = typeof tokenUrl === 'string' && typeof clientId === 'string' && typeof refreshToken === 'string';
		return isWhole ? { tokenUrl, clientId, refreshToken } : undefined;
	} catch {
		return undefined;
	}
}
