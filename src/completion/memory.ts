import type { Usage } from '../model/language-model.ts';
import type { CompletionRequest, Nothing } from './completion.ts';
import { belowClosers } from './window.ts';

/** What a model said at a place, cut to its shape; what of it can be shown depends on the text around it when it is shown. */
export interface Answer {
	readonly text: string;
	/** Why it cannot be used at all. */
	readonly nothing?: Nothing | undefined;
	readonly trigger: CompletionRequest['trigger'];
	readonly model: string;
	readonly prompt: string;
	readonly firstTokenAt: number | undefined;
	readonly usage: Usage;
}

const mostAnswers = 100;
/** Enough to tell one place from another. */
const keyLength = 200;
const mostTypedThrough = 200;

/**
 * Answers that were given, kept even when the cursor has moved away meanwhile. An answer is found where it was asked for and
 * anywhere along the way when the user types what it says: `re|turn a` → `retu|rn a`.
 */
export class Memory {
	/** From least to most recently used. */
	readonly #answers = new Map<string, Answer>();

	store(request: CompletionRequest, answer: Answer): void {
		const key = keyOf(request, request.prefix);
		this.#answers.delete(key);
		this.#answers.set(key, answer);
		for (const oldest of this.#answers.keys()) {
			if (this.#answers.size <= mostAnswers) break;
			this.#answers.delete(oldest);
		}
	}

	/** What is left of an answer after what has been typed since. What an answer to typing says is too short for who asked on demand. */
	find(request: CompletionRequest): Answer | undefined {
		const { prefix } = request;
		const longest = Math.min(prefix.length, mostTypedThrough);
		for (let typed = 0; typed <= longest; typed++) {
			const key = keyOf(request, prefix.slice(0, prefix.length - typed));
			const answer = this.#answers.get(key);
			if (!answer || (request.trigger === 'manual' && answer.trigger !== 'manual')) continue;
			const isThere = typed === 0 || (answer.text.length > typed && answer.text.startsWith(prefix.slice(prefix.length - typed)));
			if (!isThere) continue;
			this.#answers.delete(key);
			this.#answers.set(key, answer);
			return { ...answer, text: answer.text.slice(typed) };
		}
		return undefined;
	}

	clear(): void {
		this.#answers.clear();
	}
}

function keyOf({ path, suffix }: CompletionRequest, prefix: string): string {
	return `${path}\0${belowClosers(suffix).slice(0, keyLength)}\0${prefix.slice(-keyLength)}`;
}
