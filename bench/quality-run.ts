import type { CompletionRequest } from '../src/completion/completion.ts';
import { languageOf } from '../src/completion/language.ts';
import type { Prompt } from '../src/completion/prompt.ts';
import { Run } from '../src/completion/run.ts';
import { shapeAt, tokensFor } from '../src/completion/shape.ts';
import { trim } from '../src/completion/trim.ts';
import type { LanguageModel, ModelFacts } from '../src/model/language-model.ts';
import { type Arm, type Elsewhere, promptFor } from './quality-arm.ts';
import type { Task } from './tasks-format.ts';

export interface Conditions {
	/** The window's, as `window.ts` counts them. */
	readonly windowTokens: number;
	/** Of an answer, at most. */
	readonly mostTokens: number;
	/** Milliseconds per token on the machine that is played: slow ones are asked for single lines only. */
	readonly stepMs: number;
	/** Tokens a second on that machine: slow ones are shown less of what follows in plain order. */
	readonly prefill: number;
}

/**
 * Asks a model about one task in several ways, through the stages that every completion goes through. Ways that come to the same
 * prompt are asked once.
 */
export class TaskRun {
	readonly #model: LanguageModel;
	readonly #facts: ModelFacts;
	readonly #request: CompletionRequest;
	readonly #conditions: Conditions;
	readonly #elsewhere: Elsewhere | undefined;
	readonly #answers = new Map<string, string | undefined>();

	constructor(task: Task, model: LanguageModel, facts: ModelFacts, conditions: Conditions, elsewhere: Elsewhere | undefined) {
		const { path, languageId = languageOf(path), prefix, suffix } = task;
		const speed = { stepMs: conditions.stepMs, prefillTokensPerSecond: conditions.prefill };
		this.#model = model;
		this.#facts = { ...facts, speed };
		this.#request = { path, languageId, prefix, suffix, trigger: 'automatic' };
		this.#conditions = conditions;
		this.#elsewhere = elsewhere;
	}

	/** The prompts that an arm may come to. */
	prompts({ ways }: Arm): string[] {
		return ways.map((way) => this.#promptFor(way).text);
	}

	/** What a user would see at the cursor; empty if nothing. */
	async answer({ ways }: Arm): Promise<string> {
		for (const way of ways) {
			const prompt = this.#promptFor(way);
			const text = this.#shown(await this.#ask(prompt));
			if (text !== '') return text;
		}
		return '';
	}

	#promptFor(way: Arm['ways'][number]): Prompt {
		return promptFor(way, this.#request, this.#conditions.windowTokens, this.#facts, this.#elsewhere);
	}

	async #ask(prompt: Prompt): Promise<string | undefined> {
		const key = JSON.stringify([prompt.order === 'forced', prompt.text, prompt.suffix, prompt.given]);
		if (!this.#answers.has(key)) this.#answers.set(key, await this.#generate(prompt));
		return this.#answers.get(key);
	}

	async #generate(prompt: Prompt): Promise<string | undefined> {
		const shape = shapeAt(this.#request, this.#facts);
		const maxTokens = Math.min(tokensFor(shape), this.#conditions.mostTokens);
		const task = { request: this.#request, facts: this.#facts, prompt, shape, maxTokens };
		return (await new Run(task, '', this.#model, () => performance.now()).result).text;
	}

	#shown(text: string | undefined): string {
		const trimmed = text === undefined ? undefined : trim(text, this.#request);
		return trimmed && 'text' in trimmed ? trimmed.text : '';
	}
}
