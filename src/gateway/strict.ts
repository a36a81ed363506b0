import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Failure } from './failure.ts';
import type { Limits } from './limits.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;

const tooLarge: Failure = { status: 431, code: 'headers-too-large', message: 'The headers of the request are too large.' };

const name = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i;

/** Whom a request says that it is for. HTTP/2 has a field of its own for it. */
export function authorityOf(incoming: Incoming): string {
	return ('authority' in incoming && incoming.authority) || incoming.headers.host || '';
}

/**
 * Refuses what two programs could understand in two ways, and what a gateway is not for. Node refuses most of the former by itself: two
 * lengths, a length and chunks, folded headers, lines without a carriage return.
 */
export function refusalOf(incoming: Incoming, { headerBytes, headerFields }: Limits): Failure | undefined {
	const { method, url = '', headers, httpVersion, rawHeaders } = incoming;
	// HTTP/2 has its own limit only from when the client has agreed to it.
	if (rawHeaders.reduce((bytes, text) => bytes + text.length, 0) > headerBytes) return tooLarge;
	if (rawHeaders.length > 2 * headerFields) return tooLarge;
	if (method === 'CONNECT' || method === 'TRACE' || method === 'TRACK') return notHere(`${method} is not for this gateway.`);
	// A client that could also speak HTTP/2 is answered in HTTP/1.1.
	if (headers.upgrade !== undefined && headers.upgrade !== 'h2c') return notHere('This gateway speaks HTTP only.');
	if (!url.startsWith('/') && !(method === 'OPTIONS' && url === '*')) return malformed('The target must be a path: this is no proxy.');
	if (!name.test(authorityOf(incoming))) return malformed('“Host” must be a name or an address, with a port.');
	if (hosts(incoming).size > 1) return malformed('The request is for more than one host.');
	const coding = headers['transfer-encoding'];
	if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1')) {
		return malformed('The only “Transfer-Encoding” is “chunked”, in HTTP/1.1.');
	}
	return undefined;
}

/** All that a request is for, also where Node has passed over one. */
function hosts(incoming: Incoming): ReadonlySet<string> {
	const { rawHeaders } = incoming;
	const named = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
	return new Set([authorityOf(incoming), ...named]);
}

function notHere(message: string): Failure {
	return { status: 405, code: 'method', message, allow: 'GET, POST' };
}

function malformed(message: string): Failure {
	return { status: 400, code: 'malformed', message };
}
