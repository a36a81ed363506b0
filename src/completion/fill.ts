import type { Context } from '../context/context.ts';
import type { ContextSnippet } from '../context/snippet.ts';
import type { LanguageModel, ModelFacts, PromptUse, Sampling, Usage } from '../model/language-model.ts';
import { noUsage } from '../model/language-model.ts';
import { StopFilter } from '../std/stop-filter.ts';
import { windowTokens } from './budget.ts';
import type { CompletionRequest, Nothing } from './completion.ts';
import { cut, type Shape } from './cut.ts';
import { type CompletionPolicy, unsafe } from './gate.ts';
import { hideSecrets } from './hide-secrets.ts';
import { type Prompt, plainPrompt } from './prompt.ts';
import { shapeAt, tokensFor } from './shape.ts';
import { estimateTokens, firstLines, lastLines } from './tokens.ts';

/** A hole in a text, from somebody who says where the answer ends and takes it as it comes. */
export interface FillRequest {
	readonly path: string;
	readonly languageId: string;
	/** All of it, closers too: the answer is put between the two as it is. */
	readonly prefix: string;
	readonly suffix: string;
	readonly end: FillEnd;
	readonly sampling?: Sampling | undefined;
	/** Code from elsewhere, in the order of the prompt. */
	readonly snippets?: readonly ContextSnippet[];
}

/** Where an answer ends: after so many tokens or before one of these texts, or with the block that the hole is in. */
type FillEnd = { readonly maxTokens: number; readonly stop: readonly string[] } | 'block';

/** What came since the piece before. The last one has a `finish`, and only that; an answer without one failed. */
export interface FillPiece {
	readonly text: string;
	readonly finish?: FillFinish;
}

export interface FillFinish {
	/** `length`: there were no more tokens. */
	readonly reason: 'stop' | 'length';
	readonly model: string;
	readonly usage: { readonly promptTokens: number; readonly completionTokens: number };
}

/**
 * Streams what belongs into a hole. Ending the iteration early, or aborting the signal, stops the model.
 * @throws ModelError when the model fails; FillRefusal where nothing may be asked; the signal's reason when it aborts.
 */
export type Fill = (request: FillRequest, signal: AbortSignal) => AsyncIterable<FillPiece>;

/** A place about which no model is asked. */
export class FillRefusal extends Error {
	override readonly name = 'FillRefusal';
	readonly nothing: Nothing;

	constructor(nothing: Nothing) {
		super(nothing.reason);
		this.nothing = nothing;
	}
}

/** The share of the window that comes before the hole. */
const shareOfPrefix = 0.75;
/** In characters. The window starts at multiples of that, so that a prompt which has grown by a line starts like the one before it. */
const stride = 1024;

/** Fills holes with a model. It keeps nothing: any number of callers may ask at once, and the model takes them in turn. */
export function fillWith(model: LanguageModel, policy: () => CompletionPolicy): Fill {
	return async function* fill(request, signal) {
		const place = hideSecrets({ ...request, trigger: 'manual' });
		const refused = unsafe(place, policy());
		if (refused) throw new FillRefusal(refused);
		const facts = await model.facts(signal);
		const limits = limitsOf(request.end, place, facts);
		const prompt = promptFor(place, request.snippets, facts, limits.maxTokens);
		const said = request.end === 'block' ? new BlockLines(place, facts) : new Verbatim(limits.stop, facts);
		let use: PromptUse | undefined;
		let usage: Usage = noUsage;
		let pieces = 0;
		const options = {
			prompt: prompt.text,
			suffix: prompt.suffix,
			...limits,
			stop: [...limits.stop, ...facts.template.stop].slice(0, 4),
			sampling: request.sampling,
			onRead: (read: PromptUse) => {
				use = read;
			},
			onEnd: (used: Usage) => {
				usage = used;
			},
		};
		for await (const piece of model.generate(options, signal)) {
			pieces++;
			const text = said.push(piece);
			if (text !== '') yield { text };
			if (said.isOver) break;
		}
		const completionTokens = usage.completionTokens ?? pieces;
		const isOutOfTokens = !said.isOver && completionTokens >= limits.maxTokens;
		const promptTokens = usage.promptTokens ?? use?.tokens ?? Math.round(estimateTokens(prompt.text));
		yield {
			text: said.rest(isOutOfTokens),
			finish: { reason: isOutOfTokens ? 'length' : 'stop', model: facts.name, usage: { promptTokens, completionTokens } },
		};
	};
}

/** Takes an answer piece by piece, and says what of it can be passed on. */
interface Said {
	readonly isOver: boolean;
	push(piece: string): string;
	/** What was held back, when nothing more comes. */
	rest(isOutOfTokens: boolean): string;
}

/** All of it up to a stop; a model's own marks are none of its text. */
class Verbatim implements Said {
	readonly #filter: StopFilter;

	constructor(stop: readonly string[], { template }: ModelFacts) {
		this.#filter = new StopFilter([...stop, ...template.stop, ...template.specialTokens]);
	}

	get isOver(): boolean {
		return this.#filter.isStopped;
	}

	push(piece: string): string {
		return this.#filter.push(piece);
	}

	rest(): string {
		return this.#filter.flush();
	}
}

/** Whole lines, as long as they belong to the block. */
class BlockLines implements Said {
	readonly #shape: Shape;
	readonly #specialTokens: readonly string[];
	#raw = '';
	#passed = 0;
	#isOver = false;

	constructor(request: CompletionRequest, facts: ModelFacts) {
		this.#shape = shapeAt(request, facts, 'block');
		this.#specialTokens = facts.template.specialTokens;
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	push(piece: string): string {
		this.#raw += piece;
		const { text, isComplete } = this.#cut(false, false);
		this.#isOver = isComplete;
		return this.#pass(isComplete ? text : text.slice(0, text.lastIndexOf('\n') + 1));
	}

	rest(isOutOfTokens: boolean): string {
		return this.#pass(this.#cut(true, isOutOfTokens).text);
	}

	#cut(isFinal: boolean, isOutOfTokens: boolean) {
		return cut(this.#raw, this.#shape, this.#specialTokens, isFinal, isOutOfTokens);
	}

	#pass(text: string): string {
		const fresh = text.slice(this.#passed);
		this.#passed = Math.max(this.#passed, text.length);
		return fresh;
	}
}

function limitsOf(end: FillEnd, place: CompletionRequest, facts: ModelFacts) {
	return end === 'block' ? { maxTokens: tokensFor(shapeAt(place, facts, 'block')), stop: [] } : end;
}

function promptFor(
	place: CompletionRequest,
	snippets: readonly ContextSnippet[] | undefined,
	facts: ModelFacts,
	maxTokens: number,
): Prompt {
	const { path, prefix, suffix, languageId } = place;
	const tokens = windowTokens(facts, maxTokens);
	const before = steady(prefix, lastLines(prefix, tokens * shareOfPrefix));
	const after = firstLines(suffix, tokens * (1 - shareOfPrefix));
	const context: Context | undefined = snippets && { repository: '', path, snippets };
	return plainPrompt({ path, before, typed: '', after, context }, languageId, facts);
}

/** The end of a text, from a line start that stays the same while the text grows by less than a stride. */
function steady(text: string, end: string): string {
	const start = text.length - end.length;
	if (start === 0) return end;
	const border = Math.ceil(start / stride) * stride;
	const line = text.indexOf('\n', border) + 1;
	return line > 0 && text.length - line > end.length / 2 ? text.slice(line) : end;
}
