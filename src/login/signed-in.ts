import type { Clock } from './clock.ts';
import type { Credential, Credentials } from './credentials.ts';
import { type SignIn, signIn } from './device-flow.ts';
import { FreshToken } from './fresh-token.ts';
import { findEndpoints, refreshTokens } from './oauth.ts';
import { SignInError } from './sign-in-error.ts';

/**
 * Signs in at a server: finds where it does that, shows a code, and waits until somebody has approved it there.
 * @throws SignInError; the signal's reason when it aborts
 */
export async function signInAt(
	{ url, ...how }: Omit<SignIn, 'endpoints' | 'fetch'> & { readonly url: string },
	signal: AbortSignal,
): Promise<Credential> {
	const endpoints = await findEndpoints(url, fetch, signal);
	const { refresh: refreshToken } = await signIn({ ...how, endpoints, fetch }, signal);
	if (refreshToken !== undefined) return { tokenUrl: endpoints.token, clientId: how.clientId, refreshToken };
	throw new SignInError(
		'unsupported',
		`${new URL(url).origin} gives nothing that lasts; it may for another scope (--scope offline_access).`,
	);
}

/** Tokens for a server where the user is signed in; undefined where they are not. */
export function signedIn(origin: string, credentials: Credentials, clock: Clock): FreshToken | undefined {
	const credential = credentials.get(origin);
	return credential && freshToken(credential, (next) => void credentials.set(origin, next), clock);
}

/** Tokens for what signing in left; `keep` is given what takes its place. */
export function freshToken(credential: Credential, keep: (next: Credential) => void, clock: Clock): FreshToken {
	return new FreshToken({
		refreshToken: credential.refreshToken,
		refresh: (refreshToken, signal) => refreshTokens(fetch, { ...credential, refreshToken }, signal),
		keep: (refreshToken) => keep({ ...credential, refreshToken }),
		clock,
		random: Math.random,
	});
}
