import { type FimTemplate, holeIn } from '../model/fim.ts';
import type { ModelFacts } from '../model/language-model.ts';
import { contextTokens, windowTokens } from './budget.ts';
import type { CompletionRequest } from './completion.ts';
import { contextFrom, type Elsewhere } from './elsewhere.ts';
import { type Prompt, plainPrompt } from './prompt.ts';
import { estimateTokens, firstLines, lastLines } from './tokens.ts';

/** The share of the window that what comes after the hole may have. */
const shareOfSuffix = 0.25;
/** In characters. The window starts at multiples of that, so that a prompt which has grown by a line starts like the one before it. */
const stride = 1024;

/** The prompt for a hole whose surroundings may be of any size, with as much code from elsewhere as the model reads in bearable time. */
export function fillPrompt(request: CompletionRequest, elsewhere: readonly Elsewhere[], facts: ModelFacts, maxTokens: number): Prompt {
	if (request.suffix === '' && isRendered(request.prefix, facts.template)) return { order: 'plain', text: request.prefix, given: '' };
	const { path, prefix, suffix, languageId } = unmarked(request);
	const tokens = windowTokens(facts, maxTokens);
	const after = firstLines(suffix, tokens * shareOfSuffix);
	const before = steady(prefix, lastLines(prefix, tokens - estimateTokens(after)));
	const context = contextFrom(path, elsewhere, contextTokens(facts, tokens, maxTokens));
	return plainPrompt({ path, before, typed: '', after, context }, languageId, facts);
}

/** Tools that guess the marks of a model by its name guess wrong here: what they put between them is what counts. */
function unmarked(request: CompletionRequest): CompletionRequest {
	const hole = request.suffix === '' ? holeIn(request.prefix) : undefined;
	return hole ? { ...request, prefix: hole.before, suffix: hole.after } : request;
}

/** Whether a text is a prompt already, with the marks of the model where they belong: some tools know them, and have no other field for what is after the hole. */
function isRendered(text: string, { render, specialTokens }: FimTemplate): boolean {
	const [begin = '', hole = '', end = ''] = render('\0', '\0', '').prompt.split('\0');
	if (begin === '' || hole === '' || !text.includes(hole) || !text.endsWith(end)) return false;
	return [begin, ...specialTokens].some((token) => text.startsWith(token));
}

/** The end of a text, from a line start that stays the same while the text grows by less than a stride. */
function steady(text: string, end: string): string {
	const start = text.length - end.length;
	if (start === 0) return end;
	const border = Math.ceil(start / stride) * stride;
	const line = text.indexOf('\n', border) + 1;
	return line > 0 && text.length - line > end.length / 2 ? text.slice(line) : end;
}
