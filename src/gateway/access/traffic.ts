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
	/** Somebody looked whether the gateway is well. That counts for nothing. */
	readonly isLook: boolean;
}

/** How much went through a gateway since it started. */
export interface Counts {
	readonly requests: number;
	readonly running: number;
	/** Requests that were refused or failed. */
	readonly failed: number;
}

interface Known {
	readonly route: string;
	readonly client: string;
	readonly isLook: boolean;
}

const looks = ['/healthz', '/v1/co-clone/status', '/v1/co-clone/regions', '/co-clone/room', '/metrics'];

/** Looks at what goes through, in two places: around everything, and at the routes, where it is known who asks for what. */
export class Traffic implements Counts {
	readonly #now: () => number;
	readonly #onExchange: (exchange: Exchange) => void;
	readonly #known = new WeakMap<Request, Known>();
	#requests = 0;
	#running = 0;
	#failed = 0;

	constructor(now: () => number, onExchange: (exchange: Exchange) => void) {
		this.#now = now;
		this.#onExchange = onExchange;
	}

	get requests(): number {
		return this.#requests;
	}

	get running(): number {
		return this.#running;
	}

	get failed(): number {
		return this.#failed;
	}

	routes(routes: readonly Route[]): readonly Route[] {
		return routes.map((route) => ({
			...route,
			answer: (call) => {
				const isLook = looks.includes(route.path);
				if (isLook) this.#count(-1);
				this.#known.set(call.request, { route: route.path, client: call.client.id, isLook });
				return route.answer(call);
			},
		}));
	}

	handle(handle: Handle): Handle {
		return async (request) => {
			const started = this.#now();
			this.#count(1);
			const response = await handle(request);
			const firstMs = this.#now() - started;
			const over = (bytes: number, end: Exchange['end']) => {
				const { route, client, isLook = false } = this.#known.get(request) ?? {};
				const [{ method }, { status }] = [request, response];
				if (!isLook) this.#end(status);
				this.#onExchange({ method, route, client, status, firstMs, totalMs: this.#now() - started, bytes, end, isLook });
			};
			if (!response.body) over(0, response.status === 499 ? 'left' : 'whole');
			return response.body ? watched(response, response.body, over) : response;
		};
	}

	#count(requests: number): void {
		this.#requests += requests;
		this.#running += requests;
	}

	#end(status: number): void {
		this.#running--;
		if (status >= 400 && status !== 499) this.#failed++;
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
