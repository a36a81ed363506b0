import { askForValues } from '../holes/ask.ts';
import { judge } from '../holes/judge.ts';
import { type HoleQuestion, questionFor } from '../holes/question.ts';
import type { HoleSite, Verdict } from '../holes/site.ts';
import { holesOf, type PlannedHoles, siteOf } from '../holes/sites.ts';
import type { LanguageModel } from '../model/language-model.ts';

/** What became of a hole, and which one of how many it is. */
export interface Asked {
	readonly site: HoleSite;
	readonly verdict: Verdict;
	readonly done: number;
	readonly total: number;
}

const unknown = { refusal: 'Nobody can check a value in this language.' };

/**
 * What a model gives for each hole of a plan, or why there is nothing.
 * @throws ModelError when the model fails; the signal's reason when it aborts.
 */
export async function valuesFor(
	plan: PlannedHoles,
	model: LanguageModel,
	onAsked: (asked: Asked) => void,
	signal: AbortSignal,
): Promise<ReadonlyMap<number, Verdict>> {
	const verdicts = new Map<number, Verdict>();
	const sites = new Map<number, HoleSite>();
	for (const id of holesOf(plan.dependents)) {
		const site = siteOf(id, plan);
		if (site) sites.set(id, site);
	}
	const total = sites.size;
	const take = (id: number, site: HoleSite, verdict: Verdict) => {
		verdicts.set(id, verdict);
		onAsked({ site, verdict, done: verdicts.size, total });
	};
	const questions: HoleQuestion[] = [];
	for (const [id, site] of sites) {
		const parse = plan.parse(site.file.languageId);
		const question = parse ? questionFor(site, parse) : unknown;
		if ('refusal' in question) take(id, site, question);
		else questions.push(question);
	}
	const decide = async (id: number, text: string) => {
		const site = sites.get(id);
		const parse = site && plan.parse(site.file.languageId);
		return parse ? judge(site, text, parse) : unknown;
	};
	for await (const { hole, verdict } of askForValues(questions, model, decide, signal)) {
		const site = sites.get(hole);
		if (site) take(hole, site, verdict);
	}
	return verdicts;
}
