import type { Clock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { FreshToken } from './fresh-token.ts';
import { refreshTokens } from './oauth.ts';

/** Tokens for a server where the user is signed in; undefined where they are not. */
export function signedIn(origin: string, credentials: Credentials, clock: Clock): FreshToken | undefined {
	const credential = credentials.get(origin);
	if (!credential) return undefined;
	return new FreshToken({
		refreshToken: credential.refreshToken,
		refresh: (refreshToken, signal) => refreshTokens(fetch, { ...credential, refreshToken }, signal),
		keep: (refreshToken) => void credentials.set(origin, { ...credential, refreshToken }),
		clock,
		random: Math.random,
	});
}
