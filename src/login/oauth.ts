import { type Fields, isRecord } from '../std/record.ts';
import { SignInError } from './sign-in-error.ts';

/** How requests are sent. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The parts of a server that give tokens. */
export interface Endpoints {
	readonly token: string;
	readonly device: string;
}

/** What a server gave. */
export interface Tokens {
	readonly access: string;
	/** Absent where the one before goes on to hold. */
	readonly refresh: string | undefined;
	/** How long the access token holds. */
	readonly seconds: number;
	/** When the server would like to be asked for the next. */
	readonly refreshSeconds: number | undefined;
}

const answerMs = 10_000;
const mostCharacters = 100_000;
/** Where a server does not say how long a token holds. */
const usualSeconds = 300;

/** What OAuth's and OpenID's servers say of themselves, and where. */
const documents = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/**
 * Finds where a server gives tokens.
 * @throws SignInError
 */
export async function findEndpoints(url: string, fetch: Fetch, signal: AbortSignal): Promise<Endpoints> {
	const issuer = new URL(checked(url)).href.replace(/\/$/, '');
	for (const document of documents) {
		const { status, fields } = await ask(fetch, `${issuer}${document}`, { method: 'GET' }, signal);
		if (status !== 200) continue;
		const { token_endpoint: token, device_authorization_endpoint: device, issuer: said } = fields;
		// Somebody else's document would send what is secret to them.
		if (typeof said !== 'string' || said.replace(/\/$/, '') !== issuer) continue;
		if (typeof token === 'string' && typeof device === 'string') return { token: checked(token), device: checked(device) };
	}
	throw new SignInError('unsupported', `${issuer} has no sign-in for devices (RFC 8628).`);
}

/**
 * Sends a form, as OAuth has it.
 * @throws SignInError when nothing that makes sense comes back
 */
export async function post(fetch: Fetch, url: string, fields: Readonly<Record<string, string>>, signal: AbortSignal) {
	const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
	return ask(fetch, url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() }, signal);
}

/** @throws SignInError */
export async function refreshTokens(
	fetch: Fetch,
	{ tokenUrl, clientId, refreshToken }: { readonly tokenUrl: string; readonly clientId: string; readonly refreshToken: string },
	signal: AbortSignal,
): Promise<Tokens> {
	const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
	const answer = await post(fetch, checked(tokenUrl), fields, signal);
	const code = answer.fields['error'];
	if (code === undefined && answer.status === 200) return tokensIn(answer.fields);
	if (answer.status >= 500 || answer.status === 429) throw unreachable(tokenUrl, `it failed with status ${answer.status}`);
	throw new SignInError('revoked', `${new URL(tokenUrl).origin} does not know this sign-in any more (${describe(answer.fields)}).`);
}

/** @throws SignInError */
export function tokensIn(fields: Fields): Tokens {
	const { access_token: access, refresh_token: refresh, expires_in: seconds, refresh_in: refreshSeconds, token_type: type } = fields;
	if (typeof access !== 'string' || !/^[\x21-\x7e]+$/.test(access) || String(type).toLowerCase() !== 'bearer') {
		throw new SignInError('unsupported', 'The server gave no token that can be used.');
	}
	return {
		access,
		refresh: typeof refresh === 'string' ? refresh : undefined,
		seconds: positive(seconds) ?? usualSeconds,
		refreshSeconds: positive(refreshSeconds),
	};
}

export function positive(value: unknown): number | undefined {
	return typeof value === 'number' && value > 0 ? value : undefined;
}

/** What a server says went wrong, as a terminal shows it. */
export function describe({ error, error_description: description }: Fields): string {
	return String(description ?? error ?? 'no reason given')
		.replace(/[^\x20-\x7e]/g, ' ')
		.slice(0, 200);
}

function unreachable(url: string, why: string, cause?: unknown): SignInError {
	return new SignInError('unreachable', `${new URL(url).origin} does not answer (${why}).`, cause);
}

/** Secrets go over the network encrypted, or stay on this machine. */
function checked(url: string): string {
	if (!URL.canParse(url)) throw new SignInError('unsupported', `“${url}” is no address.`);
	const { protocol, hostname } = new URL(url);
	const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
	if (protocol === 'https:' || (protocol === 'http:' && isHere)) return url;
	throw new SignInError('unsafe', `${url} is neither encrypted (https://) nor on this machine, so nothing secret is sent there.`);
}

async function ask(fetch: Fetch, url: string, init: RequestInit, signal: AbortSignal) {
	try {
		const inTime = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
		// Whoever it would be sent on to has no business with a secret.
		const response = await fetch(url, { ...init, redirect: 'error', signal: inTime });
		return { status: response.status, fields: fieldsIn((await response.text()).slice(0, mostCharacters)) };
	} catch (error) {
		signal.throwIfAborted();
		throw unreachable(url, error instanceof Error ? error.message : String(error), error);
	}
}

/** What is no object has no fields: a proxy may answer with a page. */
function fieldsIn(text: string): Fields {
	try {
		const value: unknown = JSON.parse(text);
		return isRecord(value) ? value : {};
	} catch {
		return {};
	}
}
