import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivate, writePrivate } from '../../std/private-file.ts';
import { preparePrivateFolder } from '../../std/private-folder.ts';
import { isObject, type Json } from '../body.ts';
import type { Scope } from '../call.ts';
import { addKey, type SigningKeys, sharedKeys } from './signing-keys.ts';

/** What is kept of a key: not what it takes to use it. */
export interface Key {
	readonly id: string;
	/** Whose it is, in the user's words. */
	readonly name: string;
	readonly scopes: readonly Scope[];
	/** As in `2026-01-31T12:00:00.000Z`. */
	readonly created: string;
}

interface KeptKey extends Key {
	/** SHA-256 of the text. The text is random and long, so there is nothing to guess and a slow hash protects nothing. */
	readonly hash: string;
}

const textPattern = /^cck_([a-z0-9]{10})_([\w-]{43})$/;
const idPattern = /^[a-z0-9]{10}$/;
const mostName = 64;

/** Something to hash against where there is no such key, so that this takes as long. */
const nobody = digest('');

/**
 * The user's keys: long-lived, each with a name, each to be taken back at any time. A file for each, so that programs that make and
 * revoke keys at the same time are not in each other's way, and whoever serves needs no word of it.
 */
export class Keys {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** The text is known here and to whoever gets it, and never again. */
	create(name: string, scopes: readonly Scope[] = ['complete']): { readonly key: Key; readonly text: string } {
		const id = Array.from({ length: 10 }, () => randomInt(36).toString(36)).join('');
		const text = `cck_${id}_${randomBytes(32).toString('base64url')}`;
		const key = { id, name: plainName(name), scopes, created: new Date().toISOString() };
		writePrivate(this.#path(id), `${JSON.stringify({ ...key, hash: digest(text).toString('hex') }, undefined, '\t')}\n`);
		return { key, text };
	}

	/** Oldest first. */
	list(): readonly Key[] {
		const kept = this.#ids().flatMap((id) => this.#read(id) ?? []);
		return kept.map(({ hash, ...key }) => key).toSorted((a, b) => a.created.localeCompare(b.created));
	}

	/** Whether there was one. */
	revoke(id: string): boolean {
		if (!this.has(id)) return false;
		rmSync(this.#path(id), { force: true });
		return true;
	}

	has(id: string): boolean {
		return this.#read(id) !== undefined;
	}

	/** The key that a text is. */
	find(text: string): Key | undefined {
		const id = textPattern.exec(text)?.[1];
		if (id === undefined) return undefined;
		const found = this.#read(id);
		const isIt = timingSafeEqual(digest(text), found ? Buffer.from(found.hash, 'hex') : nobody);
		return found && isIt ? { id, name: found.name, scopes: found.scopes, created: found.created } : undefined;
	}

	/** What tokens for these keys are signed with. */
	signing(now: () => number): SigningKeys {
		return sharedKeys(this.#signingFile, now);
	}

	/** Has all gateways with these keys accept each other's tokens; once more: with another key. Returns when that is signed with. */
	share(now: number): Date {
		return addKey(this.#signingFile, now);
	}

	get #signingFile(): string {
		return join(this.#folder, 'signing.json');
	}

	#ids(): readonly string[] {
		preparePrivateFolder(this.#folder);
		return readdirSync(this.#folder).flatMap((name) => (name.endsWith('.json') ? name.slice(0, -'.json'.length) : []));
	}

	#read(id: string): KeptKey | undefined {
		if (!idPattern.test(id)) return undefined;
		const text = readPrivate(this.#path(id));
		return text === undefined ? undefined : parse(id, text);
	}

	#path(id: string): string {
		return join(this.#folder, `${id}.json`);
	}
}

/** A name that a terminal shows as it is. */
export function plainName(name: string): string {
	return (
		name
			.replace(/[^\p{L}\p{N} .,:@()/_-]/gu, '')
			.trim()
			.slice(0, mostName) || 'unnamed'
	);
}

/** What is no key any more is none: it may have been edited. */
function parse(id: string, text: string): KeptKey | undefined {
	const value = parseJson(text);
	if (!isObject(value)) return undefined;
	const { name, created, hash, scopes } = value;
	if (typeof name !== 'string' || typeof created !== 'string' || typeof hash !== 'string' || !/^[\da-f]{64}$/.test(hash)) return undefined;
	return { id, name, created, hash, scopes: scopesIn(scopes) };
}

function scopesIn(value: Json | undefined): readonly Scope[] {
	return Array.isArray(value) ? value.filter((scope): scope is Scope => scope === 'complete' || scope === 'manage') : [];
}

function parseJson(text: string): Json {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
