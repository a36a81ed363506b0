import type { Prompt } from './prompt.ts';

interface Answered {
	readonly raw: string;
	readonly isWhole: boolean;
}

const mostPrompts = 20;

/** What the model said last to which prompt, whole or not: whoever asks with the same prompt gets the same answer. */
export class Said {
	readonly #answers = new Map<string, Answered>();

	add({ text }: Prompt, raw: string, isWhole: boolean): void {
		this.#answers.delete(text);
		this.#answers.set(text, { raw, isWhole });
		const [oldest] = this.#answers.keys();
		if (oldest !== undefined && this.#answers.size > mostPrompts) this.#answers.delete(oldest);
	}

	/** Whether the answer is known not to begin with what was left out of the prompt. */
	contradicts({ text, given }: Prompt): boolean {
		const answer = this.#answers.get(text);
		if (!answer || answer.raw.startsWith(given)) return false;
		return answer.isWhole || !given.startsWith(answer.raw);
	}

	clear(): void {
		this.#answers.clear();
	}
}
