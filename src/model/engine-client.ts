import { abortable } from '../std/abortable.ts';
import { EngineConnection, type EngineQuestion } from './engine-connection.ts';
import { type EngineProgram, engineAddress, startEngine } from './engine-process.ts';
import type { EngineReply } from './engine-wire.ts';
import { ModelError } from './model-error.ts';

/** In milliseconds. */
export interface EngineLimits {
	/** Without any sign of life while loading, reading or generating. */
	readonly stall: number;
	/** For the engine's greeting. */
	readonly hello: number;
	/** The first wait before a start that follows failures; it doubles up to `longestWait`. */
	readonly firstWait: number;
	readonly longestWait: number;
}

const patient: EngineLimits = { stall: 120_000, hello: 5000, firstWait: 1000, longestWait: 30_000 };

/**
 * Finds or starts the engine that all windows share, and asks it. An engine that crashes is started again by the next request: at once
 * the first time, and after a growing pause when it keeps crashing.
 */
export class EngineClient {
	readonly #program: () => EngineProgram | undefined;
	readonly #limits: EngineLimits;
	#connecting: Promise<EngineConnection> | undefined;
	#connection: EngineConnection | undefined;
	#failures = 0;
	#notBefore = 0;

	constructor(program: () => EngineProgram | undefined, limits: Partial<EngineLimits> = {}) {
		this.#program = program;
		this.#limits = { ...patient, ...limits };
	}

	/**
	 * @throws ModelError when there is no engine to ask, or it fails; the signal's reason when that aborts.
	 */
	async *ask(question: EngineQuestion, signal: AbortSignal): AsyncGenerator<EngineReply> {
		const connection = await abortable(this.#connect(), signal);
		try {
			yield* connection.ask(question, this.#limits.stall, signal);
			this.#failures = 0;
		} finally {
			if (!connection.isOpen) this.#countFailure(connection);
		}
	}

	/** The engine itself ends when nobody else is connected to it. */
	close(): void {
		this.#connection?.close();
		this.#connection = undefined;
	}

	/** One at a time, for whoever waits. */
	async #connect(): Promise<EngineConnection> {
		if (this.#connection?.isOpen) return this.#connection;
		this.#connecting ??= this.#open().finally(() => {
			this.#connecting = undefined;
		});
		return this.#connecting;
	}

	async #open(): Promise<EngineConnection> {
		const program = this.#program();
		if (!program) throw new ModelError('unreachable', 'This build of Co-Clone has no embedded engine; those for a platform have one.');
		const address = engineAddress(program);
		const running = await EngineConnection.open(address, this.#limits.hello);
		this.#connection = running ?? (await this.#start(program, address));
		return this.#connection;
	}

	async #start(program: EngineProgram, address: string): Promise<EngineConnection> {
		const wait = this.#notBefore - performance.now();
		if (wait > 0) {
			const seconds = Math.ceil(wait / 1000);
			throw new ModelError('unreachable', `The embedded engine keeps failing. It is started again in ${seconds} s at the earliest.`);
		}
		try {
			await startEngine(program);
			const connection = await EngineConnection.open(address, this.#limits.hello);
			if (!connection) throw new ModelError('unreachable', 'The embedded engine was started but does not answer.');
			return connection;
		} catch (error) {
			this.#countFailure(undefined);
			throw error;
		}
	}

	/** Several requests that die with one engine are one failure. */
	#countFailure(connection: EngineConnection | undefined): void {
		if (connection !== this.#connection) return;
		this.#connection = undefined;
		this.#failures++;
		const { firstWait, longestWait } = this.#limits;
		const wait = this.#failures === 1 ? 0 : Math.min(longestWait, firstWait * 2 ** (this.#failures - 2));
		this.#notBefore = performance.now() + wait;
	}
}
