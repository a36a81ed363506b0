import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { Bucket } from './bucket.ts';
import type { Limits } from './limits.ts';

/** All streams that a client can open. */
const everyStream = 2 ** 31 - 1;
/** So long a client may still send requests that it began before it heard that it should not. */
const noticeMs = 1000;

/** Watches over the HTTP/2 sessions: each lives as long as it is used as it should be. */
export class Sessions {
	readonly #limits: Limits;
	readonly #open = new Set<ServerHttp2Session>();

	constructor(limits: Limits) {
		this.#limits = limits;
	}

	add(session: ServerHttp2Session): void {
		const { resets, controls } = this.#limits;
		this.#open.add(session);
		const cancels = new Bucket(resets);
		const signs = new Bucket(controls);
		const idle = this.#endWhenIdle(session);
		session.on('error', () => {});
		session.on('stream', (stream) => {
			stream.on('error', () => {});
			idle.begin();
			stream.once('close', () => {
				idle.end();
				if (wasCut(stream) && !cancels.take()) this.#replace(session);
			});
		});
		const sign = () => signs.take() || session.destroy(new Error('Too many pings or settings.'), constants.NGHTTP2_ENHANCE_YOUR_CALM);
		session.on('ping', sign).on('remoteSettings', sign);
		session.once('close', () => {
			idle.stop();
			this.#open.delete(session);
		});
	}

	/** Lets what is under way come to its end, and takes nothing new. */
	close(): void {
		for (const session of this.#open) session.close();
	}

	/**
	 * Asks a client for a new session. First it hears that it should open no more streams here, and only when it must have heard that are
	 * they refused: so none gets lost.
	 */
	#replace(session: ServerHttp2Session): void {
		if (!this.#open.delete(session)) return;
		if (!session.destroyed) session.goaway(constants.NGHTTP2_NO_ERROR, everyStream);
		setTimeout(() => session.destroyed || session.close(), noticeMs).unref();
	}

	/** A session without streams is kept for a while; one that never had any, shorter. */
	#endWhenIdle(session: ServerHttp2Session) {
		const { headersMs, idleMs } = this.#limits;
		let streams = 0;
		const close = () => {
			session.close();
			// A stream whose headers never come to their end would keep it open.
			setTimeout(() => session.destroyed || streams > 0 || session.destroy(), noticeMs).unref();
		};
		let timer = setTimeout(close, headersMs);
		return {
			begin: () => {
				streams++;
				clearTimeout(timer);
			},
			end: () => {
				streams--;
				clearTimeout(timer);
				if (streams === 0) timer = setTimeout(close, idleMs);
			},
			stop: () => clearTimeout(timer),
		};
	}
}

/** The client did not want it to its end. */
function wasCut(stream: ServerHttp2Stream): boolean {
	return stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR;
}
