import { CallError, type Failure } from './failure.ts';

/** What the gateway accepts from whom, apart from who they are. */
export interface GuardRules {
	/** Names and addresses, with ports, that clients may know this gateway by. */
	readonly hosts: ReadonlySet<string>;
	/** Web pages that may ask; each is a scheme, a host and a port. */
	readonly origins: ReadonlySet<string>;
}

const misdirected: Failure = {
	status: 421,
	code: 'misdirected',
	message: 'This gateway answers only under the address that it listens on.',
};
const foreign: Failure = { status: 403, code: 'foreign-origin', message: 'Web pages of other origins may not use this gateway.' };

/**
 * Refuses what a web page could make a browser send here: under another name (DNS rebinding), from another origin, or as a form, which no
 * browser asks about first. What passes comes from a program, or from a page of our own.
 * @throws CallError
 */
export function guard(request: Request, { hosts, origins }: GuardRules): void {
	const { headers, url } = request;
	if (!hosts.has(new URL(url).host)) throw new CallError(misdirected);
	const origin = headers.get('origin');
	if (origin !== null && !origins.has(origin)) throw new CallError(foreign);
	const site = headers.get('sec-fetch-site');
	if (site === 'cross-site' || site === 'same-site') throw new CallError(foreign);
}

/** @throws CallError where a body is of a kind that a form could have sent, or packed. */
export function requireJson({ headers }: Request): void {
	const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
	if (type !== 'application/json') throw notJson('Send the body as JSON, with “Content-Type: application/json”.');
	const coding = headers.get('content-encoding') ?? 'identity';
	if (coding !== 'identity') throw notJson('Send the body as it is, without “Content-Encoding”.');
}

function notJson(message: string): CallError {
	return new CallError({ status: 415, code: 'not-json', message });
}
