import type { Clock } from './clock.ts';
import type { Credential, Credentials } from './credentials.ts';
import { FreshToken } from './fresh-token.ts';
import { refreshTokens } from './oauth.ts';

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
