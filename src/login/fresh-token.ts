import { abortable } from '../std/abortable.ts';
import type { Clock } from './clock.ts';
import type { Tokens } from './oauth.ts';
import { SignInError } from './sign-in-error.ts';

/** Exchanges a refresh token for tokens. @throws SignInError */
type Refresh = (refreshToken: string, signal: AbortSignal) => Promise<Tokens>;

export interface FreshTokenOptions {
	readonly refreshToken: string;
	readonly refresh: Refresh;
	/** Keeps a refresh token that takes the place of the one before. */
	readonly keep: (refreshToken: string) => void;
	readonly clock: Clock;
	/** From 0 to 1. */
	readonly random: () => number;
}

/** A token that ends while it is under way is of no use. */
const leewayMs = 5000;
/** After each failure twice as long as before. */
const backOff = { firstMs: 1000, longestMs: 60_000 };

interface Held {
	readonly token: string;
	/** Times of day. */
	readonly refreshAt: number;
	readonly endsAt: number;
}

/**
 * Always has an access token that holds, if one can be had: the next is fetched well before the one at hand ends, once for all who ask, and
 * until it is there the old one is used. Nobody hears of a failure as long as the old one holds.
 */
export class FreshToken implements Disposable {
	readonly #options: FreshTokenOptions;
	readonly #end = new AbortController();
	#refreshToken: string;
	#held: Held | undefined;
	#refreshing: Promise<string> | undefined;
	/** What the last attempt ended with, and when the next may be made. */
	#failure: { readonly error: unknown; readonly waitMs: number; readonly until: number } | undefined;
	/** Wakes whoever waits for the next attempt. */
	#timer: AbortController | undefined;

	constructor(options: FreshTokenOptions) {
		this.#options = options;
		this.#refreshToken = options.refreshToken;
	}

	/** @throws SignInError; the signal's reason when it aborts */
	async get(signal: AbortSignal): Promise<string> {
		const now = this.#options.clock.wall();
		const held = this.#held;
		// After a sleep the time of day is later than any timer knows.
		if (!held || now >= held.endsAt - leewayMs) return abortable(this.#refresh(), signal);
		if (now >= held.refreshAt) this.#refresh().catch(() => {});
		return held.token;
	}

	/** Another token, for one that was refused before it ended; the one that somebody else got in the meantime, if they did. */
	async another(refused: string, signal: AbortSignal): Promise<string> {
		if (this.#held && this.#held.token !== refused) return this.#held.token;
		return abortable(this.#refresh(), signal);
	}

	[Symbol.dispose](): void {
		this.#end.abort();
	}

	/** One at a time, and none before the pause after a failure is over. */
	#refresh(): Promise<string> {
		const failure = this.#failure;
		if (failure && this.#options.clock.wall() < failure.until) return Promise.reject(failure.error);
		this.#refreshing ??= this.#fetch().finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	async #fetch(): Promise<string> {
		try {
			const tokens = await this.#options.refresh(this.#refreshToken, this.#end.signal);
			if (tokens.refresh !== undefined && tokens.refresh !== this.#refreshToken) {
				this.#refreshToken = tokens.refresh;
				this.#options.keep(tokens.refresh);
			}
			this.#failure = undefined;
			this.#hold(tokens);
			return tokens.access;
		} catch (error) {
			this.#fail(error);
			throw error;
		}
	}

	#hold({ access, seconds, refreshSeconds = Number.POSITIVE_INFINITY }: Tokens): void {
		const { clock, random } = this.#options;
		const now = clock.wall();
		// Many clients that started at once must not come back at once.
		const afterMs = Math.min(refreshSeconds, 0.8 * seconds) * 1000 * (0.9 + 0.2 * random());
		this.#held = { token: access, refreshAt: now + afterMs, endsAt: now + seconds * 1000 };
		this.#refreshIn(afterMs);
	}

	/** What was revoked is asked for no more. */
	#fail(error: unknown): void {
		if (error instanceof SignInError && error.code !== 'unreachable') {
			this.#held = undefined;
			this.#failure = { error, waitMs: 0, until: Number.POSITIVE_INFINITY };
			this.#timer?.abort();
			return;
		}
		const waitMs = this.#failure ? Math.min(this.#failure.waitMs * 2, backOff.longestMs) : backOff.firstMs;
		this.#failure = { error, waitMs, until: this.#options.clock.wall() + waitMs };
		if (this.#held) this.#refreshIn(waitMs);
	}

	#refreshIn(ms: number): void {
		this.#timer?.abort();
		const timer = new AbortController();
		this.#timer = timer;
		const signal = AbortSignal.any([timer.signal, this.#end.signal]);
		this.#options.clock.delay(ms, signal).then(
			() => this.#refresh().catch(() => {}),
			() => {},
		);
	}
}
