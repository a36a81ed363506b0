import type { Sampling } from '../model/language-model.ts';
import { ModelError } from '../model/model-error.ts';
import { StopFilter } from '../std/stop-filter.ts';
import { ForcedStart } from './forced-start.ts';
import type { Token } from './llama.ts';
import type { LoadedModel } from './loaded-model.ts';
import { TokenText } from './token-text.ts';

export interface GenerationTask {
	readonly prompt: string;
	readonly maxTokens: number;
	readonly stop: readonly string[];
	/** The answer begins with this text. */
	readonly start?: string | undefined;
	/** In GBNF, what the answer has to be. */
	readonly grammar?: string | undefined;
	readonly sampling?: Sampling | undefined;
}

export interface TokenCounts {
	promptTokens: number;
	/** Those of the prompt that were read before. */
	cachedTokens: number;
	completionTokens: number;
}

/**
 * Continues a prompt. Of what the model read before, the longest common beginning stays and only the rest is read, a batch at a
 * time; aborting takes effect after the batch or token that is being worked on, and keeps what was read.
 */
export async function* generate(
	model: LoadedModel,
	task: GenerationTask,
	counts: TokenCounts,
	alive: () => void,
	signal: AbortSignal,
): AsyncGenerator<string> {
	const prompt = promptTokens(model, task.prompt);
	counts.promptTokens = prompt.length;
	const room = model.contextLength - prompt.length;
	if (room < 1) throw new ModelError('bad-response', `The prompt has ${prompt.length} tokens; there is room for ${model.contextLength}.`);
	const last = await read(model, prompt, counts, alive, signal);
	const text = new TokenText(model.llamaModel, prompt);
	const filter = new StopFilter(task.stop, task.start?.length);
	const most = Math.min(task.maxTokens, room);
	for await (const token of tokens(model, task, last, signal)) {
		alive();
		counts.completionTokens++;
		const shown = filter.push(text.push(token));
		if (shown) yield shown;
		if (filter.isStopped || counts.completionTokens >= most || signal.aborted) break;
	}
	const rest = filter.flush();
	if (rest) yield rest;
}

function promptTokens({ llamaModel }: LoadedModel, prompt: string): Token[] {
	const tokens = llamaModel.tokenize(prompt, true);
	const { bos, shouldPrependBosToken } = llamaModel.tokens;
	return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}

/** Reads all but the last batch of the prompt and returns that; the last token is always in it, because the answer comes out of it. */
async function read(
	model: LoadedModel,
	prompt: readonly Token[],
	counts: TokenCounts,
	alive: () => void,
	signal: AbortSignal,
): Promise<Token[]> {
	const { sequence, batchSize, crew } = model;
	await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
	let at = sequence.nextTokenIndex;
	counts.cachedTokens = at;
	for (; prompt.length - at > batchSize && !signal.aborted; at += batchSize) {
		const batch = prompt.slice(at, at + batchSize);
		await crew.evaluate(batchSize, () => sequence.evaluateWithoutGeneratingNewTokens(batch));
		alive();
	}
	return prompt.slice(at);
}

async function* tokens(model: LoadedModel, task: GenerationTask, last: readonly Token[], signal: AbortSignal): AsyncGenerator<Token> {
	if (signal.aborted) return;
	const forced = task.start ? new ForcedStart(model.module, model.llamaModel, model.vocabulary, task.start) : undefined;
	const options = {
		...(task.sampling ?? { temperature: 0 }),
		tokenBias: forced && (() => forced.bias()),
		grammarEvaluationState: task.grammar === undefined ? undefined : await model.grammarState(task.grammar),
	};
	const answer = model.sequence.evaluate(last, options);
	try {
		for (let size = last.length; ; size = 1) {
			const { value: token, done } = await model.crew.evaluate(size, () => answer.next());
			if (done) return;
			forced?.take(token);
			yield token;
		}
	} finally {
		await answer.return(undefined);
	}
}
