import type { ChooseContext } from '../src/completion/anchor.ts';
import type { CompletionRequest } from '../src/completion/completion.ts';
import { buildPrompt, type Prompt } from '../src/completion/prompt.ts';
import { type Window, windowAt } from '../src/completion/window.ts';
import type { ModelFacts } from '../src/model/language-model.ts';

/** One way to put a question to a model. */
interface Way {
	readonly order: 'plain' | 'append';
	/** The end of the text before the cursor that is left out of the prompt; the answer has to begin with it. */
	readonly leavesOut?: RegExp;
	/** The engine makes sure that it does. */
	readonly isForced?: true;
	/** The hole is in the last word, as it is when that was asked about in plain order. */
	readonly followsPlain?: true;
	/** With code from elsewhere: as the family of the model knows it, or as comments. */
	readonly context?: 'family' | 'comments';
}

/** What is compared: ways that are tried one after the other until one gives an answer. */
export interface Arm {
	readonly name: string;
	readonly about: string;
	readonly ways: readonly Way[];
}

const plain: Way = { order: 'plain' };
/** With the space before it, which belongs to its token. */
const word = /[ \t]?[\p{L}\p{N}_$]+$|[ \t]$/u;
/** With whatever stands before it on the line: `.length` and `(self` are single tokens too. */
const wordAndMark = /[^\n]?[\p{L}\p{N}_$]+$|[^\n]$/u;

/** Those that share what the model has evaluated stand together. */
export const arms: readonly Arm[] = [
	{ name: 'append', about: 'what was typed after the hole', ways: [{ order: 'append' }] },
	{
		name: 'append+followed',
		about: 'the same with the hole in the last word, as it is after that was asked about in plain order',
		ways: [{ order: 'append', followsPlain: true }],
	},
	{
		name: 'append+context',
		about: 'the same with code from elsewhere in the package, as the product shows it (needs --root)',
		ways: [{ order: 'append', context: 'family' }],
	},
	{
		name: 'append+comments',
		about: 'the same with that as comments, whatever the family',
		ways: [{ order: 'append', context: 'comments' }],
	},
	{
		name: 'append+healing',
		about: 'the same up to the current word, with which the answer is made to begin',
		ways: [{ order: 'append', leavesOut: word, isForced: true }],
	},
	{
		name: 'append+context+healing',
		about: 'the same with code from elsewhere in the package (needs --root)',
		ways: [{ order: 'append', leavesOut: word, isForced: true, context: 'family' }],
	},
	{
		name: 'append+comments+healing',
		about: 'the same with that as comments',
		ways: [{ order: 'append', leavesOut: word, isForced: true, context: 'comments' }],
	},
	{
		name: 'append+mark',
		about: 'the same, and the character before the word',
		ways: [{ order: 'append', leavesOut: wordAndMark, isForced: true }],
	},
	{
		name: 'word-start/plain',
		about: 'the answer from the start of the word if it happens to begin with what was typed, else plain',
		ways: [{ order: 'append', leavesOut: word }, plain],
	},
	{ name: 'plain', about: 'everything before the hole, as all others do it', ways: [plain] },
	{
		name: 'plain+healing',
		about: 'the hole at the start of the current word, with which the answer is made to begin',
		ways: [{ order: 'plain', leavesOut: word, isForced: true }],
	},
	{
		name: 'plain+mark',
		about: 'the same, and the character before the word',
		ways: [{ order: 'plain', leavesOut: wordAndMark, isForced: true }],
	},
];

/** What there is in other files, and how much of it a prompt has room for. */
export interface Elsewhere {
	readonly choose: ChooseContext;
	readonly tokens: number;
}

/** The prompt of one way. What is left out is cut off before the product's own code sees the place. */
export function promptFor(
	way: Way,
	request: CompletionRequest,
	windowTokens: number,
	facts: ModelFacts,
	elsewhere?: Elsewhere | undefined,
): Prompt {
	const leftOut = way.leavesOut?.exec(request.prefix)?.[0] ?? '';
	const place = { ...request, prefix: request.prefix.slice(0, request.prefix.length - leftOut.length) };
	const window = windowAt(
		place,
		undefined,
		windowTokens,
		(window) => way.context && elsewhere?.choose(place, window, elsewhere.tokens, undefined),
	);
	const template = way.context === 'comments' ? { ...facts.template, repository: undefined } : facts.template;
	const prompt = buildPrompt(way.followsPlain ? followed(window) : window, place, { ...facts, template }, way.order);
	const given = prompt.given + leftOut;
	return { ...prompt, given, order: way.isForced && given !== '' ? 'forced' : way.order };
}

/** With the hole behind the first characters of the last word. */
function followed(window: Window): Window {
	const word = /[\p{L}_$]{2,}(?=[^\p{L}\p{N}_$]*$)/u.exec(window.typed);
	if (!word) return window;
	const at = word.index + 2;
	return { ...window, before: window.before + window.typed.slice(0, at), typed: window.typed.slice(at) };
}

/** All that makes an arm what it is, apart from its name. */
export function spelled({ ways }: Arm): unknown {
	return ways.map(({ order, leavesOut, isForced = false, context, followsPlain }) => [
		order,
		leavesOut?.source ?? '',
		isForced,
		...(context ? [context] : []),
		...(followsPlain ? ['followed'] : []),
	]);
}
