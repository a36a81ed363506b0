import type { Context } from '../context/context.ts';
import type { ModelFacts } from '../model/language-model.ts';
import { contextTokens, contextTokensOnDemand, evaluationMs, windowTokens } from './budget.ts';
import type { CompletionRequest } from './completion.ts';
import { type Window, windowAt } from './window.ts';

/**
 * What is known of the rest of the codebase at a place, as far as it is at hand: nothing is waited for. `last` was chosen before; it is
 * what comes back while it is still good.
 */
export type ChooseContext = (request: CompletionRequest, window: Window, tokens: number, last: Context | undefined) => Context | undefined;

/** Other context makes all of the prompt be evaluated anew. While nobody types that is bearable up to here. */
const longestRenewalMs = 1500;

/** Keeps the window from one request to the next, and with it the context: the same bytes as long as the anchor holds. */
export class Anchor {
	readonly #choose: ChooseContext | undefined;
	#window: Window | undefined;

	constructor(choose: ChooseContext | undefined) {
		this.#choose = choose;
	}

	/** The window while somebody types. What a request brings along is for that request alone. */
	at(request: CompletionRequest, facts: ModelFacts, maxTokens: number): Window {
		if (request.context) return windowWith(request.context, request, facts, maxTokens);
		const tokens = windowTokens(facts, maxTokens);
		this.#window = windowAt(request, this.#window, tokens, (window) => this.#contextFor(request, window, facts));
		return this.#window;
	}

	/** The window while nobody types: with other context, where that is much better and evaluated soon. */
	settled(request: CompletionRequest, facts: ModelFacts): Window {
		const window = this.at(request, facts, 1);
		const context = this.#contextFor(request, window, facts);
		if (context === window.context || renewalMs(window, context, facts) > longestRenewalMs) return window;
		this.#window = windowAt(request, undefined, windowTokens(facts, 1), () => context);
		return this.#window;
	}

	#contextFor(request: CompletionRequest, window: Window, facts: ModelFacts): Context | undefined {
		const tokens = contextTokens(facts, windowTokens(facts, 1), 1);
		return tokens > 0 ? this.#choose?.(request, window, tokens, window.context) : window.context;
	}
}

/** The window for somebody who has looked for context and waits: with as much of it as there is room for. */
function windowWith(choose: ChooseContext, request: CompletionRequest, facts: ModelFacts, maxTokens: number): Window {
	const tokens = windowTokens(facts, maxTokens);
	const room = contextTokensOnDemand(facts, tokens, maxTokens);
	return windowAt(request, undefined, tokens, (window) => choose(request, window, room, undefined));
}

function renewalMs({ before, after }: Window, context: Context | undefined, facts: ModelFacts): number {
	const texts = context?.snippets.map(({ text }) => text) ?? [];
	return evaluationMs([before, after, ...texts].join('\n'), '', facts);
}
