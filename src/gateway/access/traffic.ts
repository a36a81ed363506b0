import type { Route } from '../call.ts';
import type { Handle } from '../handle.ts';

/** What is known of one request when it is over: how much and how long, never what. */
export interface Exchange {
	readonly method: string;
	/** The pattern of the path; a path itself may hold anything. Undefined where none matched, or nobody got so far. */
	readonly route: string | undefined;
	/** The id of their key. */
	readonly client: string | undefined;
	readonly status: number;
	/** Until the status was there. */
	readonly firstMs: number;
	readonly totalMs: number;
	/** Of the answer. */
	readonly bytes: number;
	/** `left`: whoever asked went away. */
	readonly end: 'whole' | 'left' | 'failed';
}

/** How much went through a gateway since it started. */
export interface Counts {
	readonly requests: number;
	readonly running: number;
	/** Requests that were refused or failed. */
	readonly failed: number;
}

/** Looks at what goes through, in two places: around everything, and at the routes, where it is known who asks for what. */
export class Traffic {
	readonly #now: () => number;
	readonly #onExchange: (exchange: Exchange) => void;
	readonly #known = new WeakMap<Request, { readonly route: string; readonly client: string }>();
	#requests = 0;
	#running = 0;
	#failed = 0;

	constructor(now: () => number, onExchange: (exchange: Exchange) => void) {
		this.#now = now;
		this.#onExchange = onExchange;
	}

	get counts(): Counts {
		return { requests: this.#requests, running: this.#running, failed: this.#failed };
	}

	routes(routes: readonly Route[]): readonly Route[] {
		return routes.map((route) => ({
			...route,
			answer: (call) => {
				this.#known.set(call.request, { route: route.path, client: call.client.id });
				return route.answer(call);
			},
		}));
	}

	handle(handle: Handle): Handle {
		return async (request) => {
			const started = this.#now();
			this.#requests++;
			this.#running++;
			const response = await handle(request);
			const firstMs = this.#now() - started;
			const over = (bytes: number, end: Exchange['end']) => {
				this.#running--;
				if (response.status >= 400 && response.status !== 499) this.#failed++;
				const { route, client } = this.#known.get(request) ?? {};
				const { method } = request;
				this.#onExchange({ method, route, client, status: response.status, firstMs, totalMs: this.#now() - started, bytes, end });
			};
			if (!response.body) over(0, response.status === 499 ? 'left' : 'whole');
			return response.body ? watched(response, response.body, over) : response;
		};
	}
}

/** The same response, with a look at its body as it passes. */
function watched(response: Response, from: ReadableStream<Uint8Array>, over: (bytes: number, end: Exchange['end']) => void): Response {
	const reader = from.getReader();
	let bytes = 0;
	const body = new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				try {
					const next = await reader.read();
					if (next.done) {
						over(bytes, 'whole');
						controller.close();
					} else {
						bytes += next.value.length;
						controller.enqueue(next.value);
					}
				} catch (error) {
					over(bytes, 'failed');
					controller.error(error);
				}
			},
			async cancel(reason) {
				over(bytes, 'left');
				await reader.cancel(reason);
			},
		},
		{ highWaterMark: 0 },
	);
	return new Response(body, { status: response.status, headers: response.headers });
}
