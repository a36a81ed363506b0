/** Who is asked. */
export interface Target {
	readonly url: string;
	readonly key: string;
	/** The same backend without a gateway, over HTTP/1.1 and over HTTP/2. */
	readonly bare: readonly string[];
}

/** What the bench has its clients do. */
export type Job =
	| Storm
	| { readonly kind: 'hammer'; readonly requests: number; readonly atOnce: number }
	| { readonly kind: 'resets'; readonly count: number }
	/** When the bench says so; early: before the model has been asked. */
	| { readonly kind: 'cancel'; readonly version: 1 | 2; readonly isEarly: boolean };

export interface Storm {
	readonly kind: 'storm';
	readonly streams: number;
	readonly atOnce: number;
	readonly longestMs: number;
	readonly bareAtOnce: number;
}

/** What became of requests. */
export interface Counted {
	answered: number;
	cancelled: number;
	/** Told to come back later. */
	refused: number;
	/** Neither answered nor refused, and nobody cancelled them. */
	lost: number;
	goaways: number;
	/** Until the first byte of each answer. */
	readonly firstMs: number[];
	/** The same without the gateway. */
	readonly bareFirstMs: number[];
}

/** One call of a client. */
export interface Posted {
	readonly over: Promise<Answered>;
	cancel(): void;
}

export interface Answered {
	readonly status: number | undefined;
	readonly text: string;
	readonly firstMs: number | undefined;
	readonly isCancelled: boolean;
}
