import type { Outcome } from './completion.ts';
import { durationOf, type Histogram, joinedHistogram, mostBuckets } from './histogram.ts';
import type { ModelUse } from './observed-model.ts';
import type { Reason } from './reason.ts';

/** Everything that is counted. */
export const zeros = {
	/** Suggestions returned to the editor while it still wanted them; one that is typed through, or asked for again, is one. */
	shown: 0,
	/** Accepted, as a whole or in part, and those of them of which at first it was a part. */
	accepted: 0,
	partly: 0,
	/** By how much the documents grew when suggestions were accepted. */
	characters: 0,
	/** Accepted text that was still there, or no longer, when it was looked for. A document that is closed by then is not looked into. */
	kept30s: 0,
	gone30s: 0,
	kept5min: 0,
	gone5min: 0,
	/** Questions of the editor that an answer was found for, fit to show or not, and those of them that no model had to be asked for. */
	answers: 0,
	remembered: 0,
	/** Requests to the model by how they ended; those that only warm it up are counted apart. */
	answered: 0,
	aborted: 0,
	failed: 0,
	warmUps: 0,
	/** Prompt tokens, cached ones among them, as the server reports them, and the requests of which it did not. */
	tokensRead: 0,
	unreported: 0,
	/** As the server reports them; otherwise what came, piece by piece. */
	tokensWritten: 0,
	/** Pieces that came after another one of the same answer, and how many milliseconds they took. */
	steps: 0,
	stepsMs: 0,
};

/** A handful of tokens may have come in one gulp. */
const leastSteps = 20;

export type Counter = keyof typeof zeros;

/** Numbers only: nothing in here tells anything about the code. What is zero is left out. */
export interface Tally {
	readonly counts: Readonly<Partial<Record<Counter, number>>>;
	/** From the request to the model to the end of its answer. */
	readonly answerMs: Histogram;
	/** From the keystroke to the suggestion. */
	readonly keyMs: Histogram;
}

export const emptyTally: Tally = { counts: {}, answerMs: [], keyMs: [] };

/** How an accepted text fared, `30s` or `5min` later. */
export type Later = '30s' | '5min';

const answersWithoutText: ReadonlySet<Reason> = new Set([
	'model-silent',
	'does-not-fit',
	'already-there',
	'just-deleted',
	'rejected',
	'repetitive',
]);

/** What one question of the editor adds. */
export function ofOutcome(
	outcome: Outcome,
	{ isShown, isRemembered, keyMs }: { readonly isShown: boolean; readonly isRemembered: boolean; readonly keyMs?: number | undefined },
): Tally {
	const isAnswer = isAnswered(outcome);
	return {
		counts: withoutZeros({ shown: Number(isShown), answers: Number(isAnswer), remembered: Number(isAnswer && isRemembered) }),
		answerMs: [],
		keyMs: keyMs === undefined ? [] : durationOf(keyMs),
	};
}

/** Whether an answer was found, be it one that cannot be shown. */
export function isAnswered({ completion, nothing }: Outcome): boolean {
	return completion !== undefined || (nothing !== undefined && answersWithoutText.has(nothing.reason));
}

/** What one request to the model adds. */
export function ofUse({ isWarmUp, end, ms, pieces, writingMs, usage }: ModelUse): Tally {
	const counts = withoutZeros({
		[isWarmUp ? 'warmUps' : end]: 1,
		tokensRead: usage.promptTokens ?? 0,
		unreported: Number(usage.promptTokens === null),
		tokensWritten: usage.completionTokens ?? pieces,
		steps: Math.max(0, pieces - 1),
		stepsMs: Math.round(writingMs),
	});
	return { counts, answerMs: isWarmUp || end !== 'answered' ? [] : durationOf(ms), keyMs: [] };
}

/** How fast a model writes, in tokens a second; undefined before there is enough to go by. */
export function writingSpeed({ counts: { steps = 0, stepsMs = 0 } }: Tally): number | undefined {
	return steps < leastSteps || stepsMs === 0 ? undefined : (steps / stepsMs) * 1000;
}

/** What one acceptance adds: of a whole suggestion, of a first part, or of more of one that counts already. */
export function ofAcceptance(characters: number, what: 'whole' | 'part' | 'rest'): Tally {
	const counts = { accepted: Number(what !== 'rest'), partly: Number(what === 'part'), characters: Math.max(0, characters) };
	return { ...emptyTally, counts: withoutZeros(counts) };
}

export function ofLaterLook(later: Later, isKept: boolean): Tally {
	return { ...emptyTally, counts: { [`${isKept ? 'kept' : 'gone'}${later}` as const]: 1 } };
}

export function joined(a: Tally, b: Tally): Tally {
	const counts = new Map(Object.entries(a.counts));
	for (const [counter, count] of Object.entries(b.counts)) counts.set(counter, (counts.get(counter) ?? 0) + count);
	return {
		counts: Object.fromEntries(counts),
		answerMs: joinedHistogram(a.answerMs, b.answerMs),
		keyMs: joinedHistogram(a.keyMs, b.keyMs),
	};
}

export function isTally(value: unknown): value is Tally {
	if (typeof value !== 'object' || value === null) return false;
	if (!('counts' in value && 'answerMs' in value && 'keyMs' in value)) return false;
	const { counts, answerMs, keyMs } = value;
	return typeof counts === 'object' && counts !== null && Object.values(counts).every(isCount) && [answerMs, keyMs].every(isHistogram);
}

function isHistogram(value: unknown): boolean {
	return Array.isArray(value) && value.length <= mostBuckets && value.every(isCount);
}

function isCount(value: unknown): boolean {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function withoutZeros(counts: Readonly<Record<string, number>>): Tally['counts'] {
	return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
