import type { FimTemplate } from './fim.ts';

/** Anything that continues text: a server, an engine in a child process, another Co-Clone. */
export interface LanguageModel {
	/**
	 * What is known of the model that would answer now; cheap after the first call.
	 * @throws ModelError when there is none to ask.
	 */
	facts(signal: AbortSignal): Promise<ModelFacts>;

	/**
	 * Streams the continuation of a prompt, piece by piece as it is generated (a piece is usually one token).
	 * Ending the iteration early, or aborting the signal, stops the model.
	 * @throws ModelError when the model fails; the signal's reason when it aborts.
	 */
	generate(options: GenerateOptions, signal: AbortSignal): AsyncIterable<string>;
}

export interface ModelFacts {
	/** As the user knows it, for example `qwen2.5-coder:1.5b`. */
	readonly name: string;
	readonly template: FimTemplate;
	/** Tokens that fit, prompt and answer together. */
	readonly contextLength: number;
	/** Whether `GenerateOptions.start` and `grammar` are honoured: the output can be forced to begin with given text, and to have a form. */
	readonly canConstrain: boolean;
	readonly speed: Speed;
}

/** Measured on this machine with this model; absent until there is something to measure. */
export interface Speed {
	readonly prefillTokensPerSecond?: number | undefined;
	/** Milliseconds between two generated tokens. */
	readonly stepMs?: number | undefined;
}

export interface GenerateOptions {
	/** With the model's own fill-in-the-middle tokens in it, unless `suffix` is given. */
	readonly prompt: string;
	/** Only for models whose server puts prompt and suffix together itself. */
	readonly suffix?: string | undefined;
	/** At least 1. */
	readonly maxTokens: number;
	/** Text that ends the answer; it is not part of it. At most 4 are sent to a server. */
	readonly stop: readonly string[];
	/** The output begins with this text (only where `ModelFacts.canConstrain`). */
	readonly start?: string | undefined;
	/** What the output has to be, in GBNF (https://github.com/ggml-org/llama.cpp/tree/master/grammars); only where `ModelFacts.canConstrain`. */
	readonly grammar?: string | undefined;
	/** Absent: the likeliest token at every step, so that the same prompt has the same answer. */
	readonly sampling?: Sampling | undefined;
	/** Called once when waiting for the model to be in memory is over and the prompt on its way to it, with the milliseconds that it took. */
	readonly onLoaded?: ((ms: number) => void) | undefined;
	/** Called once when the prompt is read, where the engine says how much of it it had read before. */
	readonly onRead?: ((use: PromptUse) => void) | undefined;
	/** Called once when the model came to its own end and said what it used. */
	readonly onEnd?: ((usage: Usage) => void) | undefined;
}

/** Draws tokens by how likely they are. The same seed draws the same ones, on the same machine. */
export interface Sampling {
	/** Above 0; the higher, the more of what is less likely. */
	readonly temperature: number;
	/** A whole number, not negative. */
	readonly seed: number;
}

/** In tokens. */
export interface PromptUse {
	readonly tokens: number;
	/** Of these, those that did not have to be read again. */
	readonly cached: number;
}

/** Token counts as the server reports them; null where it does not. */
export interface Usage {
	readonly promptTokens: number | null;
	readonly completionTokens: number | null;
}

export const noUsage: Usage = { promptTokens: null, completionTokens: null };
