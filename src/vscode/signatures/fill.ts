import { askForValues, type HoleAnswer } from '../../holes/ask.ts';
import type { LanguageModel } from '../../model/language-model.ts';
import { within } from '../../std/within.ts';
import type { TrackingOrder, TrackingReport } from '../../tracking/wire.ts';
import { Replies } from './replies.ts';

/** The model that the window has. */
export interface SignatureModel {
	readonly model: LanguageModel;
	/** Says why it failed, and what can be done. */
	readonly explain: (error: unknown) => void;
}

/** In milliseconds: what the thread needs to answer, and how long it may take to see that there is no model. */
const patience = { thread: 20_000, model: 1500 };

type Questions = Extract<TrackingReport, { kind: 'questions' }>;
type Judged = Extract<TrackingReport, { kind: 'judged' }>;

/** Asks the window's model for values: the thread knows the questions and judges the answers. */
export class ModelValues {
	readonly #model: LanguageModel;
	readonly #questions: Replies<Questions>;
	readonly #judged: Replies<Judged>;
	#requests = 0;

	constructor(model: LanguageModel, tell: (order: TrackingOrder) => void) {
		this.#model = model;
		this.#questions = new Replies(tell);
		this.#judged = new Replies(tell);
	}

	/** Whether it may be asked. One that is still being loaded is there. */
	async isThere(): Promise<boolean> {
		const known = async (signal: AbortSignal) => (await this.#model.facts(signal)) !== undefined;
		return within(patience.model, known, new AbortController().signal).then(
			() => true,
			() => false,
		);
	}

	heed(reply: Questions | Judged): void {
		if (reply.kind === 'questions') this.#questions.heed(reply);
		else this.#judged.heed(reply);
	}

	/**
	 * What the model gives for some holes of the plan, one after another.
	 * @throws ModelError when the model fails; the signal's reason when it aborts.
	 */
	async *fill(holes: readonly number[], signal: AbortSignal): AsyncGenerator<HoleAnswer> {
		this.#requests += 1;
		const request = this.#requests;
		const { questions, refused } = said(await this.#questions.to({ kind: 'ask', request, holes }, patience.thread, signal));
		yield* refused;
		const judge = async (hole: number, text: string) =>
			said(await this.#judged.to({ kind: 'judge', request, hole, text }, patience.thread, signal)).verdict;
		yield* askForValues(questions, this.#model, judge, signal);
	}
}

function said<T>(reply: T | undefined): T {
	if (reply === undefined) throw new Error('The thread that tracks signatures does not answer.');
	return reply;
}
