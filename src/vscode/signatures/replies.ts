import { within } from '../../std/within.ts';
import type { TrackingOrder } from '../../tracking/wire.ts';

/** What the thread says to orders with a number, each to whoever gave it. */
export class Replies<Reply extends { readonly request: number }> {
	readonly #tell: (order: TrackingOrder) => void;
	readonly #waiting = new Map<number, (reply: Reply) => void>();

	constructor(tell: (order: TrackingOrder) => void) {
		this.#tell = tell;
	}

	heed(reply: Reply): void {
		this.#waiting.get(reply.request)?.(reply);
	}

	/** Undefined where nothing is said in so many milliseconds. */
	async to(order: Extract<TrackingOrder, { readonly request: number }>, ms: number, signal: AbortSignal): Promise<Reply | undefined> {
		const reply = within(ms, () => new Promise<Reply>((resolve) => this.#waiting.set(order.request, resolve)), signal);
		this.#tell(order);
		return await reply.finally(() => this.#waiting.delete(order.request));
	}
}
