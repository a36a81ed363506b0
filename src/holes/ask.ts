import type { GenerateOptions, LanguageModel } from '../model/language-model.ts';
import { within } from '../std/within.ts';
import { firstExpression } from './expression.ts';
import { promptFor } from './prompt.ts';
import type { HoleQuestion } from './question.ts';
import type { Verdict } from './site.ts';

/** Says whether a text may stand for a hole; where the trees are. */
export type Judge = (hole: number, text: string) => Promise<Verdict>;

/** What became of one hole. */
export interface HoleAnswer {
	readonly hole: number;
	readonly verdict: Verdict;
}

/** In milliseconds for each hole, and for the first one, for which the model may have to be loaded. */
const patience = { ms: 30_000, firstMs: 120_000 };
/** How often one hole is asked about; and who is silent so often in a row is not asked again. */
const most = { tries: 3, silences: 2 };

/**
 * Asks a model for the values of holes, one at a time.
 * @throws ModelError when the model fails; the signal's reason when it aborts.
 */
export async function* askForValues(
	questions: readonly HoleQuestion[],
	model: LanguageModel,
	judge: Judge,
	signal: AbortSignal,
	{ ms, firstMs } = patience,
): AsyncGenerator<HoleAnswer> {
	const late = { refusal: `The model gave no value within ${ms / 1000} seconds.` };
	let silences = 0;
	for (const [index, question] of questions.entries()) {
		const ask = (limited: AbortSignal) => valueFor(question, model, judge, limited);
		const verdict = silences < most.silences ? await within(index === 0 ? firstMs : ms, ask, signal) : undefined;
		silences = verdict ? 0 : silences + 1;
		yield { hole: question.hole, verdict: verdict ?? late };
	}
}

/** The likeliest answer, or else one that is drawn, if it holds. What was wrong with the first one is what is said. */
async function valueFor(question: HoleQuestion, model: LanguageModel, judge: Judge, signal: AbortSignal): Promise<Verdict> {
	const facts = await model.facts(signal);
	const options = promptFor(question, facts);
	const { specialTokens } = facts.template;
	const first = await judge(question.hole, await expressionFrom(question, model, options, specialTokens, signal));
	for (let seed = 1; seed < most.tries && 'refusal' in first; seed++) {
		const drawn = { ...options, sampling: { temperature: 0.7, seed } };
		const verdict = await judge(question.hole, await expressionFrom(question, model, drawn, specialTokens, signal));
		if ('value' in verdict) return verdict;
	}
	return first;
}

async function expressionFrom(
	{ name, languageId }: HoleQuestion,
	model: LanguageModel,
	options: GenerateOptions,
	specialTokens: readonly string[],
	signal: AbortSignal,
): Promise<string> {
	let raw = '';
	for await (const piece of model.generate(options, signal)) {
		raw += piece;
		const { text, isComplete } = firstExpression(raw, name, languageId, specialTokens, false);
		if (isComplete) return text;
	}
	return firstExpression(raw, name, languageId, specialTokens, true).text;
}
