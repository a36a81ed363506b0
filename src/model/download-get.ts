import { brokenOff, type DownloadError, refusal, stalled, unanswered } from './download-error.ts';

/** How servers are reached. */
export interface Network {
	/**
	 * In the editor the global one, which VS Code makes obey the user's proxy and certificates. Node's own looks at `HTTP_PROXY`,
	 * `HTTPS_PROXY` and `NO_PROXY` only from 22.21 and 24 on, and only when started with `NODE_USE_ENV_PROXY=1`.
	 */
	readonly fetch: typeof fetch;
	/** A connection that gives nothing for this long is broken, in milliseconds. */
	readonly stallMs: number;
}

/**
 * Streams the body of an answer. `accept` sees the answer first, and may refuse it by throwing. Ends with the connection closed or
 * free for reuse, in every case.
 * @throws DownloadError when the server cannot be reached, refuses, breaks off or goes silent; the signal's reason when it aborts.
 */
export async function* get(
	url: string,
	headers: Readonly<Record<string, string>>,
	{ fetch, stallMs }: Network,
	signal: AbortSignal,
	accept: (response: Response) => Promise<void>,
): AsyncGenerator<Uint8Array> {
	signal.throwIfAborted();
	const connection = new AbortController();
	const close = () => connection.abort(signal.reason);
	signal.addEventListener('abort', close, { once: true });
	const silence = new Silence(stallMs, () => connection.abort(stalled(url, stallMs)));
	const explain = (cause: unknown, otherwise: (url: string, cause: unknown) => DownloadError) => {
		signal.throwIfAborted();
		return connection.signal.aborted ? connection.signal.reason : otherwise(url, cause);
	};
	try {
		silence.begin();
		// What is compressed on the way has another length than the file.
		const request = { headers: { 'accept-encoding': 'identity', ...headers }, signal: connection.signal };
		const response = await fetch(url, request).catch((cause) => Promise.reject(explain(cause, unanswered)));
		silence.end();
		if (!response.ok) throw refusal(response, url);
		await accept(response);
		for await (const chunk of heard(response, silence, (cause) => explain(cause, brokenOff))) yield chunk;
	} finally {
		silence.end();
		signal.removeEventListener('abort', close);
		connection.abort();
	}
}

/** The chunks of an answer; the time between two of them is limited, the time that the reader takes is not. */
async function* heard(response: Response, silence: Silence, explain: (cause: unknown) => unknown): AsyncGenerator<Uint8Array> {
	const reader = response.body?.getReader();
	while (reader) {
		silence.begin();
		const { done, value } = await reader.read().catch((cause) => Promise.reject(explain(cause)));
		silence.end();
		if (done) return;
		yield value;
	}
}

class Silence {
	#timer: NodeJS.Timeout | undefined;
	readonly #ms: number;
	readonly #onTooLong: () => void;

	constructor(ms: number, onTooLong: () => void) {
		this.#ms = ms;
		this.#onTooLong = onTooLong;
	}

	begin(): void {
		this.#timer = setTimeout(this.#onTooLong, this.#ms);
	}

	end(): void {
		clearTimeout(this.#timer);
	}
}
