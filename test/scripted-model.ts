import assert from 'node:assert/strict';
import { fimTemplate } from '../src/model/fim.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from '../src/model/language-model.ts';
import { until } from './until.ts';

const template = fimTemplate({ name: 'qwen2.5-coder', canInsert: false });
if (!template) throw new Error('qwen2.5-coder has a template');

/** One question to the model, answered by the test piece by piece. */
export interface Question {
	readonly options: GenerateOptions;
	readonly signal: AbortSignal;
	/** Whether nobody takes pieces any more. */
	isOver: boolean;
	/** Waits for that. */
	over(): Promise<void>;
	say(...pieces: string[]): void;
	end(): void;
	fail(error: Error): void;
}

/** A model whose answers a test gives by hand; where time does not matter, `answer` gives them all at once. */
export class ScriptedModel implements LanguageModel {
	readonly questions: Question[] = [];
	mostAtOnce = 0;
	answer: ((prompt: string, options: GenerateOptions) => string | Error) | undefined;
	modelFacts: ModelFacts = {
		name: 'scripted',
		template: template as NonNullable<typeof template>,
		contextLength: 4096,
		canConstrain: false,
		speed: { stepMs: 5, prefillTokensPerSecond: 1000 },
	};
	#running = 0;

	async facts(): Promise<ModelFacts> {
		return this.modelFacts;
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const pieces: (string | Error | undefined)[] = [];
		let wake = () => {};
		const put = (piece: string | Error | undefined) => {
			pieces.push(piece);
			wake();
		};
		const question: Question = {
			options,
			signal,
			isOver: false,
			over: () => until(() => question.isOver, 'The question was never over.'),
			say: (...said) => {
				for (const piece of said) put(piece);
			},
			end: () => put(undefined),
			fail: put,
		};
		options.onLoaded?.(0);
		this.questions.push(question);
		this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#running);
		const answer = this.answer?.(options.prompt, options);
		if (typeof answer === 'string') {
			question.say(...answer);
			question.end();
		} else if (answer) question.fail(answer);
		signal.addEventListener('abort', () => wake(), { once: true });
		try {
			for (;;) {
				signal.throwIfAborted();
				if (pieces.length === 0) await new Promise<void>((resolve) => (wake = resolve));
				else {
					const piece = pieces.shift();
					if (piece === undefined) return;
					if (piece instanceof Error) throw piece;
					yield piece;
				}
			}
		} finally {
			question.isOver = true;
			this.#running--;
		}
	}

	/** The question under way; waits until there is one. */
	async asked(index = this.questions.length): Promise<Question> {
		await until(() => this.questions.length > index, `Question ${index} was never asked.`);
		const question = this.questions[index];
		assert.ok(question);
		return question;
	}
}
