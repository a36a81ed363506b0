import type { TrackingOrder, TrackingReport } from '../../tracking/wire.ts';
import { Replies } from './replies.ts';

/** In milliseconds, for a thread that is in the middle of something. */
const patience = 5000;

type Checked = Extract<TrackingReport, { kind: 'checked' }>;

/** Has the thread, which has the grammars, look at what somebody typed. */
export class ExpressionCheck {
	readonly #replies: Replies<Checked>;
	#requests = 0;

	constructor(tell: (order: TrackingOrder) => void) {
		this.#replies = new Replies(tell);
	}

	heed(reply: Checked): void {
		this.#replies.heed(reply);
	}

	/** Why it is no expression, or why nobody knows; undefined where it is one. */
	async whyNot(languageId: string, text: string): Promise<string | undefined> {
		this.#requests += 1;
		const order = { kind: 'check', request: this.#requests, languageId, text } as const;
		const reply = await this.#replies.to(order, patience, new AbortController().signal);
		return reply ? reply.refusal : 'Co-Clone is busy with other files. Press Enter again in a moment.';
	}
}
