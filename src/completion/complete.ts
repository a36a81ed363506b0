import type { ModelFacts } from '../model/language-model.ts';
import { AskAgain, ModelError } from '../model/model-error.ts';
import { Anchor } from './anchor.ts';
import { BackOff } from './back-off.ts';
import { evaluationMs, lineMs } from './budget.ts';
import type { Completion, CompletionRequest, Nothing, Outcome } from './completion.ts';
import { Deletions } from './deletions.ts';
import { failure } from './failure.ts';
import { gate, isBeforeWord, unsafe, unwanted } from './gate.ts';
import { hideSecrets } from './hide-secrets.ts';
import { type Answer, Memory, unasked } from './memory.ts';
import { Pace } from './pace.ts';
import { isFutile, promptAt, warmPrompt } from './prompt.ts';
import { recall } from './recall.ts';
import { Rejections } from './rejections.ts';
import { resume } from './resume.ts';
import { Run, type RunResult, type RunTask } from './run.ts';
import { Said } from './said.ts';
import { type Demand, nextStep, type Phase } from './schedule.ts';
import { shapeAt, tokensFor } from './shape.ts';
import type { Surroundings } from './surroundings.ts';
import { trim } from './trim.ts';
import { Turn } from './turn.ts';

/** Turns a cursor into text. Never fails: whatever goes wrong is an outcome with a reason. */
export type Complete = (request: CompletionRequest, signal: AbortSignal) => Promise<Outcome>;

/** What is left of an evaluation that nobody needs is waited for when it takes no longer: the server has it for who comes back. */
const worthFinishingMs = 1000;
/** Not worth making anybody wait for. */
const longestWasteMs = 60;
/** A line that takes longer is not asked for before anybody wants it. */
const longestAheadMs = 250;
/** With a model that takes longer for a line, text that stands elsewhere is better than waiting. */
const slowLineMs = 200;

/**
 * The engine behind every completion of one user at one model.
 *
 * Invariants: at most one run at a time; the newest request decides what becomes of it, older ones that still wait end as
 * "superseded"; a run is cancelled as soon as nobody can want its answer.
 */
export class CompletionEngine {
	readonly #world: Surroundings;
	readonly #memory = new Memory();
	readonly #deletions = new Deletions();
	readonly #rejections = new Rejections();
	readonly #backOff = new BackOff();
	readonly #pace = new Pace();
	readonly #said = new Said();
	readonly #anchor: Anchor;
	#facts: ModelFacts | undefined;
	#run: Run | undefined;
	#newest: Turn | undefined;
	/** The prompt that the server evaluated last, as far as we know. */
	#evaluated = '';

	constructor(world: Surroundings) {
		this.#world = world;
		this.#anchor = new Anchor(world.context);
	}

	/** The hot path: hide ▸ gate ▸ memory ▸ window ▸ prompt ▸ generate ▸ cut ▸ trim. */
	readonly complete: Complete = async (place, signal) => {
		const open = hideSecrets(place);
		const request = { ...open, deleted: this.#deletions.before(open) };
		const turn = this.#next(request, signal);
		try {
			const closed = gate(request, this.#world.policy()) ?? this.#pause(request);
			if (closed) return turn.end(closed);
			for (;;) {
				const answer = this.#memory.find(request) ?? this.#recall(request);
				if (answer) return turn.end(this.#present(answer, request), answer);
				const early = this.#firstLine(request);
				if (early) return turn.endGrowing(early.completion, early.answer, early.growing);
				await this.#advance(request, turn).catch(unlessAskAgain);
			}
		} catch (error) {
			return turn.end(this.#explain(error, turn));
		} finally {
			this.#finish(turn);
		}
	};

	/**
	 * Has the server evaluate what comes before and after the cursor's line, so that the next keystroke finds it done. Does nothing
	 * while somebody waits for an answer, or when it is done or under way already. Where nobody may ask only the model is loaded.
	 */
	async warm(place: CompletionRequest, signal: AbortSignal): Promise<void> {
		const request = hideSecrets(place);
		if (this.#evaluated !== '' && (isBeforeWord(request) || gate(request, this.#world.policy()))) return;
		await this.#inAdvance(request, signal, (facts) => {
			const prompt = warmPrompt(this.#anchor.settled(request, facts), request.languageId, facts);
			if ((this.#run?.task.prompt.text ?? this.#evaluated).startsWith(prompt.text)) return undefined;
			return { request: undefined, facts, prompt, shape: { maxLines: 1, opensBlock: false, indent: 0 }, maxTokens: 1 };
		});
	}

	/** Asks for what comes after a completion that is shown, in case it is accepted. Only where that is over soon. */
	async lookAhead(shown: CompletionRequest, { text, replaces }: Completion, signal: AbortSignal): Promise<void> {
		const request = hideSecrets({ ...shown, prefix: shown.prefix + text, suffix: shown.suffix.slice(replaces), trigger: 'automatic' });
		if (gate(request, this.#world.policy()) || this.#memory.find(request) || this.#run) return;
		await this.#inAdvance(request, signal, (facts) =>
			lineMs(facts) <= longestAheadMs ? { ...this.#task(request, facts), isAhead: true } : undefined,
		);
	}

	/** Nobody looks any more: ends what goes on without anybody waiting for it. Evaluating a prompt in advance is left to finish. */
	leave(): void {
		if (!this.#newest && this.#run?.task.request) this.#abandon();
	}

	/** What was shown at a place was not wanted there. */
	reject(request: CompletionRequest, { text }: Completion): void {
		this.#rejections.add(hideSecrets(request), text);
	}

	/** Forgets answers and failures: after the model or a setting changed. */
	reset(): void {
		this.#memory.clear();
		this.#said.clear();
		this.#rejections.clear();
		this.#backOff.reset();
		this.#evaluated = '';
		void this.#run?.cancel();
	}

	/** What the newest request waits for, and for how long. */
	get waiting(): { readonly phase: Phase; readonly ms: number } | undefined {
		return this.#newest && { phase: this.#run?.phase ?? 'idle', ms: this.#newest.elapsedMs };
	}

	/** Makes this request the newest. */
	#next(request: CompletionRequest, signal: AbortSignal): Turn {
		if (request.trigger === 'automatic') this.#pace.typed(request, this.#world.now());
		const turn = new Turn(signal, this.#world.now);
		this.#newest?.supersede();
		this.#newest = turn;
		return turn;
	}

	#pause(request: CompletionRequest): Nothing | undefined {
		if (request.trigger === 'manual') this.#backOff.reset();
		return this.#backOff.gate(this.#world.now());
	}

	/** Does the next thing that brings an answer nearer, and waits until there is more to decide on. */
	async #advance(request: CompletionRequest, turn: Turn): Promise<void> {
		const task = this.#run?.mayAnswer(request) ? undefined : await this.#plan(request, turn);
		const run = this.#run;
		switch (nextStep(run?.phase ?? 'idle', task ? this.#demand(task) : 'fits')) {
			case 'start':
				return task && this.#begin(task, turn);
			case 'wait':
				return turn.wait(run?.progress() ?? Promise.resolve());
			case 'cancel':
				return turn.wait(run?.cancel() ?? Promise.resolve());
		}
	}

	async #plan(request: CompletionRequest, turn: Turn): Promise<RunTask> {
		return this.#task(request, await turn.wait(this.#world.model.facts(turn.signal)));
	}

	#task(request: CompletionRequest, facts: ModelFacts): RunTask {
		this.#facts = facts;
		const shape = shapeAt(request, facts, this.#world.policy().eagerness);
		const maxTokens = tokensFor(shape);
		const window = this.#anchor.at(request, facts, maxTokens);
		return { request, facts, window, prompt: promptAt(window, request, facts, this.#said), shape, maxTokens };
	}

	/** What a task is to the run under way, which cannot answer it. */
	#demand({ prompt, facts }: RunTask): Demand {
		const run = this.#run;
		if (!run) return 'differs';
		if (prompt.text.startsWith(run.task.prompt.text)) return 'extends';
		const leftMs = evaluationMs(run.task.prompt.text, run.evaluatedBefore, facts) - run.prefillMs;
		return Math.abs(leftMs) <= worthFinishingMs ? 'nearly' : 'differs';
	}

	/** Starts a run, held back until it is likely to be worth its while; what it says will be found in memory. */
	async #begin(task: RunTask, turn: Turn): Promise<void> {
		const ms = turn.hasPaused || task.request?.trigger === 'manual' ? 0 : this.#holdBackMs(task);
		turn.hasPaused ||= ms > 0;
		if (ms > 0) return turn.wait(this.#world.delay(ms, turn.signal));
		turn.asked(task.prompt.text, task.facts.name);
		await turn.wait(this.#start(task).progress());
	}

	/** A prompt that grows at its end loses nothing when the next key comes before the answer; others are evaluated for nothing. */
	#holdBackMs({ prompt, facts }: RunTask): number {
		const wastedMs = prompt.order === 'plain' ? evaluationMs(prompt.text, this.#evaluated, facts) : 0;
		return wastedMs < longestWasteMs ? 0 : this.#pace.delayMs(wastedMs + lineMs(facts));
	}

	#start(task: RunTask): Run {
		const run = new Run(task, this.#evaluated, this.#world.model, this.#world.now);
		this.#run = run;
		const ended = () => {
			if (this.#run === run) this.#run = undefined;
		};
		run.result.then((result) => {
			ended();
			this.#keep(task, result);
		}, ended);
		return run;
	}

	/** Remembers what a run came to, unless it was cut short. */
	#keep({ request, prompt, facts }: RunTask, { text, raw, usage, firstTokenAt, isCancelled, inquiry }: RunResult): void {
		if (firstTokenAt !== undefined) this.#evaluated = prompt.text + raw;
		this.#said.add(prompt, raw, !isCancelled);
		if (isCancelled || !request || isFutile(prompt, this.#said)) return;
		const result: Completion | Nothing = text === undefined ? { reason: 'does-not-fit', raw } : trim(text, request);
		const answer = { result, trigger: request.trigger, model: facts.name, prompt: prompt.text, firstTokenAt, usage, inquiry };
		this.#memory.store(request, answer);
		this.#backOff.reset();
	}

	/** When the newest request is over, nothing runs on for it; an older one leaves the run to who came after. */
	#finish(turn: Turn): void {
		turn.close();
		if (this.#newest !== turn) return;
		this.#newest = undefined;
		// What runs in advance was for nobody from the start.
		if (!turn.isGrowing && this.#run?.task.request && !this.#run.task.isAhead) this.#abandon();
	}

	#abandon(): void {
		if (this.#run && nextStep(this.#run.phase, 'abandoned') === 'cancel') void this.#run.cancel();
	}

	/** A run that nobody waits for, while there is nothing better to do. */
	async #inAdvance(request: CompletionRequest, signal: AbortSignal, plan: (facts: ModelFacts) => RunTask | undefined): Promise<void> {
		if (this.#backOff.gate(this.#world.now())) return;
		if (unsafe(request, this.#world.policy()) || unwanted(request, this.#world.policy())) return;
		const isBusy = () => this.#newest !== undefined || signal.aborted || this.#run?.task.request !== undefined;
		try {
			const facts = await this.#world.model.facts(signal);
			const task = isBusy() ? undefined : plan(facts);
			if (!task) return;
			await this.#run?.cancel();
			if (isBusy() || this.#run) return;
			const run = this.#start(task);
			const cancel = () => void run.cancel();
			signal.addEventListener('abort', cancel, { once: true });
			await run.result.finally(() => signal.removeEventListener('abort', cancel));
		} catch (error) {
			// Whoever asks next gets the error and its explanation.
			if (error instanceof ModelError) this.#backOff.failed(error, this.#world.now());
			else if (!signal.aborted) throw error;
		}
	}

	/** The same line elsewhere is there at once, which a slow model is not. */
	#recall(request: CompletionRequest): Answer | undefined {
		if (request.trigger === 'manual' || !this.#facts || lineMs(this.#facts) < slowLineMs || this.#run?.mayAnswer(request)) return undefined;
		const text = recall(request, [request.prefix, request.suffix, ...(this.#world.openTexts?.(request) ?? [])]);
		if (text === undefined || this.#rejections.has(request, text)) return undefined;
		return { ...unasked, result: trim(text, request), trigger: request.trigger };
	}

	/** The first line of what is being generated, if it is going to stay as it is when the others come. */
	#firstLine(request: CompletionRequest): { completion: Completion; answer: Answer; growing: Promise<boolean> } | undefined {
		const run = this.#run;
		const first = run?.firstLine(request);
		if (!run?.task.request || !first) return undefined;
		const { facts, prompt, request: asked } = run.task;
		const shown = trim(first.text, asked);
		const result = 'text' in shown && shown.text === first.text ? resume(shown, asked.suffix, first.typed, request) : undefined;
		if (!result) return undefined;
		const { firstTokenAt, usage } = run;
		const answer = { result, trigger: request.trigger, model: facts.name, prompt: prompt.text, firstTokenAt, usage };
		const completion = this.#present(answer, request);
		return 'reason' in completion ? undefined : { completion, answer, growing: run.isAnswered };
	}

	#present({ result }: Answer, request: CompletionRequest): Nothing | Completion {
		if ('reason' in result || request.trigger === 'manual' || !this.#rejections.has(request, result.text)) return result;
		return { reason: 'rejected', raw: result.text };
	}

	#explain(error: unknown, turn: Turn): Nothing {
		if (turn.isSuperseded) return { reason: 'superseded' };
		if (turn.signal.aborted) return { reason: 'cancelled' };
		if (error instanceof ModelError) this.#backOff.failed(error, this.#world.now());
		return failure(error);
	}
}

/** The model that a prompt was for has gone while it was asked: the next plan is for the one in its place. */
function unlessAskAgain(error: unknown): void {
	if (!(error instanceof AskAgain)) throw error;
}
