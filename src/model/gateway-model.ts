import type { OutgoingHttpHeaders } from 'node:http2';
import { eventsOf } from '../std/event-stream.ts';
import { type Beginning, Broken, beginning, Http2Session } from '../std/http2-session.ts';
import { isRecord } from '../std/record.ts';
import { sentWithToken, type TokenSource } from '../std/token-source.ts';
import { factsIn, messageIn, promptUseIn, usageIn } from './gateway-wire.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { ModelError, type ModelErrorCode } from './model-error.ts';

/** A gateway, and how to be let in there. */
export interface GatewaySettings {
	/** Without a path. */
	readonly url: string;
	/** Where the user says to be (`eu`), for one that passes requests on to what is near; without it, it is told our time zone. */
	readonly location?: string;
	/** Absent where the user is not signed in. */
	readonly tokens: TokenSource | undefined;
}

/** Its model may be changed while we ask. */
const factsMs = 60_000;
/** Of places and time zones; anything else could not be a header. */
const sayable = /^[\w/+-]{1,60}$/;
/** For a first sign of life: the model there may have to be loaded. */
const firstMs = 60_000;

const codes: ReadonlySet<string> = new Set<ModelErrorCode>([
	'unreachable',
	'stalled',
	'model-missing',
	'no-infill',
	'overloaded',
	'no-memory',
	'not-allowed',
	'signed-out',
	'bad-response',
]);

/**
 * The model behind a Co-Clone gateway elsewhere. All requests share one HTTP/2 connection; one that nobody waits for is cancelled by resetting its
 * stream, and the connection stays.
 */
export class GatewayModel implements LanguageModel, Disposable {
	readonly #settings: () => GatewaySettings;
	readonly #now: () => number;
	readonly #sessions = new Map<string, Http2Session>();
	/** Found out when it is first told: that takes 10 ms, and most never need it. */
	#timeZone: string | undefined;
	#facts: { readonly url: string; readonly at: number; readonly facts: ModelFacts } | undefined;

	constructor(settings: () => GatewaySettings, now: () => number) {
		this.#settings = settings;
		this.#now = now;
	}

	async facts(signal: AbortSignal): Promise<ModelFacts> {
		const settings = this.#settings();
		const known = this.#facts;
		if (known?.url === settings.url && this.#now() - known.at < factsMs) return known.facts;
		const begun = await this.#ask(settings, 'GET', '/co-clone/facts', undefined, signal);
		const body = await textOf(begun);
		if (begun.status !== 200) throw refusal(begun, body, settings.url);
		const facts = factsIn(parse(body, settings.url));
		if (!facts) throw new ModelError('bad-response', `${settings.url} does not answer as a Co-Clone gateway.`);
		this.#facts = { url: settings.url, at: this.#now(), facts };
		return facts;
	}

	async *generate(
		{ prompt, suffix, maxTokens, stop, start, sampling, ...heard }: GenerateOptions,
		signal: AbortSignal,
	): AsyncGenerator<string> {
		const settings = this.#settings();
		const body = JSON.stringify({ prompt, suffix, maxTokens, stop, start, sampling });
		const leave = new AbortController();
		const begun = await this.#ask(settings, 'POST', '/co-clone/generate', body, AbortSignal.any([signal, leave.signal]));
		try {
			if (begun.status !== 200) throw refusal(begun, await textOf(begun), settings.url);
			for await (const { name, data } of eventsOf(bytesOf(begun))) {
				const value = parse(data, settings.url);
				if (name === 'loaded') heard.onLoaded?.(Number(value['ms']));
				else if (name === 'read') heard.onRead?.(promptUseIn(value));
				else if (name === 'piece') yield String(value['text']);
				else if (name === 'error') throw failure(value, settings.url);
				else if (name === 'end') return heard.onEnd?.(usageIn(value));
			}
			throw new ModelError('unreachable', `${settings.url} broke off in the middle of its answer.`);
		} catch (error) {
			signal.throwIfAborted();
			this.#facts = undefined;
			throw error instanceof Broken ? new ModelError('unreachable', `${settings.url}: ${error.message}`, error) : error;
		} finally {
			leave.abort();
		}
	}

	[Symbol.dispose](): void {
		for (const session of this.#sessions.values()) session.close();
		this.#sessions.clear();
	}

	#ask(settings: GatewaySettings, method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<Beginning> {
		const { tokens } = settings;
		const send = (token?: string) => this.#send(settings, token, method, path, body, signal);
		const isRefused = async (begun: Beginning) => {
			if (begun.status !== 401) return false;
			await textOf(begun);
			return true;
		};
		return tokens ? sentWithToken(tokens, send, isRefused, signal) : send();
	}

	async #send(
		{ url, location }: GatewaySettings,
		token: string | undefined,
		method: string,
		path: string,
		body: string | undefined,
		signal: AbortSignal,
	): Promise<Beginning> {
		const here = location || this.#ourTimeZone();
		const headers = {
			...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...(sayable.test(here) ? { 'x-co-clone-location': here } : {}),
		} satisfies OutgoingHttpHeaders;
		const stream = this.#session(url).open({
			method,
			path,
			headers,
			body: body === undefined ? undefined : new TextEncoder().encode(body),
		});
		let isLate = false;
		const late = setTimeout(() => {
			isLate = true;
			stream.close();
		}, firstMs);
		try {
			return await beginning(stream, signal);
		} catch (error) {
			signal.throwIfAborted();
			if (isLate) throw new ModelError('stalled', `${url} said nothing for ${firstMs / 1000} s.`);
			throw new ModelError('unreachable', `${url} cannot be reached.`, error);
		} finally {
			clearTimeout(late);
		}
	}

	#ourTimeZone(): string {
		this.#timeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
		return this.#timeZone;
	}

	#session(url: string): Http2Session {
		const known = this.#sessions.get(url);
		if (known) return known;
		const session = new Http2Session(url);
		this.#sessions.set(url, session);
		return session;
	}
}

/** Of a gateway, or of what is in front of it while it is not there. */
const unavailable: ReadonlySet<number> = new Set([502, 503, 504]);

function refusal({ status, headers }: Beginning, body: string, url: string): ModelError {
	const again = retryAfterMs(headers['retry-after']);
	if (status === 401) return new ModelError('signed-out', `${url} lets nobody in without a token.`);
	if (status === 404 || status === 405) return new ModelError('bad-response', `${url} does not answer as a Co-Clone gateway.`);
	if (status === 429) return new ModelError('overloaded', `${url} has too much to do.`, undefined, again);
	const { code, message } = unavailable.has(status) ? whyUnavailable(body, url) : failure(parse(body, url), url);
	return new ModelError(code, message, undefined, again);
}

/** What a proxy says is for those who look after it. */
function whyUnavailable(body: string, url: string): ModelError {
	try {
		const error = failure(parse(body, url), url);
		if (error.code !== 'bad-response') return error;
	} catch {
		// It is no gateway's.
	}
	return new ModelError('overloaded', `${url} cannot answer now.`);
}

/** A date is for days, not for the seconds that matter here. */
function retryAfterMs(value: string | undefined): number | undefined {
	return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) * 1000 : undefined;
}

/** What a gateway in front of others says of them. */
const ofRegions: ReadonlyMap<string, ModelErrorCode> = new Map([
	['no-region', 'overloaded'],
	['draining', 'overloaded'],
	['region_lost', 'unreachable'],
]);

/** What the gateway says went wrong, as if it had gone wrong here. */
function failure(value: Readonly<Record<string, unknown>>, url: string): ModelError {
	const error = isRecord(value['error']) ? value['error'] : {};
	const code = String(error['code']);
	const known = [...codes].find((one): one is ModelErrorCode => one === code) ?? ofRegions.get(code);
	return new ModelError(known ?? 'bad-response', `${url}: ${messageIn(error)}`);
}

function parse(text: string, url: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		if (isRecord(value)) return value;
	} catch {
		// Said below.
	}
	throw new ModelError('bad-response', `${url} does not answer as a Co-Clone gateway.`);
}

async function* bytesOf({ first, rest }: Beginning): AsyncGenerator<Uint8Array> {
	if (first) yield first;
	yield* rest;
}

async function textOf(begun: Beginning): Promise<string> {
	const decoder = new TextDecoder();
	let text = '';
	for await (const chunk of bytesOf(begun)) text += decoder.decode(chunk, { stream: true });
	return text + decoder.decode();
}
