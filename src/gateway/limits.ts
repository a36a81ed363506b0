import type { BucketSize } from './bucket.ts';

/** How much of everything the gateway gives away: to everybody together, to one client, to one connection. Times are in milliseconds. */
export interface Limits {
	/** Answers that a model works on at the same time. */
	readonly streams: number;
	/** Of them those of one client. */
	readonly streamsPerClient: number;
	/** Calls that wait until they may be one of them. */
	readonly queue: number;
	/** How often one client may call. */
	readonly calls: BucketSize;
	/** From a call to the end of its answer, with the time in the queue. */
	readonly streamMs: number;

	readonly bodyBytes: number;
	/** Of all headers of a request together. */
	readonly headerBytes: number;
	/** In HTTP/2 Node refuses more; in HTTP/1.1 it would pass over those after the 2,000th, whatever they say. */
	readonly headerFields: number;

	readonly connections: number;
	/** Requests that are being read or answered at the same time, by whomever. */
	readonly exchanges: number;
	/** Until a connection says anything. */
	readonly firstByteMs: number;
	/** Until it has said all headers of a request. */
	readonly headersMs: number;
	/** Until it has said all of the request. */
	readonly bodyMs: number;
	/** That nothing of an answer is taken. */
	readonly stallMs: number;
	/** That it asks nothing. */
	readonly idleMs: number;
	/** That answers have to come to their end when the gateway stops. */
	readonly drainMs: number;

	readonly streamsPerSession: number;
	/** Streams of one HTTP/2 session that may be cancelled. Node 20 ends a session after 1,000 with 33 more each second: before that a new one is asked for. */
	readonly resets: BucketSize;
	/** Pings and settings in one HTTP/2 session. */
	readonly controls: BucketSize;
}

export const usualLimits: Limits = {
	streams: 64,
	streamsPerClient: 8,
	queue: 32,
	calls: { most: 200, perSecond: 50 },
	streamMs: 60_000,

	bodyBytes: 1_000_000,
	headerBytes: 16_384,
	headerFields: 128,

	connections: 512,
	exchanges: 256,
	firstByteMs: 10_000,
	headersMs: 10_000,
	bodyMs: 30_000,
	stallMs: 20_000,
	idleMs: 60_000,
	drainMs: 5000,

	streamsPerSession: 128,
	resets: { most: 500, perSecond: 30 },
	controls: { most: 100, perSecond: 20 },
};
