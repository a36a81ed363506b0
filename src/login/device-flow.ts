import type { Clock } from './clock.ts';
import { describe, type Endpoints, type Fetch, positive, post, type Tokens, tokensIn } from './oauth.ts';
import { SignInError } from './sign-in-error.ts';

/** What the user has to do. */
interface Approval {
	readonly code: string;
	/** Where they type it. */
	readonly url: string;
	readonly seconds: number;
}

export interface SignIn {
	readonly endpoints: Endpoints;
	/** As the server knows us. */
	readonly clientId: string;
	readonly scope?: string | undefined;
	readonly show: (approval: Approval) => void;
	readonly clock: Clock;
	readonly fetch: Fetch;
}

const grant = 'urn:ietf:params:oauth:grant-type:device_code';
const usualIntervalMs = 5000;
/** Longer than that nobody waits who has just typed a code. */
const longestIntervalMs = 120_000;

/**
 * Signs in as RFC 8628 has it: shows a code, and asks from time to time whether somebody approved it elsewhere. It never begins again by
 * itself, because who would be asked for a second code does not know which to trust.
 * @throws SignInError; the signal's reason when it aborts
 */
export async function signIn({ endpoints, clientId, scope, show, clock, fetch }: SignIn, signal: AbortSignal): Promise<Tokens> {
	const asked = { client_id: clientId, ...(scope === undefined ? {} : { scope }) };
	const { deviceCode, approval, intervalMs } = begun(await post(fetch, endpoints.device, asked, signal));
	show(approval);
	const endsAt = clock.steady() + approval.seconds * 1000;
	const fields = { grant_type: grant, device_code: deviceCode, client_id: clientId };
	for (let waitMs = intervalMs; ; ) {
		if (clock.steady() + waitMs >= endsAt) throw expired;
		await clock.delay(waitMs, signal);
		const answer = await poll(() => post(fetch, endpoints.token, fields, signal));
		if (answer.kind === 'tokens') return answer.tokens;
		waitMs = longer(waitMs, answer);
	}
}

type Poll =
	| { readonly kind: 'tokens'; readonly tokens: Tokens }
	| { readonly kind: 'pending' | 'unreachable' }
	| { readonly kind: 'slow'; readonly intervalMs: number | undefined };

async function poll(ask: () => ReturnType<typeof post>): Promise<Poll> {
	let answer: Awaited<ReturnType<typeof post>>;
	try {
		answer = await ask();
	} catch (error) {
		if (error instanceof SignInError && error.code === 'unreachable') return { kind: 'unreachable' };
		throw error;
	}
	const { status, fields } = answer;
	switch (fields['error']) {
		case 'authorization_pending':
			return { kind: 'pending' };
		case 'slow_down': {
			const seconds = positive(fields['interval']);
			return { kind: 'slow', intervalMs: seconds === undefined ? undefined : seconds * 1000 };
		}
		case 'expired_token':
			throw expired;
		case 'access_denied':
			throw new SignInError('denied', 'It was not approved.');
		case undefined:
			// A proxy may answer in the place of a server that is down.
			return status === 200 ? { kind: 'tokens', tokens: tokensIn(fields) } : { kind: 'unreachable' };
		default:
			throw new SignInError('unsupported', `The server refuses (${describe(fields)}).`);
	}
}

/** Once slow, always slow; and of a server that does not answer half as much is asked each time. */
function longer(waitMs: number, answer: Poll): number {
	if (answer.kind === 'unreachable') return Math.min(waitMs * 2, Math.max(waitMs, longestIntervalMs));
	return answer.kind === 'slow' ? Math.max(waitMs + 5000, answer.intervalMs ?? 0) : waitMs;
}

const expired = new SignInError('expired', 'Nobody approved it in time. Begin again for a new code.');

function begun({ fields }: Awaited<ReturnType<typeof post>>) {
	const { device_code: deviceCode, user_code: code, verification_uri: url, expires_in: seconds, interval } = fields;
	const isPlain = (text: unknown): text is string => typeof text === 'string' && /^[\x21-\x7e ]{1,500}$/.test(text);
	if (typeof deviceCode !== 'string' || !isPlain(code) || !isPlain(url) || !/^https?:\/\//.test(url)) {
		throw new SignInError('unsupported', `The server does not begin a sign-in (${describe(fields)}).`);
	}
	const approval = { code, url, seconds: positive(seconds) ?? 600 };
	return { deviceCode, approval, intervalMs: (positive(interval) ?? usualIntervalMs / 1000) * 1000 };
}
