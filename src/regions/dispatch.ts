import { unwanted } from '../std/abortable.ts';
import type { Attempt, Candidate } from './candidate.ts';
import type { Choice, Named, Router } from './router.ts';

/** A region's answer, from its first token on. */
export interface Started<Answer> {
	readonly answer: Answer;
	/** Settles when all of it is there, or it broke. */
	readonly over: Promise<void>;
}

/** Resolves at the first token; rejects with a `RegionError` when the region cannot answer, before anything was passed on. */
export type Send<Region, Answer> = (region: Region, signal: AbortSignal) => Promise<Started<Answer>>;

/** A region that did not answer. Another one may. */
export class RegionError extends Error {
	override readonly name = 'RegionError';
	readonly retryAfterMs: number | undefined;

	constructor(message: string, retryAfterMs?: number, cause?: unknown) {
		super(message, { cause });
		this.retryAfterMs = retryAfterMs;
	}
}

export interface Dispatched<Region, Answer> {
	readonly answer: Answer;
	readonly region: Region;
	/** Regions that were asked, the one that answered included. */
	readonly attempts: number;
	/** Why it was asked, in a few words. */
	readonly why: string;
}

export interface Wish {
	/** Requests with the same key find the same evaluated prompt. */
	readonly key?: string | undefined;
	/** The name of the only region that may be asked. */
	readonly pin?: string | undefined;
}

export interface DispatchWorld {
	readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A second region is asked when the first takes so many times as long as it usually does, and at least that long. */
const hedge = { times: 3, leastMs: 250 };
/** Of all requests, those that may be asked twice; saved up to a burst. */
const budget = { share: 0.05, most: 10 };
const mostAttempts = 2;

/** Nobody takes requests: all failed a moment ago, or the one that was asked for. */
export class NoRegion extends Error {
	override readonly name = 'NoRegion';
}

/**
 * Asks regions until one begins to answer: once more when one fails before its first token, and a second one in parallel when the first is late.
 * The first token wins; whoever lost is told to stop.
 */
export class Dispatcher<Region extends Named> {
	readonly #router: Router<Region>;
	readonly #delay: DispatchWorld['delay'];
	#savedHedges = budget.most;

	constructor(router: Router<Region>, { delay }: DispatchWorld) {
		this.#router = router;
		this.#delay = delay;
	}

	/** @throws NoRegion, RegionError of the last one that was asked, or the signal's reason */
	async dispatch<Answer>(send: Send<Region, Answer>, wish: Wish, signal: AbortSignal): Promise<Dispatched<Region, Answer>> {
		this.#savedHedges = Math.min(budget.most, this.#savedHedges + budget.share);
		const tried = new Set<Region>();
		for (;;) {
			const choice = this.#next(wish, tried);
			if (!choice) throw new NoRegion('No region takes requests.');
			const before = [...tried].map(({ name }) => `; ${name} failed`).join('');
			tried.add(choice.candidate.region);
			try {
				const { winner, started } = await this.#race(choice, send, wish, tried, signal);
				return { answer: started.answer, region: winner.region, attempts: tried.size, why: `${winner.why}${before}` };
			} catch (error) {
				const isLast = tried.size >= mostAttempts || wish.pin !== undefined;
				if (!(error instanceof RegionError) || isLast || !this.#next(wish, tried)) throw error;
			}
		}
	}

	#next({ key, pin }: Wish, tried: ReadonlySet<Region>): Choice<Region> | undefined {
		return pin === undefined ? this.#router.choose(key, tried) : this.#router.pinned(pin);
	}

	/** The first, and a second where the first is late and the budget allows it. */
	async #race<Answer>(first: Choice<Region>, send: Send<Region, Answer>, wish: Wish, tried: Set<Region>, signal: AbortSignal) {
		const late = new AbortController();
		const one = new Contender(first, send, signal);
		const other = this.#late(first.candidate, late.signal).then(() => {
			const second = wish.pin === undefined && this.#savedHedges >= 1 ? this.#router.choose(undefined, tried) : undefined;
			if (!second) throw new RegionError('There is no second region to ask.');
			this.#savedHedges--;
			tried.add(second.candidate.region);
			return new Contender({ ...second, why: `${second.why}; ${first.candidate.region.name} is late` }, send, signal);
		});
		const contenders = [Promise.resolve(one), other];
		let winner: Contender<Region, Answer> | undefined;
		try {
			// A failure of the first must not wait for the second to be due.
			one.started.catch(() => late.abort(unwanted));
			const won = await Promise.any(
				contenders.map(async (contender) => ({ contender: await contender, started: await (await contender).started })),
			);
			winner = won.contender;
			return { winner: { region: winner.candidate.region, why: winner.why }, started: won.started };
		} catch (error) {
			signal.throwIfAborted();
			throw error instanceof AggregateError ? error.errors[0] : error;
		} finally {
			late.abort(unwanted);
			for (const contender of contenders) contender.then((one) => one !== winner && one.stop()).catch(() => {});
		}
	}

	async #late({ patienceMs }: Candidate<Region>, signal: AbortSignal): Promise<void> {
		await this.#delay(Math.max(hedge.leastMs, patienceMs * hedge.times), signal);
	}
}

/** One region that is being asked. */
class Contender<Region, Answer> {
	readonly candidate: Candidate<Region>;
	readonly why: string;
	readonly started: Promise<Started<Answer>>;
	readonly #attempt: Attempt;
	readonly #stop = new AbortController();

	constructor({ candidate, why }: Choice<Region>, send: Send<Region, Answer>, signal: AbortSignal) {
		this.candidate = candidate;
		this.why = why;
		this.#attempt = candidate.begin();
		this.started = this.#start(send, signal);
		this.started.catch(() => {});
	}

	/** Whoever lost a race is not wanted, even where it has begun to answer. */
	stop(): void {
		this.#stop.abort(unwanted);
	}

	async #start(send: Send<Region, Answer>, signal: AbortSignal): Promise<Started<Answer>> {
		// By hand: thousands of requests a second make AbortSignal.any() the most of what they cost.
		const leave = () => this.#stop.abort(signal.reason);
		signal.addEventListener('abort', leave, { once: true });
		if (signal.aborted) leave();
		const over = () => {
			signal.removeEventListener('abort', leave);
			this.#attempt.ended();
		};
		try {
			const started = await send(this.candidate.region, this.#stop.signal);
			this.#attempt.firstToken();
			started.over.then(over, over);
			return started;
		} catch (error) {
			signal.removeEventListener('abort', leave);
			if (this.#stop.signal.aborted) this.#attempt.left();
			else this.#attempt.failed(error instanceof RegionError ? error.retryAfterMs : undefined);
			throw error;
		}
	}
}
