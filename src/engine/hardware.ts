import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { ModelFile } from '../model/engine-wire.ts';
import type { LlamaModule } from './llama.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';
import { type Runtime, startRuntime } from './runtime.ts';

/**
 * Where models run: on the graphics card where there is one that works, on the processor otherwise. A card that failed is not used
 * again for as long as this engine lives.
 *
 * A driver that crashes takes the engine with it. Therefore a file, `mark`, is there while the card is at work: where an engine finds
 * one, the engine before it ended in the middle of that.
 */
export class Hardware {
	readonly #module: Promise<LlamaModule>;
	readonly #mark: string;
	#gpuFailure: string | undefined;
	#runtime: Promise<Runtime>;

	/** @param useGpu whether the user wants a card to be used, if there is one */
	constructor(module: Promise<LlamaModule>, useGpu: boolean, mark: string) {
		this.#module = module;
		this.#mark = mark;
		if (useGpu && existsSync(mark)) this.#gpuFailure = 'the engine ended while it was at work';
		rmSync(mark, { force: true });
		this.#runtime = this.#start(useGpu && this.#gpuFailure === undefined);
	}

	get runtime(): Promise<Runtime> {
		return this.#runtime;
	}

	/** Why the card is not used although there may be one. */
	get gpuFailure(): string | undefined {
		return this.#gpuFailure;
	}

	/** @throws ModelError that says what is wrong with the file. */
	async load(file: ModelFile, alive: () => void): Promise<LoadedModel> {
		const runtime = await this.#runtime;
		try {
			return await loadModel(runtime, file, alive);
		} catch (failure) {
			if (!runtime.gpu) throw failure;
			return await this.#loadWithout(runtime, failure, file, alive);
		}
	}

	/** Call when the card begins to work, and the result when it is done. */
	async begin(): Promise<() => void> {
		const { gpu } = await this.#runtime;
		if (!gpu) return () => {};
		writeFileSync(this.#mark, gpu.name);
		return () => rmSync(this.#mark, { force: true });
	}

	/** If the file cannot be loaded without the card either, it was not the card's fault. */
	async #loadWithout({ llama, gpu }: Runtime, failure: unknown, file: ModelFile, alive: () => void): Promise<LoadedModel> {
		const processor = await this.#start(false);
		try {
			const model = await loadModel(processor, file, alive);
			this.#runtime = Promise.resolve(processor);
			this.#gpuFailure = `${gpu?.name}: ${failure instanceof Error ? failure.message : failure}`;
			await llama.dispose();
			return model;
		} catch (withoutCard) {
			await processor.llama.dispose();
			throw withoutCard;
		}
	}

	async #start(useGpu: boolean): Promise<Runtime> {
		return startRuntime(await this.#module, useGpu);
	}
}
