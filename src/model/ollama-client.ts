import { Ollama } from 'ollama/browser';
import { delay, unwanted } from '../std/abortable.ts';
import { ModelError } from './model-error.ts';

/** Where Ollama is, and how it is asked, where that takes more than sending a request. */
export interface OllamaServer {
	readonly url: string;
	readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * A client for one request. The ollama package cannot stop a request before its headers have come, so every request gets a client
 * of its own whose fetch carries our signal; and it prints bad answers to the console, so those are turned into errors before
 * the package sees them.
 */
function openClient({ url, fetch = globalThis.fetch }: OllamaServer, signal: AbortSignal): Ollama {
	return new Ollama({
		host: url,
		fetch: async (input, init) => {
			const response = await fetch(input, { ...init, signal, redirect: 'manual' });
			await refuseBadResponse(response, url);
			return response;
		},
	});
}

/**
 * Runs one request with a time limit, in milliseconds, for the first sign of life (`alive()`) and one for each further one, and turns whatever goes wrong into a
 * `ModelError`, except the caller's own abort. Ends with the connection closed or free for reuse, in every case; where it is left in the
 * middle that takes a moment, which `onLeaving` is told of.
 */
export async function* exchange<T>(
	server: OllamaServer,
	limits: { readonly firstMs: number; readonly stallMs: number },
	signal: AbortSignal,
	talk: (client: Ollama, alive: () => void) => AsyncIterable<T>,
	onLeaving: (closed: Promise<void>) => void = () => {},
): AsyncGenerator<T> {
	signal.throwIfAborted();
	const { url } = server;
	const connection = new AbortController();
	const pulse = new Pulse();
	const close = async () => {
		await pulse.pause();
		connection.abort(signal.aborted ? signal.reason : unwanted);
		// The socket is closed in the next turn of the event loop; whoever asks next must not be there before.
		await delay(1, never);
	};
	const aborted = () => void close();
	signal.addEventListener('abort', aborted, { once: true });
	const limit = (ms: number) => setTimeout(() => connection.abort(stallError(url, ms)), ms);
	let silence = limit(limits.firstMs);
	const alive = () => {
		pulse.beat();
		clearTimeout(silence);
		silence = limit(limits.stallMs);
	};
	let isComplete = false;
	try {
		for await (const piece of talk(openClient(server, connection.signal), alive)) {
			signal.throwIfAborted();
			yield piece;
		}
		isComplete = true;
	} catch (cause) {
		signal.throwIfAborted();
		throw asModelError(connection.signal.aborted ? connection.signal.reason : cause, url);
	} finally {
		clearTimeout(silence);
		signal.removeEventListener('abort', aborted);
		if (isComplete) connection.abort(unwanted);
		else onLeaving(close());
	}
}

/** In milliseconds. */
const longestPause = 10;

/**
 * The times at which something comes from a server. Ollama hands over the end of an answer right behind its last piece, and is stuck where
 * it is left in between (decision 5): it is left while it is thinking.
 */
class Pulse {
	#last: number | undefined;
	#interval = Number.POSITIVE_INFINITY;

	beat(): void {
		const now = performance.now();
		this.#interval = now - (this.#last ?? Number.NEGATIVE_INFINITY);
		this.#last = now;
	}

	/** At once where nothing came lately; else between what came last and what comes next. */
	async pause(): Promise<void> {
		for (let beats = 0; beats < 3 && this.#last !== undefined; beats++) {
			const left = this.#last + Math.min(longestPause, this.#interval / 2) - performance.now();
			if (left <= 0) return;
			await delay(left, never);
		}
	}
}

/** `exchange` for a question with a single answer. */
export async function ask<T>(
	server: OllamaServer,
	stallMs: number,
	signal: AbortSignal,
	question: (client: Ollama) => Promise<T>,
): Promise<T> {
	const answers: T[] = [];
	for await (const answer of exchange(server, { firstMs: stallMs, stallMs }, signal, async function* (client) {
		yield await question(client);
	})) {
		answers.push(answer);
	}
	return answers[0] as T;
}

const never = new AbortController().signal;

function stallError(url: string, stallMs: number): ModelError {
	const seconds = Math.round(stallMs / 1000);
	return new ModelError('stalled', `The model server at ${url} accepted the request but sent nothing for ${seconds} s.`);
}

function asModelError(cause: unknown, url: string): ModelError {
	if (cause instanceof ModelError) return cause;
	const message = cause instanceof Error ? cause.message : String(cause);
	if (message === 'Invalid URL') return new ModelError('unreachable', `“${url}” is not the address of a server.`, cause);
	if (message === 'fetch failed') return unreachable(cause, url);
	if (message.startsWith('Did not receive done') || message === 'terminated') {
		return new ModelError('bad-response', `The model server at ${url} broke off in the middle of an answer.`, cause);
	}
	if (/overloaded|server busy|queue/i.test(message)) return new ModelError('overloaded', `The model server is busy: ${message}`, cause);
	return new ModelError('bad-response', `The model server at ${url} said: ${message}`, cause);
}

function unreachable(cause: unknown, url: string): ModelError {
	const detail = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message || cause.cause.name})` : '';
	return new ModelError('unreachable', `No model server answers at ${url}${detail}.`, cause);
}

/** Where a server sends us on to, nobody has said that code may go. */
function refuseRedirection({ status, headers }: Response, url: string): void {
	const to = headers.get('location');
	if (status < 300 || status > 399 || to === null) return;
	throw new ModelError('bad-response', `${url} sends requests on to ${to}. If that is right, set it as the address.`);
}

async function refuseBadResponse(response: Response, url: string): Promise<void> {
	refuseRedirection(response, url);
	const isJson = /json/.test(response.headers.get('content-type') ?? '');
	if (response.ok && isJson) return;
	const body = (await response.text()).slice(0, 10_000);
	if (!isJson) {
		throw new ModelError(
			response.status === 503 ? 'overloaded' : 'bad-response',
			`${url} answers (status ${response.status}), but not as Ollama does.`,
		);
	}
	const message = errorText(body);
	if (response.status === 404) throw new ModelError('model-missing', `${url} says: ${message}.`);
	if (response.status === 503 || response.status === 429) throw new ModelError('overloaded', `The model server is busy: ${message}`);
	throw new ModelError('bad-response', `The model server at ${url} failed with status ${response.status}: ${message}`);
}

function errorText(body: string): string {
	try {
		const parsed: unknown = JSON.parse(body);
		if (typeof parsed === 'object' && parsed !== null && 'error' in parsed) return String(parsed.error);
	} catch {
		// Shown as it is.
	}
	return body.slice(0, 200);
}
