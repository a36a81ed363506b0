import type { LanguageModel, ModelFacts, PromptUse, Sampling, Usage } from '../model/language-model.ts';
import { noUsage } from '../model/language-model.ts';
import { withoutSecrets } from '../secrets/secrets.ts';
import type { Nothing } from './completion.ts';
import type { Elsewhere } from './elsewhere.ts';
import { fillPrompt } from './fill-prompt.ts';
import { BlockLines, type FillText, Verbatim } from './fill-text.ts';
import { type CompletionPolicy, unsafe } from './gate.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { Prompt } from './prompt.ts';
import { shapeAt, tokensFor } from './shape.ts';
import { estimateTokens } from './tokens.ts';

/** A hole in a text, from somebody who says where the answer ends and takes it as it comes. */
export interface FillRequest {
	readonly path: string;
	readonly languageId: string;
	/** All of it, closers too: the answer is put between the two as it is. */
	readonly prefix: string;
	readonly suffix: string;
	readonly end: FillEnd | 'block';
	readonly sampling?: Sampling | undefined;
	/** In the order of the prompt: where there is no room for all of it, the first ones are left out. */
	readonly elsewhere?: readonly Elsewhere[] | undefined;
}

/** A prompt as the model itself reads it, from somebody who knows its marks. */
interface RawRequest {
	readonly prompt: string;
	readonly end: FillEnd;
	readonly sampling?: Sampling | undefined;
}

/** Where an answer ends: after so many tokens, before one of these texts, or when whoever asks says so. `block`: with the block that the hole is in. */
export interface FillEnd {
	readonly maxTokens: number;
	readonly stop: readonly string[];
	/** Before the first line but the first that is indented by less than so many characters. */
	readonly leastIndent?: number | undefined;
	/** Asked with all of the text so far whenever some has come. */
	readonly isEnough?: ((text: string) => boolean) | undefined;
}

/** What came since the piece before. The last one has a `finish`, and only that; an answer without one failed. */
export interface FillPiece {
	readonly text: string;
	readonly finish?: FillFinish | undefined;
}

export interface FillFinish {
	/** `length`: there were no more tokens. */
	readonly reason: 'stop' | 'length';
	readonly model: string;
	readonly usage: FillUsage;
}

/** In tokens: as the model counted them, else estimated. */
interface FillUsage {
	readonly promptTokens: number;
	readonly completionTokens: number;
}

/**
 * Streams what belongs into a hole. Ending the iteration early, or aborting the signal, stops the model.
 * @throws ModelError when the model fails; FillRefusal where nothing may be asked; the signal's reason when it aborts.
 */
export type Fill = (request: FillRequest, signal: AbortSignal) => AsyncIterable<FillPiece>;

/** Streams what comes after a prompt, in the same way. */
export type Continue = (request: RawRequest, signal: AbortSignal) => AsyncIterable<FillPiece>;

/** A place about which no model is asked. */
export class FillRefusal extends Error {
	override readonly name = 'FillRefusal';
	readonly nothing: Nothing;

	constructor(nothing: Nothing) {
		super(nothing.reason);
		this.nothing = nothing;
	}
}

/** Fills holes with a model. It keeps nothing: any number of callers may ask at once, and the model takes them in turn. */
export function fillWith(model: LanguageModel, policy: () => CompletionPolicy): Fill {
	return async function* fill({ end, sampling, elsewhere = [], ...hole }, signal) {
		const place = hideSecrets({ ...hole, trigger: 'manual' });
		await policy().untilKnown?.(place.path, signal);
		const refused = unsafe(place, policy());
		if (refused) throw new FillRefusal(refused);
		const facts = await model.facts(signal);
		const shape = shapeAt(place, facts, 'block');
		const limits = affordable(end === 'block' ? { maxTokens: tokensFor(shape), stop: [] } : end, facts);
		const shown = elsewhere.filter(({ path }) => !policy().isIgnored?.(path));
		const prompt = fillPrompt(place, shown, facts, limits.maxTokens);
		const text = end === 'block' ? new BlockLines(shape, facts) : new Verbatim(end, facts);
		yield* answer(model, facts, { prompt, limits, text, sampling }, signal);
	};
}

/** Continues prompts with a model. Only secrets are hidden in them: what is right for the model is the caller's to know. */
export function continueWith(model: LanguageModel): Continue {
	return async function* follow({ prompt, end, sampling }, signal) {
		const facts = await model.facts(signal);
		const text = new Verbatim(end, facts);
		yield* answer(model, facts, { prompt: { text: withoutSecrets(prompt) }, limits: affordable(end, facts), text, sampling }, signal);
	};
}

/** Who asks for thousands of tokens, just in case, does not mean that nothing of the text should be read. */
function affordable(end: FillEnd, { contextLength }: ModelFacts): FillEnd {
	return { ...end, maxTokens: Math.min(end.maxTokens, Math.floor(contextLength / 2)) };
}

interface Asked {
	readonly prompt: Pick<Prompt, 'text' | 'suffix'>;
	readonly limits: FillEnd;
	readonly text: FillText;
	readonly sampling: Sampling | undefined;
}

async function* answer(model: LanguageModel, facts: ModelFacts, asked: Asked, signal: AbortSignal): AsyncGenerator<FillPiece> {
	const { prompt, limits, text, sampling } = asked;
	let use: PromptUse | undefined;
	let usage: Usage = noUsage;
	let pieces = 0;
	const options = {
		prompt: prompt.text,
		suffix: prompt.suffix,
		maxTokens: limits.maxTokens,
		stop: [...limits.stop, ...facts.template.stop].slice(0, 4),
		sampling,
		onRead: (read: PromptUse) => {
			use = read;
		},
		onEnd: (used: Usage) => {
			usage = used;
		},
	};
	for await (const piece of model.generate(options, signal)) {
		pieces++;
		const fresh = text.push(piece);
		if (fresh !== '') yield { text: fresh };
		if (text.isOver) break;
	}
	const completionTokens = usage.completionTokens ?? pieces;
	const isOutOfTokens = !text.isOver && completionTokens >= limits.maxTokens;
	const promptTokens = usage.promptTokens ?? use?.tokens ?? Math.round(estimateTokens(prompt.text));
	yield {
		text: text.rest(isOutOfTokens),
		finish: { reason: isOutOfTokens ? 'length' : 'stop', model: facts.name, usage: { promptTokens, completionTokens } },
	};
}
