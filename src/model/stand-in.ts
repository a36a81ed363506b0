import { abortable } from '../std/abortable.ts';
import type { GenerateOptions, LanguageModel, ModelFacts } from './language-model.ts';
import { AskAgain, ModelError, type ModelErrorCode } from './model-error.ts';

/** Why the preferred model is not asked, and which one is asked instead. */
export interface Absence {
	readonly why: ModelError;
	readonly facts: ModelFacts;
}

interface StandInWorld {
	/** Milliseconds, of a clock that only goes forward. */
	readonly now: () => number;
	readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Called when the other model takes over, and with nothing when the preferred one is back. */
	readonly onChange: (absence: Absence | undefined) => void;
}

/** A server that says nothing for so long is not waited for by who has another model. */
const patienceMs = 2000;
/** Before a server that is away is looked at again; doubled each time that it still is. */
const firstPauseMs = 5000;
const longestPauseMs = 60_000;

/** What the user has to see to. Nobody would, if completions came all the same. */
const ofTheUser: ReadonlySet<ModelErrorCode> = new Set(['not-allowed', 'signed-out', 'bad-response']);

/**
 * A preferred model that is elsewhere, and one at hand that stands in for it while it is away. Whether it is back is found out by asking what it is,
 * which costs next to nothing and sends no code, while those who ask meanwhile are answered by the other one.
 *
 * Invariant: who was told the facts of a model has prompts for that one, and it is asked until somebody is told the facts of the other.
 */
export class StandInModel implements LanguageModel {
	readonly #preferred: LanguageModel;
	readonly #other: LanguageModel;
	readonly #world: StandInWorld;
	#asked: LanguageModel;
	#absence: Absence | undefined;
	#looking: Promise<ModelFacts> | undefined;
	#lookAt = Number.NEGATIVE_INFINITY;
	#pauseMs = firstPauseMs;
	#failures = 0;
	/** That asking it what it is would not clear up. */
	#doubt: ModelError | undefined;

	constructor(preferred: LanguageModel, other: LanguageModel, world: StandInWorld) {
		this.#preferred = preferred;
		this.#other = other;
		this.#world = world;
		this.#asked = preferred;
	}

	/** Undefined while the preferred one is asked. */
	get absence(): Absence | undefined {
		return this.#absence;
	}

	/** What is preferred may be another one now, or may be asked where it was not before. */
	reset(): void {
		this.#absence = undefined;
		this.#doubt = undefined;
		this.#looking = undefined;
		this.#failures = 0;
		this.#pauseMs = firstPauseMs;
	}

	async facts(signal: AbortSignal): Promise<ModelFacts> {
		if (this.#absence && this.#world.now() >= this.#lookAt) this.#look().catch(() => {});
		if (this.#absence) return this.#told(this.#other, await this.#other.facts(signal));
		const doubt = this.#doubt;
		this.#doubt = undefined;
		try {
			if (doubt) throw doubt;
			return await this.#patiently(this.#look(), signal);
		} catch (error) {
			if (isAbsence(error)) return this.#standIn(error, signal);
			throw error;
		}
	}

	async *generate(options: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const model = this.#asked;
		try {
			yield* model.generate(options, signal);
		} catch (error) {
			if (model !== this.#preferred || signal.aborted || !isAbsence(error)) throw error;
			// Behind one address are many servers: when one dies, another one answers.
			if (++this.#failures > 1 || error.retryAfterMs !== undefined) this.#doubt = error;
			throw new AskAgain(error);
		}
		if (model !== this.#preferred) return;
		this.#failures = 0;
		this.#pauseMs = firstPauseMs;
	}

	#told(model: LanguageModel, facts: ModelFacts): ModelFacts {
		this.#asked = model;
		return facts;
	}

	/** Asks the preferred one what it is. Not bound to a caller's signal: whoever comes next needs the answer, too. */
	#look(): Promise<ModelFacts> {
		if (this.#looking !== undefined) return this.#looking;
		const looking = this.#preferred.facts(never);
		this.#looking = looking;
		const seen = (error: unknown) => this.#looking === looking && this.#seen(error);
		looking.then(() => seen(undefined), seen);
		return looking;
	}

	#seen(error: unknown): void {
		this.#looking = undefined;
		if (!this.#absence) return;
		if (isAbsence(error)) {
			this.#leaveAlone(error);
		} else {
			this.#absence = undefined;
			this.#world.onChange(undefined);
		}
	}

	/** Waits for what is being found out, and a while at most where somebody else can answer. */
	async #patiently(looking: Promise<ModelFacts>, signal: AbortSignal): Promise<ModelFacts> {
		const over = new AbortController();
		const late = this.#world.delay(patienceMs, over.signal).then(() => undefined);
		late.catch(() => {});
		try {
			const facts = await abortable(Promise.race([looking, late]), signal);
			if (facts) return this.#told(this.#preferred, facts);
			const silent = new ModelError('stalled', `The server says nothing for ${patienceMs / 1000} s.`);
			return await this.#standIn(silent, signal).catch(async () => this.#told(this.#preferred, await abortable(looking, signal)));
		} finally {
			over.abort();
		}
	}

	/** The facts of the other model, which takes over if it is there. @throws ModelError that says why neither can be asked */
	async #standIn(why: ModelError, signal: AbortSignal): Promise<ModelFacts> {
		try {
			const facts = this.#told(this.#other, await this.#other.facts(signal));
			if (!this.#absence) this.#leaveAlone(why);
			this.#absence ??= this.#announced({ why, facts });
			return facts;
		} catch (none) {
			if (!(none instanceof ModelError)) throw none;
			throw new ModelError(why.code, `${why.message} No model on this machine stands in for it: ${none.message}`, why);
		}
	}

	#leaveAlone({ retryAfterMs = 0 }: ModelError): void {
		this.#lookAt = this.#world.now() + Math.max(this.#pauseMs, retryAfterMs);
		this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
	}

	#announced(absence: Absence): Absence {
		this.#failures = 0;
		this.#world.onChange(absence);
		return absence;
	}
}

/** For questions that several wait for and nobody may cancel; whoever is asked has limits of their own. */
const never = new AbortController().signal;

function isAbsence(error: unknown): error is ModelError {
	return error instanceof ModelError && !ofTheUser.has(error.code);
}
