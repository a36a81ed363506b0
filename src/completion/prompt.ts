import type { Context } from '../context/context.ts';
import type { FimTemplate } from '../model/fim.ts';
import type { ModelFacts } from '../model/language-model.ts';
import type { CompletionRequest } from './completion.ts';
import { contextHead } from './context-head.ts';
import { chooseOrder, type Order } from './order.ts';
import type { Said } from './said.ts';
import { firstLines } from './tokens.ts';
import { restToLeadTo, type Window } from './window.ts';

/** What the model is asked, and what of the text before the cursor its answer has to begin with. */
export interface Prompt {
	readonly order: Order;
	readonly text: string;
	/** Only for servers that put prompt and suffix together themselves. */
	readonly suffix?: string | undefined;
	/** Text before the cursor that was left out of the prompt and has to come first in the answer. */
	readonly given: string;
}

/** In plain order the suffix is evaluated at every request; half a second of that is bearable. */
const plainSuffixSeconds = 0.5;
const plainSuffixTokens = { least: 30, most: 400 };

/** The prompt in the order that fits the place, unless a comparison of orders asks for one. */
export function buildPrompt(
	window: Window,
	request: CompletionRequest,
	facts: ModelFacts,
	order = orderAt(window, request, facts),
): Prompt {
	const { typed, given } = splitTyped(window.typed, order);
	const { languageId } = request;
	if (order !== 'plain') return render(facts.template, order, languageId, { ...window, typed }, given);
	const rest = restToLeadTo(request);
	const after = rest + firstLines(window.after.slice(rest.length), plainSuffix(facts));
	return render(facts.template, order, languageId, { ...window, before: window.before + typed, typed: '', after }, given);
}

/** The prompt for a hole exactly where the window has it, whatever is before or after it. */
export function plainPrompt(window: Window, languageId: string, { template }: ModelFacts): Prompt {
	return render(template, 'plain', languageId, window, '');
}

/** The prompt in the order that fits the place, and in plain order where that is known to bring nothing. */
export function promptAt(window: Window, request: CompletionRequest, facts: ModelFacts, said: Said): Prompt {
	const prompt = buildPrompt(window, request, facts);
	return isFutile(prompt, said) ? buildPrompt(window, request, facts, 'plain') : prompt;
}

/** From the start of the word that is being typed the model has said another one. */
export function isFutile(prompt: Prompt, said: Said): boolean {
	return prompt.order === 'word' && said.contradicts(prompt);
}

function orderAt(window: Window, request: CompletionRequest, facts: ModelFacts): Order {
	return chooseOrder({
		typed: window.typed || window.before,
		endsWord: request.endsWord ?? false,
		growsAtEnd: facts.template.growsAtEnd,
		canConstrain: facts.canConstrain,
	});
}

/** The prompt up to the cursor's line: what can be evaluated before anything is typed there. */
export function warmPrompt(window: Window, languageId: string, { template }: ModelFacts): Prompt {
	const lineStart = window.typed.lastIndexOf('\n') + 1;
	return render(template, 'append', languageId, { ...window, typed: window.typed.slice(0, lineStart) }, '');
}

const word = /[ \t]?[\p{L}\p{N}_$]+$/u;
/** The space before a word belongs to the word's token, so that the answer has to bring it. */
const leftOut: Readonly<Record<Order, RegExp>> = { append: /[ \t]$/, forced: word, word, plain: /$/ };

function splitTyped(typed: string, order: Order): { typed: string; given: string } {
	const given = leftOut[order].exec(typed)?.[0] ?? '';
	return { typed: typed.slice(0, typed.length - given.length), given };
}

function plainSuffix({ speed }: ModelFacts): number {
	const { least, most } = plainSuffixTokens;
	return Math.min(most, Math.max(least, (speed.prefillTokensPerSecond ?? 0) * plainSuffixSeconds));
}

function render(template: FimTemplate, order: Order, languageId: string, window: Window, given: string): Prompt {
	const plain = (text: string) => withoutSpecialTokens(text, template);
	const { outside, inside } = contextHead(window.context && plainContext(window.context, plain), languageId, template);
	const { prompt, suffix } = template.render(inside + plain(window.before), plain(window.after), plain(window.typed));
	return { order, text: outside + prompt, suffix, given };
}

function plainContext({ repository, path, snippets }: Context, plain: (text: string) => string): Context {
	const clean = snippets.map((snippet) => ({ ...snippet, path: plain(snippet.path), text: plain(snippet.text) }));
	return { repository: plain(repository), path: plain(path), snippets: clean };
}

/** Code that mentions a model's special tokens (this file's neighbours do) must not be taken for a prompt of its own. */
function withoutSpecialTokens(text: string, { specialTokens }: FimTemplate): string {
	let clean = text;
	for (const token of specialTokens) {
		if (clean.includes(token)) clean = clean.replaceAll(token, `${token.slice(0, 1)} ${token.slice(1)}`);
	}
	return clean;
}
