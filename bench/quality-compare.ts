import type { LanguageModel } from '../src/model/language-model.ts';
import type { Answers } from './quality-answers.ts';
import { type Arm, spelled } from './quality-arm.ts';
import type { Scored } from './quality-report.ts';
import { type Conditions, TaskRun } from './quality-run.ts';
import { score } from './score.ts';
import type { Task } from './tasks-format.ts';

export interface Comparison {
	readonly arms: readonly Arm[];
	readonly conditions: Conditions;
}

const never = new AbortController().signal;

/** Has every task answered in every way, as far as it has not been before. All ways of one task come together, because they share a prompt. */
export async function compare(
	tasks: readonly Task[],
	model: LanguageModel,
	answers: Answers,
	{ arms, conditions }: Comparison,
	report: (line: string) => void,
): Promise<Scored[]> {
	const facts = await model.facts(never);
	const scored: Scored[] = [];
	for (const [index, task] of tasks.entries()) {
		const started = performance.now();
		const run = new TaskRun(task, model, facts, conditions);
		let asked = 0;
		for (const arm of arms) {
			const question = [facts.name, conditions, asSeen(task), spelled(arm)];
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
	return { task: task.id, slice: task.slice ?? 'tasks', arm: arm.name, isSilent: answer === '', score: score(answer, truth) };
}
