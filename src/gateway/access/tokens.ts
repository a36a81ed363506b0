import { randomBytes, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Client, Scope } from '../call.ts';

/** How long an access token holds. Whoever sees one can do little with it. */
export const tokenSeconds = 600;

const algorithm = 'HS256';
const claims = { issuer: 'co-clone', audience: 'co-clone-gateway', type: 'at+jwt' };

/** Access tokens of one gateway: signed with a key that nobody knows and that ends with the process. */
export class AccessTokens {
	readonly #secret: Uint8Array;
	readonly #now: () => number;

	/** `now` is the time of day, in milliseconds. */
	constructor(now: () => number, secret: Uint8Array = randomBytes(32)) {
		this.#secret = secret;
		this.#now = now;
	}

	issue({ id, scopes }: Client): Promise<string> {
		const issued = Math.floor(this.#now() / 1000);
		return new SignJWT({ scope: scopes.join(' ') })
			.setProtectedHeader({ alg: algorithm, typ: claims.type })
			.setIssuer(claims.issuer)
			.setAudience(claims.audience)
			.setSubject(id)
			.setJti(randomUUID())
			.setIssuedAt(issued)
			.setExpirationTime(issued + tokenSeconds)
			.sign(this.#secret);
	}

	/** Who has a token; undefined for one that is not ours, or holds no more. */
	async verify(token: string): Promise<Client | undefined> {
		try {
			const { payload } = await jwtVerify(token, this.#secret, {
				algorithms: [algorithm],
				issuer: claims.issuer,
				audience: claims.audience,
				typ: claims.type,
				requiredClaims: ['sub', 'exp', 'iat', 'jti', 'scope'],
				clockTolerance: 5,
				currentDate: new Date(this.#now()),
			});
			const { sub, scope } = payload;
			return sub === undefined ? undefined : { id: sub, scopes: scopesOf(scope) };
		} catch (error) {
			if (error instanceof errors.JOSEError) return undefined;
			throw error;
		}
	}
}

function scopesOf(scope: unknown): readonly Scope[] {
	const words = typeof scope === 'string' ? scope.split(' ') : [];
	return words.filter((word): word is Scope => word === 'complete' || word === 'manage');
}
