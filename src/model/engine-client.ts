import { setTimeout as delay } from 'node:timers/promises';
import { abortable } from '../std/abortable.ts';
import { EngineConnection, type EngineQuestion, LostConnection, lost } from './engine-connection.ts';
import { explainEnd, HopelessEngine } from './engine-end.ts';
import { type EngineProgram, engineAddress, type StartedEngine, startEngine } from './engine-process.ts';
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

const patient: EngineLimits = { stall: 120_000, hello: 5000, firstWait: 1000, longestWait: 300_000 };

/** How long the system takes at most to tell how a process ended whose connection closed, in milliseconds. */
const endMs = 500;

/**
 * Finds or starts the engine that all windows share, and asks it. An engine that crashes is started again by the next request: at once
 * the first time, and after a growing pause when it keeps crashing. One that cannot run on this machine is not started again.
 */
export class EngineClient {
	readonly #program: () => EngineProgram | undefined;
	readonly #limits: EngineLimits;
	#connecting: Promise<EngineConnection> | undefined;
	#connection: EngineConnection | undefined;
	/** Where `#connection` leads to: with other settings it would be another engine. */
	#address = '';
	/** The last engine that we started; others are started by other windows. */
	#started: StartedEngine | undefined;
	/** The last one, until an engine answers. */
	#failure: ModelError | undefined;
	/** The file of the model that is asked: another one deserves another chance. */
	#modelPath: string | undefined;
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
		if ('model' in question && question.model.path !== this.#modelPath) {
			this.#modelPath = question.model.path;
			this.#forgive();
		}
		const connection = await abortable(this.#connect(), signal);
		let failure: unknown;
		try {
			yield* connection.ask(question, this.#limits.stall, signal);
			this.#forgive();
		} catch (error) {
			failure = error instanceof LostConnection ? await this.#explain(error, question) : error;
			throw failure;
		} finally {
			if (!connection.isOpen) this.#countFailure(connection, failure);
			else if (connection !== this.#connection) connection.closeWhenDone();
		}
	}

	/** The engine itself ends when nobody else is connected to it. */
	close(): void {
		this.#connection?.close();
		this.#connection = undefined;
	}

	/** One at a time, for whoever waits. */
	async #connect(): Promise<EngineConnection> {
		const program = this.#program();
		if (!program) throw new ModelError('unreachable', 'This build of Co-Clone has no embedded engine; those for a platform have one.');
		const address = engineAddress(program);
		if (this.#address !== address) this.#leave(address);
		if (this.#connection?.isOpen) return this.#connection;
		const connecting = this.#connecting ?? this.#open(program, address);
		this.#connecting = connecting;
		return connecting.finally(() => {
			if (this.#connecting === connecting) this.#connecting = undefined;
		});
	}

	/** For an engine with other settings, about which nothing is known. */
	#leave(address: string): void {
		this.#connection?.closeWhenDone();
		this.#connection = undefined;
		this.#connecting = undefined;
		this.#started = undefined;
		this.#forgive();
		this.#address = address;
	}

	async #open(program: EngineProgram, address: string): Promise<EngineConnection> {
		const connection = (await EngineConnection.open(address, this.#limits.hello)) ?? (await this.#start(program, address));
		if (address === this.#address) this.#connection = connection;
		return connection;
	}

	async #start(program: EngineProgram, address: string): Promise<EngineConnection> {
		const wait = this.#notBefore - performance.now();
		if (this.#failure instanceof HopelessEngine) throw this.#failure;
		if (this.#failure && wait > 0) {
			const again = `It is started again in ${Math.ceil(wait / 1000)} s at the earliest.`;
			throw new ModelError(this.#failure.code, `${this.#failure.message} ${again}`, this.#failure);
		}
		try {
			this.#started = await startEngine(program);
			const connection = await EngineConnection.open(address, this.#limits.hello);
			if (!connection) throw new ModelError('unreachable', 'The embedded engine was started but does not answer.');
			return connection;
		} catch (error) {
			this.#countFailure(undefined, error);
			throw error;
		}
	}

	/** Why the engine closed the connection, if it is one that we started. */
	async #explain(lost: LostConnection, { kind }: EngineQuestion): Promise<ModelError> {
		const end = await Promise.race([this.#started?.ended, delay(endMs)]);
		// One that found another running when it started ended well.
		if (!end || end.code === 0) return lost;
		return explainEnd(end, kind === 'load' ? 'loading' : 'working');
	}

	/** Several requests that die with one engine are one failure. */
	#countFailure(connection: EngineConnection | undefined, failure: unknown): void {
		if (connection !== this.#connection) return;
		this.#connection = undefined;
		this.#failure = failure instanceof ModelError ? failure : lost();
		this.#failures++;
		const { firstWait, longestWait } = this.#limits;
		const wait = this.#failures === 1 ? 0 : Math.min(longestWait, firstWait * 2 ** (this.#failures - 2));
		this.#notBefore = performance.now() + wait;
	}

	#forgive(): void {
		this.#failure = undefined;
		this.#failures = 0;
		this.#notBefore = 0;
	}
}
