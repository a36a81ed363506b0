import { setTimeout as delay } from 'node:timers/promises';
import type { LoadedFile, ModelFile } from '../model/engine-wire.ts';
import { fileTemplate } from '../model/file-template.ts';
import { ModelError } from '../model/model-error.ts';
import type { GrammarState, Llama, LlamaModel, LlamaModule, Sequence } from './llama.ts';
import { loadError } from './load-error.ts';
import { availableMemory, refuseTooLarge } from './memory.ts';
import type { Runtime } from './runtime.ts';
import { Crew, usefulThreads } from './threads.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Tokens read at once. Nothing can be aborted within a batch. On a processor 64 are read as fast as 128 or 512 (235 against 240
 * tokens per second); a graphics card wants more.
 */
const batchSizes = { processor: 64, graphics: 128 };

/** A model in memory, with the state of what it read last. */
export interface LoadedModel {
	readonly module: LlamaModule;
	readonly llamaModel: LlamaModel;
	readonly sequence: Sequence;
	readonly vocabulary: Vocabulary;
	readonly contextLength: number;
	readonly batchSize: number;
	readonly file: LoadedFile;
	/** Evaluates its tokens. */
	readonly crew: Crew;
	/** @throws ModelError when the grammar is none. */
	grammarState(grammar: string): Promise<GrammarState>;
	dispose(): Promise<void>;
}

/** @throws ModelError that says what is wrong with the file. */
export async function loadModel(runtime: Runtime, file: ModelFile, alive: () => void): Promise<LoadedModel> {
	const { llama, gpu, log } = runtime;
	log.length = 0;
	await refuseTooLarge(file, availableMemory() + (gpu && !gpu.isShared ? (await llama.getVramState()).free : 0));
	const gpuLayers = gpu ? { fitContext: { contextSize: file.contextLength } } : 0;
	let llamaModel: LlamaModel | undefined;
	try {
		llamaModel = await llama.loadModel({ modelPath: file.path, gpuLayers, checkTensors: true, onLoadProgress: alive });
		return await openContext(runtime, llamaModel, file);
	} catch (cause) {
		await llamaModel?.dispose();
		// The log's last lines are delivered after the failure.
		await delay(50);
		throw loadError(file.path, cause, log);
	}
}

async function openContext({ module, llama, gpu }: Runtime, llamaModel: LlamaModel, file: ModelFile): Promise<LoadedModel> {
	const batchSize = gpu ? batchSizes.graphics : batchSizes.processor;
	const contextSize = Math.min(file.contextLength, llamaModel.trainContextSize);
	const threads = usefulThreads(llama.cpuMathCores);
	const context = await llamaModel.createContext({ contextSize, batchSize, sequences: 1, threads });
	const contextLength = context.contextSize;
	return {
		module,
		llamaModel,
		sequence: context.getSequence(),
		vocabulary: new Vocabulary(llamaModel.iterateAllTokens(), (token) => llamaModel.detokenize([token], false)),
		contextLength,
		batchSize,
		file: { ...describe(llamaModel, file), contextLength, gpu: gpu?.name },
		crew: new Crew(
			threads,
			(count) => {
				llama.maxThreads = count;
			},
			() => performance.now(),
		),
		grammarState: (text) => grammarState(module, llama, llamaModel, text),
		dispose: () => llamaModel.dispose(),
	};
}

function describe(llamaModel: LlamaModel, file: ModelFile): Pick<LoadedFile, 'basename' | 'canFill'> {
	const said = llamaModel.fileInfo.metadata.general?.basename;
	const name = typeof said === 'string' ? said : undefined;
	const template = fileTemplate(file, name);
	return { basename: name, canFill: template !== undefined && knows(llamaModel, template.render('', '', '').prompt) };
}

/** Whether all of a text is special tokens: these have no text of their own, so nothing is left of it. */
function knows(llamaModel: LlamaModel, special: string): boolean {
	return llamaModel.detokenize(llamaModel.tokenize(special, true), false).trim() === '';
}

async function grammarState(module: LlamaModule, llama: Llama, model: LlamaModel, text: string): Promise<GrammarState> {
	try {
		const grammar = await llama.createGrammar({ grammar: text });
		return new module.LlamaGrammarEvaluationState({ model, grammar });
	} catch (cause) {
		throw new ModelError('bad-response', 'The engine does not understand the grammar of the answer.', cause);
	}
}
