import type { EngineReply, EngineRequest } from '../model/engine-wire.ts';
import { ModelError } from '../model/model-error.ts';
import { Lane } from '../std/lane.ts';
import { garbageCollector } from './garbage.ts';
import { generate, type TokenCounts } from './generation.ts';
import type { Hardware } from './hardware.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { ModelSlot } from './model-slot.ts';

const never = new AbortController().signal;

type Task = Exclude<EngineRequest, { kind: 'cancel' }>;

/**
 * Does what is asked, one request at a time, whoever asks. After `idleMs` milliseconds without any the model leaves the memory, and
 * comes back with the next request.
 */
export class Work {
	readonly #slot: ModelSlot;
	readonly #hardware: Hardware;
	readonly #idleMs: number;
	readonly #lane = new Lane();
	readonly #collectGarbage = garbageCollector();
	#idle: NodeJS.Timeout | undefined;

	constructor(slot: ModelSlot, hardware: Hardware, idleMs: number) {
		this.#slot = slot;
		this.#hardware = hardware;
		this.#idleMs = idleMs;
	}

	/** The replies to one request; the last one ends it. Never throws. */
	async *replies(task: Task, alive: () => void, signal: AbortSignal): AsyncGenerator<EngineReply> {
		const { id } = task;
		const counts = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
		try {
			if (task.kind === 'memory') yield { kind: 'memory', id, bytes: process.memoryUsage.rss() };
			else if (task.kind === 'hardware') yield { kind: 'hardware', id, gpu: (await this.#hardware.runtime).gpu };
			else yield* this.#alone(task, counts, alive, signal);
		} catch (error) {
			yield signal.aborted ? { kind: 'end', id, ...counts } : failure(id, error);
		}
	}

	async *#alone(
		task: Exclude<Task, { kind: 'memory' | 'hardware' }>,
		counts: TokenCounts,
		alive: () => void,
		signal: AbortSignal,
	): AsyncGenerator<EngineReply> {
		const { id } = task;
		const leave = await this.#lane.enter(signal);
		clearTimeout(this.#idle);
		const rest = await this.#hardware.begin();
		try {
			const model = await this.#slot.get(task.model, alive, signal);
			if (task.kind === 'load') yield { kind: 'loaded', id, file: { ...model.file, gpuFailure: this.#hardware.gpuFailure } };
			else yield* this.#generate(model, task, counts, alive, signal);
		} finally {
			rest();
			this.#collectGarbage();
			this.#idle = setTimeout(() => void this.#unload(), this.#idleMs);
			leave();
		}
	}

	async *#generate(
		model: LoadedModel,
		task: Extract<Task, { kind: 'generate' }>,
		counts: TokenCounts,
		alive: () => void,
		signal: AbortSignal,
	): AsyncGenerator<EngineReply> {
		const { id } = task;
		let isRead = false;
		for await (const text of generate(model, task, counts, alive, signal)) {
			if (!isRead) yield { kind: 'read', id, tokens: counts.promptTokens, cached: counts.cachedTokens };
			isRead = true;
			yield { kind: 'text', id, text };
		}
		yield { kind: 'end', id, ...counts };
	}

	async #unload(): Promise<void> {
		const leave = await this.#lane.enter(never);
		try {
			await this.#slot.unload();
		} finally {
			leave();
		}
	}
}

/** What nobody foresaw is the engine's fault, and is told as that. */
function failure(id: number, error: unknown): EngineReply {
	if (error instanceof ModelError) return { kind: 'failed', id, code: error.code, message: error.message };
	const message = error instanceof Error ? error.message : String(error);
	return { kind: 'failed', id, code: 'bad-response', message: `The engine failed: ${message}` };
}
