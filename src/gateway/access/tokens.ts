import { randomUUID } from 'node:crypto';
import { errors, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import type { Client, Scope } from '../call.ts';
import type { SigningKeys } from './signing-keys.ts';

/** How long an access token holds. Whoever sees one can do little with it. */
export const tokenSeconds = 600;

const algorithm = 'HS256';
const claims = { issuer: 'co-clone', audience: 'co-clone-gateway', type: 'at+jwt' };

/** Access tokens, of one gateway or of those that share what they sign with. */
export class AccessTokens {
	readonly #keys: SigningKeys;
	readonly #now: () => number;

	/** `now` is the time of day, in milliseconds. */
	constructor(now: () => number, keys: SigningKeys) {
		this.#keys = keys;
		this.#now = now;
	}

	issue({ id, scopes }: Client): Promise<string> {
		const { id: kid, secret } = this.#keys.current();
		const issued = Math.floor(this.#now() / 1000);
		return new SignJWT({ scope: scopes.join(' ') })
			.setProtectedHeader({ alg: algorithm, typ: claims.type, kid })
			.setIssuer(claims.issuer)
			.setAudience(claims.audience)
			.setSubject(id)
			.setJti(randomUUID())
			.setIssuedAt(issued)
			.setExpirationTime(issued + tokenSeconds)
			.sign(secret);
	}

	/** Who has a token; undefined for one that is not ours, or holds no more. */
	async verify(token: string): Promise<Client | undefined> {
		try {
			const { payload } = await jwtVerify(token, (header) => this.#secretOf(header), {
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

	#secretOf({ kid = '' }: JWTHeaderParameters): Uint8Array {
		const key = this.#keys.named(kid);
		if (key) return key.secret;
		throw new errors.JWKSNoMatchingKey();
	}
}

function scopesOf(scope: unknown): readonly Scope[] {
	const words = typeof scope === 'string' ? scope.split(' ') : [];
	return words.filter((word): word is Scope => word === 'complete' || word === 'manage');
}
