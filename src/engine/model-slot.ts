import { stat } from 'node:fs/promises';
import type { ModelFile } from '../model/engine-wire.ts';
import { abortable } from '../std/abortable.ts';
import { Lane } from '../std/lane.ts';
import type { Hardware } from './hardware.ts';
import type { LoadedModel } from './loaded-model.ts';

const never = new AbortController().signal;

/**
 * Holds the one model that is in memory.
 *
 * Invariant: at most one load at a time (`#lane`), and never two models in memory. A load goes on when the one who
 * asked gives up: cancelled loads would start over for ever.
 */
export class ModelSlot {
	readonly #hardware: Hardware;
	readonly #lane = new Lane();
	#loaded: { readonly key: string; readonly path: string; readonly model: LoadedModel } | undefined;

	constructor(hardware: Hardware) {
		this.#hardware = hardware;
	}

	/** The model of a file, loaded if it is not. */
	get(file: ModelFile, alive: () => void, signal: AbortSignal): Promise<LoadedModel> {
		return abortable(
			this.#alone(() => this.#ensure(file, alive)),
			signal,
		);
	}

	/** Frees the memory. Only when nobody uses the model. */
	unload(): Promise<void> {
		return this.#alone(async () => {
			const model = this.#loaded?.model;
			this.#loaded = undefined;
			await model?.dispose();
		});
	}

	async #ensure(file: ModelFile, alive: () => void): Promise<LoadedModel> {
		const key = await fileKey(file);
		// A file that was deleted stays in memory, and is as good as it was.
		if (this.#loaded && (this.#loaded.key === key || (key === undefined && this.#loaded.path === file.path))) return this.#loaded.model;
		const before = this.#loaded?.model;
		this.#loaded = undefined;
		await before?.dispose();
		const model = await this.#hardware.load(file, alive);
		this.#loaded = { key: key ?? '', path: file.path, model };
		return model;
	}

	async #alone<T>(work: () => Promise<T>): Promise<T> {
		const leave = await this.#lane.enter(never);
		try {
			return await work();
		} finally {
			leave();
		}
	}
}

/** Another file in the same place is another model. Undefined when there is none. */
async function fileKey({ name, path, contextLength }: ModelFile): Promise<string | undefined> {
	try {
		const { mtimeMs, size } = await stat(path);
		return JSON.stringify([name, path, contextLength, mtimeMs, size]);
	} catch {
		return undefined;
	}
}
