import { CancellationTokenSource, LanguageModelChatMessage, LanguageModelError, lm } from 'vscode';
import type { FimTemplate } from '../../model/fim.ts';
import { type GenerateOptions, type LanguageModel, type ModelFacts, noUsage } from '../../model/language-model.ts';
import { ModelError } from '../../model/model-error.ts';

/** What is needed of a chat model of the editor. */
export interface Chat {
	readonly name: string;
	readonly maxInputTokens: number;
	/** What it answers to one message, as it comes. */
	ask(message: string, signal: AbortSignal): AsyncIterable<string>;
}

/** Where the value goes, for a model that knows nothing of holes. */
const mark = '<VALUE>';

const template: FimTemplate = {
	family: 'chat of the editor',
	render: (before, after, typed) => ({
		prompt: [
			`Which single expression belongs in the place of ${mark} in this code? Answer with the expression alone: no explanation, no code fence.`,
			`\n${before}${typed}${mark}${after}`,
		].join('\n'),
	}),
	growsAtEnd: false,
	stop: [],
	specialTokens: [mark],
};

/** Asks a chat model that the editor offers, such as that of a Copilot subscription, for the value of a hole. */
export class EditorChat implements LanguageModel {
	readonly #find: () => Promise<Chat | undefined>;

	constructor(find: () => Promise<Chat | undefined> = offeredChat) {
		this.#find = find;
	}

	async facts(): Promise<ModelFacts> {
		const { name, maxInputTokens } = await this.#chat();
		return { name, template, contextLength: maxInputTokens, canConstrain: false, speed: {} };
	}

	async *generate({ prompt, onLoaded, onEnd }: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const chat = await this.#chat();
		onLoaded?.(0);
		let answer = '';
		for await (const piece of chat.ask(prompt, signal)) answer += piece;
		yield withoutFence(answer);
		onEnd?.(noUsage);
	}

	async #chat(): Promise<Chat> {
		const chat = await this.#find();
		if (chat) return chat;
		throw new ModelError(
			'model-missing',
			'The editor offers no chat model. Sign in to one (GitHub Copilot, say), or set co-clone.holes to “local”.',
		);
	}
}

/** It was told not to, and some do all the same. */
function withoutFence(answer: string): string {
	return /^\s*```[\w+#-]*\n([\s\S]*?)\n?```\s*$/.exec(answer)?.[1] ?? answer;
}

async function offeredChat(): Promise<Chat | undefined> {
	const [model] = await lm.selectChatModels();
	if (!model) return undefined;
	return {
		name: model.name,
		maxInputTokens: model.maxInputTokens,
		async *ask(message, signal) {
			const source = new CancellationTokenSource();
			signal.addEventListener('abort', () => source.cancel(), { once: true });
			try {
				const justification = 'Co-Clone asks for the values that callers of a changed function lack.';
				const response = await model.sendRequest([LanguageModelChatMessage.User(message)], { justification }, source.token);
				yield* response.text;
			} catch (error) {
				signal.throwIfAborted();
				throw asModelError(error);
			} finally {
				source.dispose();
			}
		},
	};
}

function asModelError(error: unknown): unknown {
	if (!(error instanceof LanguageModelError)) return error;
	const { code, message } = error;
	if (code === LanguageModelError.NoPermissions.name) return new ModelError('not-allowed', message, error);
	if (code === LanguageModelError.NotFound.name) return new ModelError('model-missing', message, error);
	return new ModelError(code === LanguageModelError.Blocked.name ? 'overloaded' : 'bad-response', message, error);
}
