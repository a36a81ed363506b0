import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { readPrivate, writePrivate } from '../../std/private-file.ts';
import { isObject, type Json } from '../body.ts';

/** Where the gateway of a user is, for that user's programs. */
export interface Announcement {
	/** Where everybody finds it. */
	readonly url: string;
	readonly port: number;
	/** Where only this user does: a socket in a folder of their own, or a pipe on Windows. */
	readonly socket: string;
	readonly pid: number;
	/** As in `2026-01-31T12:00:00.000Z`. */
	readonly startedAt: string;
	/** Ends with the gateway. */
	readonly token: string;
}

/** A gateway that is busy answers this one within milliseconds. */
const probeMs = 2000;
const mostBytes = 100_000;

export function socketIn(folder: string): string {
	if (process.platform !== 'win32') return join(folder, 'gateway.sock');
	return `\\\\.\\pipe\\co-clone-gateway-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
}

export function announce(folder: string, announcement: Announcement): void {
	writePrivate(fileIn(folder), `${JSON.stringify(announcement, undefined, '\t')}\n`);
}

/** Also where another gateway has been announced since: then it stays. */
export function withdraw(folder: string, { pid, startedAt }: Announcement): void {
	const found = announced(folder);
	if (found?.pid === pid && found.startedAt === startedAt) rmSync(fileIn(folder), { force: true });
}

/** What is announced, whether it still answers or not. */
export function announced(folder: string): Announcement | undefined {
	const text = readPrivate(fileIn(folder));
	return text === undefined ? undefined : parse(text);
}

/** The gateway that answers; undefined where none does, whatever a file says. */
export async function findGateway(folder: string): Promise<Announcement | undefined> {
	const found = announced(folder);
	return found && (await answers(found)) ? found : undefined;
}

/**
 * Asks a gateway on behalf of its user, by the way that is the user's own.
 * @throws where it cannot be reached or does not answer in time
 */
export async function askGateway(
	{ socket, token, port }: Announcement,
	method: 'GET' | 'POST',
	path: string,
	body?: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
	const headers = {
		// The guard knows the gateway by this name.
		host: `localhost:${port}`,
		authorization: `Bearer ${token}`,
		...(body === undefined ? {} : { 'content-type': 'application/json' }),
	};
	return new Promise((resolve, reject) => {
		const asking = request({ socketPath: socket, method, path, headers, agent: false, signal: AbortSignal.timeout(probeMs) });
		asking.once('error', reject);
		asking.once('response', (response) => {
			if (Number(response.headers['content-length']) > mostBytes) return void asking.destroy(new Error('too much'));
			readAll(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
		});
		asking.end(body === undefined ? undefined : JSON.stringify(body));
	});
}

async function answers(announcement: Announcement): Promise<boolean> {
	try {
		const { status, text } = await askGateway(announcement, 'GET', '/healthz');
		return status === 200 && text.trim() === 'ok';
	} catch {
		return false;
	}
}

function fileIn(folder: string): string {
	return join(folder, 'gateway.json');
}

/** What was not written by a gateway announces none. */
function parse(text: string): Announcement | undefined {
	let value: Json;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isObject(value)) return undefined;
	const { url, port, socket, pid, startedAt, token } = value;
	if (typeof url !== 'string' || typeof socket !== 'string' || typeof startedAt !== 'string' || typeof token !== 'string') return undefined;
	return typeof port === 'number' && typeof pid === 'number' ? { url, port, socket, pid, startedAt, token } : undefined;
}
