import { pathToFileURL } from 'node:url';

/**
 * The part of node-llama-cpp (https://node-llama-cpp.withcat.ai) that the engine uses. The package is installed beside the extension, for
 * one platform, and not among our dependencies; so its shape is written down here and it is loaded from where it lies.
 */
export interface LlamaModule {
	getLlama(options: {
		readonly build: 'never';
		readonly gpu: 'auto' | false;
		readonly skipDownload: true;
		readonly progressLogs: false;
		readonly logLevel: 'warn';
		readonly logger: (level: string, message: string) => void;
	}): Promise<Llama>;
	readonly NoBinaryFoundError: new () => Error;
	readonly TokenBias: { for(model: LlamaModel): TokenBias };
	readonly LlamaGrammarEvaluationState: new (of: { model: LlamaModel; grammar: Grammar }) => GrammarState;
}

export type Token = number;

export interface Llama {
	/** For which kind of graphics cards the binary is, if for any; whether there is a card is another question. */
	readonly gpu: string | false;
	readonly supportsGpuOffloading: boolean;
	getGpuDeviceNames(): Promise<string[]>;
	/** Memory of the graphics card, in bytes. `unifiedSize` of it is the machine's own. */
	getVramState(): Promise<{ readonly total: number; readonly free: number; readonly unifiedSize: number }>;
	dispose(): Promise<void>;
	readonly cpuMathCores: number;
	/** Obeyed from the next batch or token on. */
	maxThreads: number;
	loadModel(options: {
		readonly modelPath: string;
		/** As many of its layers as fit into the card's memory together with a context of that size, or a number. */
		readonly gpuLayers: number | { readonly fitContext: { readonly contextSize: number } };
		/** Refuses numbers that are none, which is what a damaged file has. */
		readonly checkTensors: true;
		readonly onLoadProgress: () => void;
	}): Promise<LlamaModel>;
	createGrammar(options: { readonly grammar: string }): Promise<Grammar>;
}

export interface LlamaModel {
	readonly trainContextSize: number;
	readonly fileInfo: { readonly metadata: { readonly general?: { readonly basename?: unknown } | undefined } };
	readonly tokens: { readonly bos: Token | null; readonly shouldPrependBosToken: boolean };
	createContext(options: {
		readonly contextSize: number;
		readonly batchSize: number;
		readonly sequences: 1;
		readonly threads: number;
	}): Promise<Context>;
	tokenize(text: string, specialTokens: boolean): Token[];
	/** `lastTokens` are those before; some vocabularies need them to know about a space. */
	detokenize(tokens: readonly Token[], specialTokens: boolean, lastTokens?: readonly Token[]): string;
	iterateAllTokens(): Iterable<Token>;
	dispose(): Promise<void>;
}

interface Context {
	readonly contextSize: number;
	getSequence(): Sequence;
}

/** What the model has read and said, and the state that goes with it. */
export interface Sequence {
	/** How many tokens there are. */
	readonly nextTokenIndex: number;
	/** Erases everything after the longest common beginning. */
	adaptStateToTokens(tokens: readonly Token[], allowShift: false): Promise<void>;
	evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
	/** Goes on until the model ends or the caller does; the last token yielded is not evaluated. */
	evaluate(
		tokens: readonly Token[],
		options: {
			/** 0 takes the likeliest. */
			readonly temperature: number;
			readonly seed?: number;
			readonly tokenBias?: (() => TokenBias) | undefined;
			readonly grammarEvaluationState?: GrammarState | undefined;
		},
	): AsyncGenerator<Token>;
}

export interface TokenBias {
	set(token: Token, bias: { readonly logit: number }): unknown;
}

/** Only handed on. */
type Grammar = object;
export type GrammarState = object;

/** Loads node-llama-cpp from the path of its entry. */
export async function importLlama(entry: string): Promise<LlamaModule> {
	const module: LlamaModule = await import(pathToFileURL(entry).href);
	return module;
}
