import { randomBytes } from 'node:crypto';
import { readPrivate, writePrivate } from '../../std/private-file.ts';
import { isObject, type Json } from '../body.ts';
import { tokenSeconds } from './tokens.ts';

/** What a token is signed with, and verified. */
interface SigningKey {
	readonly id: string;
	readonly secret: Uint8Array;
}

export interface SigningKeys {
	/** The one to sign with. */
	readonly current: () => SigningKey;
	/** The one that a token names; undefined where there is none of that name any more. */
	readonly named: (id: string) => SigningKey | undefined;
}

interface KeptKey extends SigningKey {
	/** Milliseconds since 1970. Before that it only verifies, so that all gateways know it when the first one signs with it. */
	readonly signsFrom: number;
}

/** For a new key to get to all gateways. */
const spreadMs = 60 * 60_000;
/** Tokens hold a little longer where clocks differ. */
const holdsMs = (tokenSeconds + 60) * 1000;

/** One that nobody else knows, and that ends with the process. */
export function ownKey(): SigningKeys {
	const key = newKey();
	return { current: () => key, named: (id) => (id === key.id ? key : undefined) };
}

/**
 * Those of a file that gateways share: each accepts what the others signed. Where there is none, or as long as it cannot be read, one of our own. The file may
 * come and be replaced at any time.
 */
export function sharedKeys(file: string, now: () => number): SigningKeys {
	const own = ownKey();
	let kept: readonly KeptKey[] = [];
	const latest = () => {
		try {
			kept = read(file);
		} catch {
			// Somebody is about to mend it; what was signed before holds.
		}
		return kept;
	};
	return {
		current: () => signer(latest(), now()) ?? own.current(),
		named: (id) => latest().find((key) => key.id === id) ?? own.named(id),
	};
}

/**
 * Makes such a file, or puts another key beside those that are in it. Returns from when on it is signed with; those that no token can be from any more are left out.
 * @throws Error with what is wrong with the file that is there
 */
export function addKey(file: string, now: number): Date {
	const before = read(file);
	const signsFrom = before.length === 0 ? now : now + spreadMs;
	const inUse = before.filter((_, index) => (before[index + 1]?.signsFrom ?? now) > now - holdsMs);
	const keys = [...inUse, { ...newKey(), signsFrom }];
	const told = keys.map(({ id, secret, signsFrom: from }) => ({
		id,
		secret: Buffer.from(secret).toString('base64url'),
		signsFrom: new Date(from).toISOString(),
	}));
	writePrivate(file, `${JSON.stringify({ keys: told }, undefined, '\t')}\n`);
	return new Date(signsFrom);
}

function newKey(): SigningKey {
	return { id: randomBytes(6).toString('base64url'), secret: randomBytes(32) };
}

/** The newest whose time has come. Where clocks differ so much that it has for none, the oldest. */
function signer(keys: readonly KeptKey[], now: number): KeptKey | undefined {
	return keys.findLast(({ signsFrom }) => signsFrom <= now) ?? keys[0];
}

/** Oldest first; none where there is no file. */
function read(file: string): readonly KeptKey[] {
	const text = readPrivate(file);
	if (text === undefined) return [];
	const value = parse(text);
	const listed = isObject(value) ? value['keys'] : undefined;
	const keys = Array.isArray(listed) ? listed.flatMap((one) => keyIn(one) ?? []) : [];
	if (!Array.isArray(listed) || keys.length === 0 || keys.length < listed.length)
		throw new Error(`${file} is not what it was. Delete it to begin anew: then every access token has to be renewed once.`);
	return keys.toSorted((one, other) => one.signsFrom - other.signsFrom);
}

function keyIn(value: Json): KeptKey | undefined {
	if (!isObject(value)) return undefined;
	const { id, secret, signsFrom } = value;
	if (typeof id !== 'string' || typeof secret !== 'string' || typeof signsFrom !== 'string') return undefined;
	const key = { id, secret: Buffer.from(secret, 'base64url'), signsFrom: Date.parse(signsFrom) };
	return key.secret.length >= 32 && !Number.isNaN(key.signsFrom) ? key : undefined;
}

function parse(text: string): Json {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
