import { invalid, type JsonObject, readJson } from '../body.ts';
import type { Answer, Route } from '../call.ts';
import { CallError, plainFailure } from '../failure.ts';
import type { Access } from './access.ts';
import type { Pairing } from './pairing.ts';
import { type GiveGrant, oauthError, oauthFailure, readFields, required, unkept } from './wire-oauth.ts';
import { managing } from './wire-status.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const approvePath = '/oauth/device/approve';
const pagePath = '/oauth/device';

/** Who is shown the address instead of being asked finds here what to do. Nothing is approved by a page. */
const page =
	'A program wants to use Co-Clone on this machine. Compare the code that it shows with the one that Co-Clone shows: in the terminal of “co-clone serve”, or in VS Code. Or let it in from any terminal: co-clone token --approve CODE\n';

/** The address under which whoever asks knows us. */
export type OriginOf = (request: Request) => string;

/** Device sign-in as RFC 8628 has it, `/oauth/token` apart; and how a program of the user lets a device in. */
export function deviceRoutes(pairing: Pairing, originOf: OriginOf): readonly Route[] {
	const begin: Answer = async ({ request }) => {
		const fields = await readFields(request);
		const { deviceCode, userCode, seconds, intervalSeconds } = pairing.begin(required(fields, 'client_id'));
		const where = { verification_uri: `${originOf(request)}${pagePath}`, expires_in: seconds, interval: intervalSeconds };
		return Response.json({ device_code: deviceCode, user_code: userCode, ...where }, { headers: unkept });
	};
	const approve: Answer = async ({ request }) => {
		const { code, allow } = approvalIn(await readJson(request));
		const decision = pairing.decide(code, allow);
		if (decision === 'locked') throw locked;
		if (decision === 'unknown') throw new CallError({ status: 404, code: 'unknown-code', message: 'No device waits with this code.' });
		return Response.json({});
	};
	const show: Answer = async () => new Response(page, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
	return [
		{ method: 'POST', path: '/oauth/device/code', answer: begin, fail: oauthFailure, isOpen: true },
		{ method: 'POST', path: approvePath, answer: managing(approve), fail: plainFailure },
		{ method: 'GET', path: pagePath, answer: show, fail: plainFailure, isOpen: true },
	];
}

/** The grant of a device: a key of its own, and a token for it. */
export function givesDeviceGrant(access: Access, pairing: Pairing): GiveGrant {
	return async (fields) => {
		const refreshToken = pairing.collect(required(fields, 'device_code'));
		const grant = await access.exchange(refreshToken);
		if (!grant) throw oauthError('invalid_grant', 'The key of this device was revoked.');
		return { ...grant, refreshToken };
	};
}

/** Where OAuth's clients look for the rest (RFC 8414). */
export function metadataRoute(originOf: OriginOf): Route {
	const answer: Answer = async ({ request }) => {
		const issuer = originOf(request);
		return Response.json({
			issuer,
			token_endpoint: `${issuer}/oauth/token`,
			device_authorization_endpoint: `${issuer}/oauth/device/code`,
			grant_types_supported: [deviceGrant, 'refresh_token'],
			token_endpoint_auth_methods_supported: ['none'],
			response_types_supported: [],
		});
	};
	return { method: 'GET', path: '/.well-known/oauth-authorization-server', answer, fail: plainFailure, isOpen: true };
}

const locked = new CallError({
	status: 429,
	code: 'too-many-guesses',
	message: 'Too many wrong codes. Wait ten minutes, and let the device begin again.',
	retryAfter: 600,
});

function approvalIn({ user_code: code, allow }: JsonObject) {
	if (typeof code !== 'string') throw invalid('“user_code” must be a text.');
	if (typeof allow !== 'boolean') throw invalid('“allow” must be true or false.');
	return { code, allow };
}
