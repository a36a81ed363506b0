import { createHash, randomBytes } from 'node:crypto';
import type { Client } from '../call.ts';

/** Pages that nobody has used for so long are signed out. */
const idleMs = 12 * 3_600_000;
/** Of links that nobody opened the oldest are forgotten first, and so are pages. */
const mostLinks = 16;
const mostPages = 64;

/** What a page holds after it was signed in; only its hash is kept here. */
interface Page {
	readonly client: Client;
	usedAt: number;
}

/**
 * Lets pages in that the user opened by a link. A link works once, and what it is exchanged for is kept by the page for its own origin,
 * with its port: a cookie would be sent to every other program that serves pages on this machine.
 */
export class SignIn {
	readonly #now: () => number;
	readonly #links = new Set<string>();
	readonly #pages = new Map<string, Page>();
	#count = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** What a link carries behind its `#`, which no browser sends anywhere and no server logs. */
	offer(): string {
		const code = secret();
		keep(this.#links, mostLinks - 1);
		this.#links.add(hash(code));
		return code;
	}

	/** The token of a page; undefined where the code was used before or never given out. */
	exchange(code: string): string | undefined {
		if (!this.#links.delete(hash(code))) return undefined;
		const token = secret();
		keep(this.#pages, mostPages - 1);
		this.#pages.set(hash(token), { client: { id: `page ${++this.#count}`, scopes: ['complete'] }, usedAt: this.#now() });
		return token;
	}

	/** The page that calls with an `Authorization`. */
	clientOf(authorization: string | null): Client | undefined {
		const given = /^bearer ([\w-]{1,100})$/i.exec(authorization ?? '')?.[1];
		if (given === undefined) return undefined;
		const key = hash(given);
		const page = this.#pages.get(key);
		if (!page) return undefined;
		if (this.#now() - page.usedAt > idleMs) return void this.#pages.delete(key);
		page.usedAt = this.#now();
		return page.client;
	}
}

function secret(): string {
	return randomBytes(32).toString('base64url');
}

/** Looked up by it, a secret is compared with nothing that its own beginning would tell. */
function hash(text: string): string {
	return createHash('sha256').update(text).digest('base64url');
}

function keep(all: Set<string> | Map<string, unknown>, most: number): void {
	for (const oldest of all.keys()) {
		if (all.size <= most) return;
		all.delete(oldest);
	}
}
