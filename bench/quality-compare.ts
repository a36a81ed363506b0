import type { LanguageModel } from '../src/model/language-model.ts';
import type { Answers } from './quality-answers.ts';
import { type Arm, spelled } from './quality-arm.ts';
import type { PackageContexts } from './quality-context.ts';
import type { Scored } from './quality-report.ts';
import { type Conditions, TaskRun } from './quality-run.ts';
import { score } from './score.ts';
import type { Task } from './tasks-format.ts';

export interface Comparison {
	readonly arms: readonly Arm[];
	readonly conditions: Conditions;
	/** In tokens, of code from other files. */
	readonly contextTokens?: number | undefined;
}

const never = new AbortController().signal;

/** Has every task answered in every way, as far as it has not been before. All ways of one task come together, because they share a prompt. */
export async function compare(
	tasks: readonly Task[],
	model: LanguageModel,
	answers: Answers,
	{ arms, conditions, contextTokens = 0 }: Comparison,
	report: (line: string) => void,
	contexts?: PackageContexts,
): Promise<Scored[]> {
	const facts = await model.facts(never);
	const scored: Scored[] = [];
	for (const [index, task] of tasks.entries()) {
		const started = performance.now();
		const choose = await contexts?.at(task);
		const run = new TaskRun(task, model, facts, conditions, choose && { choose, tokens: contextTokens });
		let asked = 0;
		for (const arm of arms) {
			// What is found elsewhere depends on all files of the package.
			const seen = arm.ways.some(({ context }) => context) ? run.prompts(arm) : [];
			const question = [facts.name, conditions, asSeen(task), spelled(arm), ...seen];
			let answer = answers.get(question);
			if (answer === undefined) {
				asked++;
				answer = await run.answer(arm);
				answers.add(question, answer, { id: task.id, arm: arm.name });
			}
			scored.push(scoredAnswer(task, arm, answer));
		}
		if (asked > 0) report(`${index + 1}/${tasks.length} ${task.slice ?? ''} ${((performance.now() - started) / 1000).toFixed(1)} s`);
	}
	return scored;
}

/** Of a task, what an answer depends on. */
function asSeen({ path, languageId, prefix, suffix }: Task): unknown {
	return { path, languageId, prefix, suffix };
}

function scoredAnswer(task: Task, arm: Arm, answer: string): Scored {
	const word = /[\p{L}\p{N}_$]*$/u.exec(task.prefix)?.[0] ?? '';
	const truth = { line: task.gt_line, block: task.gt_block, word };
	return {
		task: task.id,
		slice: task.slice ?? 'tasks',
		needsOther: task.cross_file ?? false,
		arm: arm.name,
		isSilent: answer === '',
		score: score(answer, truth),
	};
}
