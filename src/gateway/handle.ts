import { unwanted } from '../std/abortable.ts';
import type { Admission } from './admission.ts';
import type { Backend, Call, Client, Route } from './call.ts';
import { CallError, expected, type Failure, internal, plainFailure } from './failure.ts';
import { type GuardRules, guard } from './guard.ts';
import { limited } from './limited.ts';

/** An HTTP server is a function. */
export type Handle = (request: Request) => Promise<Response>;

export interface Gateway {
	readonly routes: readonly Route[];
	readonly backend: Backend;
	readonly admission: Admission;
	readonly rules: () => GuardRules;
	/** Who calls with this `Authorization`; undefined for nobody we know. */
	readonly authenticate: (authorization: string | null) => Promise<Client | undefined>;
	/** What nobody expected. */
	readonly onFault: (error: unknown) => void;
}

/** Nothing that is served is a page, unless its route says so. */
const safely = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'" };

/** guard ▸ route ▸ authenticate ▸ answer. Never rejects: whatever goes wrong is a response, in the shape of the route's protocol. */
export function gatewayHandle(gateway: Gateway): Handle {
	const find = router(gateway.routes);
	const describe = (error: unknown): Failure => {
		const failure = expected(error);
		if (!failure) gateway.onFault(error);
		return failure ?? internal;
	};
	return async (request) => {
		let route: Route | undefined;
		const { signal, abort: leave } = following(request.signal);
		try {
			guard(request, gateway.rules());
			const found = find(request);
			route = found.route;
			const client = route.isOpen ? anybody : await gateway.authenticate(request.headers.get('authorization'));
			if (!client) throw new CallError(unknownClient);
			if (!route.isOpen) gateway.admission.call(client);
			const call: Call = {
				request,
				params: found.params,
				client,
				backend: limited(gateway.backend, client, gateway.admission),
				signal,
				leave,
				describe: (error) => (signal.aborted ? cancelled : describe(error)),
			};
			return withHeaders(await route.answer(call), safely);
		} catch (error) {
			if (signal.aborted) return new Response(null, { status: cancelled.status });
			return failed(describe(error), route?.fail ?? plainFailure);
		}
	};
}

/** Aborts with another signal, or by itself. `AbortSignal.any` costs more, and needs somebody to hold all of it. */
function following(outer: AbortSignal): { readonly signal: AbortSignal; readonly abort: () => void } {
	const controller = new AbortController();
	const abort = () => controller.abort(unwanted);
	if (outer.aborted) abort();
	else outer.addEventListener('abort', abort, { once: true });
	return { signal: controller.signal, abort };
}

const anybody: Client = { id: '', scopes: [] };

const unknownClient: Failure = {
	status: 401,
	code: 'unauthorized',
	message: 'Send a token of this gateway, as “Authorization: Bearer …”. “co-clone token” prints one.',
};

/** Nobody reads it. */
const cancelled: Failure = { status: 499, code: 'cancelled', message: 'The client went away.' };

const noRoute: Failure = { status: 404, code: 'not-found', message: 'There is nothing at this path.' };

/** For what is refused before it is known which protocol it speaks. */
export function refused(failure: Failure): Response {
	return failed(failure, plainFailure);
}

function failed(failure: Failure, fail: Route['fail']): Response {
	const response = Response.json(fail(failure), { status: failure.status });
	if (failure.retryAfter !== undefined) response.headers.set('retry-after', String(failure.retryAfter));
	// The clients of OpenAI would ask twice more after any failure of a server.
	else response.headers.set('x-should-retry', 'false');
	if (failure.allow !== undefined) response.headers.set('allow', failure.allow);
	if (failure.status === 401) response.headers.set('www-authenticate', 'Bearer');
	return withHeaders(response, safely);
}

/** What a route has set itself stays. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
	for (const [name, value] of Object.entries(headers)) if (!response.headers.has(name)) response.headers.set(name, value);
	return response;
}

interface Found {
	readonly route: Route;
	readonly params: Readonly<Record<string, string>>;
}

function router(routes: readonly Route[]): (request: Request) => Found {
	const patterns = routes.map((route) => ({ route, parts: route.path.split('/') }));
	return ({ method, url, headers }) => {
		const wantsPage = headers.get('accept')?.includes('text/html') ?? false;
		const parts = new URL(url).pathname.split('/');
		const matching = patterns.flatMap((pattern) => {
			const params = match(pattern.parts, parts);
			return params ? [{ route: pattern.route, params }] : [];
		});
		const found = matching.filter(({ route }) => route.method === (method === 'HEAD' ? 'GET' : method));
		const best = found.find(({ route }) => (route.isPage ?? false) === wantsPage) ?? found[0];
		if (best) return best;
		if (matching.length === 0) throw new CallError(noRoute);
		const allowed = [...new Set(matching.map(({ route }) => route.method))];
		const wrong = { code: 'method', message: `Use ${allowed.join(' or ')} here.` };
		throw new CallError(method === 'OPTIONS' ? { ...wrong, status: 403 } : { ...wrong, status: 405, allow: allowed.join(', ') });
	};
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
	if (pattern.length !== parts.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, expectedPart] of pattern.entries()) {
		const part = parts[index] ?? '';
		if (expectedPart.startsWith(':')) params[expectedPart.slice(1)] = part;
		else if (expectedPart !== part) return undefined;
	}
	return params;
}
