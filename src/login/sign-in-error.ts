/**
 * Why somebody could not sign in, or is not signed in any more.
 *
 * - `expired`: nobody approved in time.
 * - `denied`: somebody said no.
 * - `revoked`: the credential holds no more.
 * - `unreachable`: the server does not answer for now.
 * - `unsupported`: the server has no sign-in that we know, or its answers make no sense.
 * - `unsafe`: what was to be sent in secret would not be.
 */
export type SignInErrorCode = 'expired' | 'denied' | 'revoked' | 'unreachable' | 'unsupported' | 'unsafe';

export class SignInError extends Error {
	override readonly name = 'SignInError';
	readonly code: SignInErrorCode;

	constructor(code: SignInErrorCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}
