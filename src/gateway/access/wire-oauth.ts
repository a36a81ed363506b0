import { type JsonObject, readJson, readText } from '../body.ts';
import type { Answer, Route } from '../call.ts';
import { CallError, type Failure } from '../failure.ts';
import type { Access, Grant } from './access.ts';

/** Far more than any request here needs. */
const mostBytes = 8192;
const formType = 'application/x-www-form-urlencoded';

/** What a grant is asked for with: names and texts. */
type Fields = Readonly<Record<string, string>>;
/** Gives a grant, or ends the call with a failure that says why not. */
export type GiveGrant = (fields: Fields) => Promise<Grant & { readonly refreshToken?: string }>;

/** What an answer with a token is never kept by. */
export const unkept = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** An error of OAuth 2 (RFC 6749, 5.2). */
export function oauthError(code: string, message: string, status = 400, retryAfter?: number): CallError {
	return new CallError({ status, code, message, retryAfter });
}

const codes = /^(invalid_\w+|unsupported_grant_type|authorization_pending|slow_down|access_denied|expired_token)$/;

export function oauthFailure({ status, code, message }: Failure): unknown {
	return { error: codes.test(code) ? code : status < 500 ? 'invalid_request' : 'server_error', error_description: message };
}

/** `POST /oauth/token`: an access token for a key, or for what else has a grant of its own. */
export function tokenRoute(access: Access, grants: Readonly<Record<string, GiveGrant>> = {}): Route {
	const all: Readonly<Record<string, GiveGrant>> = { ...grants, refresh_token: (fields) => refresh(access, fields) };
	const answer: Answer = async ({ request }) => {
		const fields = await readFields(request);
		const type = required(fields, 'grant_type');
		const give = Object.hasOwn(all, type) ? all[type] : undefined;
		if (!give) throw oauthError('unsupported_grant_type', `Grants here are ${Object.keys(all).join(', ')}.`);
		const { token, seconds, refreshSeconds, client, refreshToken } = await give(fields);
		const answered = { access_token: token, token_type: 'Bearer', expires_in: seconds, refresh_in: refreshSeconds };
		const scope = client.scopes.join(' ');
		return Response.json({ ...answered, scope, ...(refreshToken ? { refresh_token: refreshToken } : {}) }, { headers: unkept });
	};
	return { method: 'POST', path: '/oauth/token', answer, fail: oauthFailure, isOpen: true };
}

async function refresh(access: Access, fields: Fields): Promise<Grant> {
	const grant = await access.exchange(required(fields, 'refresh_token'));
	if (!grant) throw oauthError('invalid_grant', 'This key is not known here, or was revoked.');
	return grant;
}

/** OAuth sends forms, as libraries for it do; a page that sends one says its origin and has been refused by then. */
export async function readFields(request: Request): Promise<Fields> {
	const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
	if (type !== formType) return texts(await readJson(request, { bytes: mostBytes, depth: 2 }));
	const given = [...new URLSearchParams(await readText(request, mostBytes))];
	const fields = Object.fromEntries(given);
	if (Object.keys(fields).length < given.length) throw oauthError('invalid_request', 'A field is there twice.');
	return fields;
}

export function required(fields: Fields, name: string): string {
	const value = fields[name];
	if (value) return value;
	throw oauthError('invalid_request', `“${name}” is missing.`);
}

function texts(body: JsonObject): Fields {
	return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
