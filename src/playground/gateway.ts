import { eventsOf } from '../std/event-stream.ts';
import { readingOf } from './reading.ts';

/** A place in a text, as the gateway is asked about it. */
export interface Place {
	readonly path: string;
	readonly languageId: string;
	readonly prefix: string;
	readonly suffix: string;
	readonly trigger: 'automatic' | 'manual';
	/** The most important last. */
	readonly context?: readonly Elsewhere[];
}

/** Code from another file. */
export interface Elsewhere {
	readonly path: string;
	readonly text: string;
	readonly startLine?: number;
}

/** Lines of another file that the model was shown; 0-based, the last one included. */
export interface Used {
	readonly path: string;
	readonly startLine: number;
	readonly endLine: number;
}

/** What comes for a place: a completion, later perhaps more of it, or why there is none; and what it was made with. */
export type Said =
	| { readonly kind: 'completion'; readonly text: string; readonly replaces: number }
	| { readonly kind: 'nothing'; readonly reason: string; readonly message: string }
	/** What the answer was made with; absent where no model was asked for it. */
	| { readonly kind: 'end'; readonly context?: readonly Used[] };

export interface FoundFunction {
	readonly path: string;
	readonly name: string;
	readonly signature: string;
	readonly line: number;
}

export interface PlainEdit {
	readonly start: number;
	readonly end: number;
	readonly newText: string;
}

/** Something that depends on a function whose signature changed. `D` is certain; the other letters ask for a look. */
export interface PlannedUpdate {
	readonly path: string;
	readonly line: number;
	readonly sure: string;
	readonly reason: string;
	readonly edits: readonly PlainEdit[];
	readonly change: number;
}

export interface Plan {
	readonly changes: readonly { readonly path: string; readonly name: string; readonly before: string; readonly after: string }[];
	readonly dependents: readonly PlannedUpdate[];
}

export interface ComparedFile {
	readonly path: string;
	readonly text: string;
	readonly before?: string;
}

/** Which region an answer is from, where the gateway passes requests on to some. */
export interface Answered {
	readonly region: string;
	/** Regions that were asked. */
	readonly attempts: number;
	readonly why: string;
	/** Until the answer began, and of it until it was known whom to ask, in milliseconds. */
	readonly firstMs: number;
	readonly routeMs: number;
}

/** What is known of one region. */
export interface RegionStatus {
	readonly name: string;
	readonly kilometres: number;
	readonly at: { readonly latitude: number; readonly longitude: number };
	readonly breaker: 'closed' | 'open' | 'half-open';
	readonly latencyMs: number;
	readonly pending: number;
	readonly problem: string | null;
	readonly room: { readonly slots: number; readonly running: number } | null;
	readonly answers: number;
}

export interface RegionsStatus {
	readonly regions: readonly RegionStatus[];
	readonly events: readonly { readonly at: string; readonly region: string; readonly what: string }[];
}

/** What the gateway refused or could not do, in words for the user. */
export class GatewayError extends Error {
	override readonly name = 'GatewayError';
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

const tokenKey = 'co-clone-token';

/** The gateway that served this page. Its token lives as long as the tab, for this origin and its port alone. */
export class Gateway {
	readonly #kept: Pick<Storage, 'getItem' | 'setItem'>;
	/** Two tabs may have one token, and take nothing from each other. */
	readonly #session = crypto.randomUUID();

	readonly #onAnswered: (answered: Answered) => void;
	/** Where somebody wants to be: `?location=us` of the page. */
	readonly #location = new URLSearchParams(location.search).get('location');

	constructor(kept: Pick<Storage, 'getItem' | 'setItem'>, onAnswered: (answered: Answered) => void = () => {}) {
		this.#kept = kept;
		this.#onAnswered = onAnswered;
	}

	/** Exchanges the code of a link for a token. */
	async signIn(code: string): Promise<void> {
		const { token } = await this.#json<{ token: string }>('/playground/sign-in', { code });
		this.#kept.setItem(tokenKey, token);
	}

	/** The name of the model that answers. */
	async model(): Promise<string> {
		const { name } = await this.#json<{ name: string }>('/co-clone/facts');
		return name;
	}

	async *complete(place: Place, signal: AbortSignal): AsyncGenerator<Said> {
		const response = await this.#ask('/co-clone/complete', { ...place, session: this.#session }, signal);
		for await (const { name, data } of eventsOf(readingOf(response.body ?? new ReadableStream()))) {
			if (name === 'error') throw new GatewayError(200, messageIn(JSON.parse(data)));
			if (name === 'completion' || name === 'nothing' || name === 'end') yield { kind: name, ...JSON.parse(data) };
		}
	}

	/** The plain call: text, as it comes. */
	async *continue(prompt: string, suffix: string, language: string, signal: AbortSignal): AsyncGenerator<string> {
		const response = await this.#ask('/', { prompt, suffix, language }, signal);
		yield* readingOf((response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).pipeThrough(new TextDecoderStream()));
	}

	async functions(files: readonly ComparedFile[], signal: AbortSignal): Promise<readonly FoundFunction[]> {
		const { functions } = await this.#json<{ functions: readonly FoundFunction[] }>('/playground/functions', { files }, signal);
		return functions;
	}

	async changes(files: readonly ComparedFile[], signal: AbortSignal): Promise<Plan> {
		return await this.#json<Plan>('/playground/changes', { files }, signal);
	}

	/** @throws GatewayError with status 404 where the gateway has no regions */
	async regions(signal: AbortSignal): Promise<RegionsStatus> {
		return await this.#json<RegionsStatus>('/v1/co-clone/regions', undefined, signal);
	}

	async #json<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
		const response = await this.#ask(path, body, signal);
		return await response.json();
	}

	async #ask(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
		const token = this.#kept.getItem(tokenKey);
		const response = await fetch(path, {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				...(token === null ? {} : { authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(this.#location === null ? {} : { 'x-co-clone-location': this.#location }),
			},
			credentials: 'omit',
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			...(signal ? { signal } : {}),
		});
		const answered = answeredIn(response.headers);
		if (answered) this.#onAnswered(answered);
		if (response.ok) return response;
		throw new GatewayError(response.status, messageIn(await response.json().catch(() => undefined)));
	}
}

function answeredIn(headers: Headers): Answered | undefined {
	const region = headers.get('x-co-clone-region');
	if (region === null) return undefined;
	const timing = new Map(
		[...(headers.get('server-timing') ?? '').matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, ms]) => [name, Number(ms)]),
	);
	return {
		region,
		attempts: Number(headers.get('x-co-clone-attempts') ?? 1),
		why: headers.get('x-co-clone-why') ?? '',
		firstMs: timing.get('ttft') ?? 0,
		routeMs: timing.get('route') ?? 0,
	};
}

function messageIn(answer: unknown): string {
	const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
	const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
	return typeof message === 'string' ? message : 'The gateway failed; its log has the details.';
}
