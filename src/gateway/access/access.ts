import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Client } from '../call.ts';
import type { Keys } from './keys.ts';
import { ownKey } from './signing-keys.ts';
import { AccessTokens, tokenSeconds } from './tokens.ts';

/** What a client gets for its credential. */
export interface Grant {
	readonly token: string;
	readonly seconds: number;
	/** When to ask for the next one: early enough to have it before this one ends. */
	readonly refreshSeconds: number;
	readonly client: Client;
}

/** The programs of the user that started the gateway, which can read their files. */
const local: Client = { id: 'local', scopes: ['complete', 'manage'] };
/** Whoever reaches the port, where the user has opened it. */
const anybody: Client = { id: 'open', scopes: ['complete'] };

/** Knows who calls: by a key, by an access token that was given for one, or by nothing, where the user wants that. */
export class Access {
	/** For the file that only the user's own programs can read. It ends with the process. */
	readonly localKey = randomBytes(32).toString('base64url');
	readonly #localHash = digest(this.localKey);
	readonly #keys: Keys;
	/** For the programs of whoever started it, which are let in nowhere else. */
	readonly #localTokens: AccessTokens;
	readonly #tokens: AccessTokens;
	readonly isOpen: boolean;

	constructor(keys: Keys, now: () => number, isOpen = false) {
		this.#keys = keys;
		this.#localTokens = new AccessTokens(now, ownKey());
		this.#tokens = new AccessTokens(now, keys.signing(now));
		this.isOpen = isOpen;
	}

	/** Who calls with an `Authorization`; undefined for nobody we know. */
	async authenticate(authorization: string | null): Promise<Client | undefined> {
		const given = /^bearer ([\w.~+/=-]{1,2000})$/i.exec(authorization ?? '')?.[1];
		const known = given === undefined ? undefined : (this.#holder(given) ?? (await this.#bearer(given)));
		// Clients that cannot send a token often send a word instead of one.
		return known ?? (this.isOpen ? anybody : undefined);
	}

	/** An access token for a key; undefined where it is none. */
	async exchange(key: string): Promise<Grant | undefined> {
		const client = this.#holder(key);
		if (!client) return undefined;
		const token = await (client === local ? this.#localTokens : this.#tokens).issue(client);
		return { token, seconds: tokenSeconds, refreshSeconds: tokenSeconds * 0.8, client };
	}

	#holder(key: string): Client | undefined {
		// Both are as long as any other, and compared in the same time.
		if (timingSafeEqual(digest(key), this.#localHash)) return local;
		const found = this.#keys.find(key);
		return found && { id: found.id, scopes: found.scopes };
	}

	/** A token holds only as long as the key that it was given for. */
	async #bearer(token: string): Promise<Client | undefined> {
		const client = await this.#tokens.verify(token);
		if (!client) return this.#localTokens.verify(token);
		return this.#keys.has(client.id) ? client : undefined;
	}
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
