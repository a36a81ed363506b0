import type { LanguageModel, ModelFacts } from '../model/language-model.ts';
import { ModelError } from '../model/model-error.ts';
import { BackOff } from './back-off.ts';
import type { Completion, CompletionRequest, Nothing, Outcome } from './completion.ts';
import { type CompletionPolicy, gate, unsafe, unwanted } from './gate.ts';
import { type Answer, Memory } from './memory.ts';
import { buildPrompt, warmPrompt } from './prompt.ts';
import { Run, type RunResult, type RunTask } from './run.ts';
import { shapeAt, tokensFor } from './shape.ts';
import { trim } from './trim.ts';
import { Turn } from './turn.ts';
import { type Window, windowAt } from './window.ts';

/** Turns a cursor into text. Never fails: whatever goes wrong is an outcome with a reason. */
export type Complete = (request: CompletionRequest, signal: AbortSignal) => Promise<Outcome>;

/** What the pure stages need of the world. */
export interface Surroundings {
	readonly model: LanguageModel;
	/** Read at every request. */
	readonly policy: () => CompletionPolicy;
	/** Milliseconds. */
	readonly now: () => number;
	readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** In tokens. The first request in a file should not take longer to evaluate than this many seconds. */
const window = { seconds: 4.5, least: 300, most: 2000, untilMeasured: 450 };
/** Left free in the context, because tokens are only estimated. */
const spare = 64;
/** Before a prompt that must be evaluated anew, people get this long to go on typing. */
const longestSettleMs = 300;

/**
 * The engine behind every completion of one user at one model.
 *
 * Invariants: at most one run at a time; the newest request decides what becomes of it, older ones that still wait end as
 * "superseded"; a run is cancelled as soon as nobody can want its answer.
 */
export class CompletionEngine {
	readonly #world: Surroundings;
	readonly #memory = new Memory();
	readonly #backOff = new BackOff();
	#window: Window | undefined;
	#run: Run | undefined;
	#newest: Turn | undefined;
	/** The prompt that the server evaluated last, as far as we know. */
	#evaluated = '';

	constructor(world: Surroundings) {
		this.#world = world;
	}

	/** The hot path: gate ▸ memory ▸ window ▸ prompt ▸ generate ▸ cut ▸ trim. */
	readonly complete: Complete = async (request, signal) => {
		const turn = this.#next(signal);
		try {
			const closed = gate(request, this.#world.policy()) ?? this.#pause(request);
			if (closed) return turn.end(closed);
			for (;;) {
				const answer = this.#memory.find(request);
				if (answer) return turn.end(present(answer, request), answer);
				if (this.#run?.mayAnswer(request)) await turn.wait(this.#run.progress());
				else await this.#ask(request, turn);
			}
		} catch (error) {
			return turn.end(this.#explain(error, turn));
		} finally {
			this.#finish(turn);
		}
	};

	/**
	 * Has the server evaluate what comes before and after the cursor's line, so that the next keystroke finds it done. Does nothing
	 * while somebody waits for an answer, or when it is done or under way already.
	 */
	async warm(request: CompletionRequest, signal: AbortSignal): Promise<void> {
		if (this.#backOff.gate(this.#world.now())) return;
		if (unsafe(request) || unwanted(request, this.#world.policy())) return;
		try {
			const facts = await this.#world.model.facts(signal);
			if (this.#newest || signal.aborted) return;
			this.#window = windowAt(request, this.#window, windowTokens(facts, 1));
			const prompt = warmPrompt(this.#window, facts);
			if ((this.#run?.task.prompt.text ?? this.#evaluated).startsWith(prompt.text)) return;
			await this.#run?.cancel();
			if (this.#newest || this.#run || signal.aborted) return;
			const run = this.#start({ request: undefined, facts, prompt, shape: { maxLines: 1, opensBlock: false, indent: 0 }, maxTokens: 1 });
			signal.addEventListener('abort', () => void run.cancel(), { once: true });
			await run.result;
		} catch (error) {
			// Whoever asks next gets the error and its explanation.
			if (error instanceof ModelError) this.#backOff.failed(error, this.#world.now());
			else if (!signal.aborted) throw error;
		}
	}

	/** Forgets answers and failures: after the model or a setting changed. */
	reset(): void {
		this.#memory.clear();
		this.#backOff.reset();
		this.#evaluated = '';
		void this.#run?.cancel();
	}

	/** What the newest request waits for, and for how long. */
	get waiting(): { readonly phase: 'asking' | 'evaluating' | 'generating'; readonly ms: number } | undefined {
		if (!this.#newest) return undefined;
		const phase = this.#run === undefined ? 'asking' : this.#run.hasText ? 'generating' : 'evaluating';
		return { phase, ms: this.#newest.elapsedMs };
	}

	/** Makes this request the newest. */
	#next(signal: AbortSignal): Turn {
		const turn = new Turn(signal, this.#world.now);
		this.#newest?.supersede();
		this.#newest = turn;
		return turn;
	}

	#pause(request: CompletionRequest): Nothing | undefined {
		if (request.trigger === 'manual') this.#backOff.reset();
		return this.#backOff.gate(this.#world.now());
	}

	/** Starts a run for a request, in place of what runs; what it says will be found in memory. */
	async #ask(request: CompletionRequest, turn: Turn): Promise<void> {
		const facts = await turn.wait(this.#world.model.facts(turn.signal));
		const shape = shapeAt(request, facts);
		const maxTokens = tokensFor(shape);
		this.#window = windowAt(request, this.#window, windowTokens(facts, maxTokens));
		const prompt = buildPrompt(this.#window, request, facts);
		if (this.#run && !this.#run.task.request && prompt.text.startsWith(this.#run.task.prompt.text)) {
			// What is being warmed up is the beginning of this prompt.
			await turn.wait(this.#run.over);
			return;
		}
		await turn.wait(this.#run?.cancel() ?? Promise.resolve());
		if (prompt.order === 'plain' && request.trigger === 'automatic')
			await turn.wait(this.#world.delay(settleMs(facts, this.#window), turn.signal));
		turn.asked(prompt.text, facts.name);
		const run = this.#start({ request, facts, prompt, shape, maxTokens });
		await turn.wait(run.progress());
	}

	#start(task: RunTask): Run {
		const run = new Run(task, this.#world.model, this.#world.now);
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
	#keep({ request, prompt, facts }: RunTask, { text, raw, usage, firstTokenAt, isCancelled }: RunResult): void {
		if (firstTokenAt !== undefined) this.#evaluated = prompt.text + raw;
		if (isCancelled || !request) return;
		const nothing: Nothing | undefined = text === undefined ? { reason: 'does-not-fit', raw } : undefined;
		const answer = { text: text ?? '', nothing, trigger: request.trigger, model: facts.name, prompt: prompt.text, firstTokenAt, usage };
		this.#memory.store(request, answer);
		this.#backOff.reset();
	}

	/** When the newest request is over, nothing runs on for it; an older one leaves the run to who came after. Warming up goes on. */
	#finish(turn: Turn): void {
		turn.close();
		if (this.#newest !== turn) return;
		this.#newest = undefined;
		if (this.#run?.task.request) void this.#run.cancel();
	}

	#explain(error: unknown, turn: Turn): Nothing {
		if (turn.isSuperseded) return { reason: 'superseded' };
		if (turn.signal.aborted) return { reason: 'cancelled' };
		if (!(error instanceof ModelError)) return { reason: 'bug', error: error instanceof Error ? error : new Error(String(error)) };
		this.#backOff.failed(error, this.#world.now());
		return { reason: error.code, detail: error.message, error };
	}
}

function present(answer: Answer, request: CompletionRequest): Nothing | Completion {
	if (answer.nothing) return answer.nothing;
	const trimmed = trim(answer.text, request);
	return 'nothing' in trimmed ? trimmed.nothing : trimmed.completion;
}

function windowTokens({ speed, contextLength }: ModelFacts, maxTokens: number): number {
	const inTime = speed.prefillTokensPerSecond === undefined ? window.untilMeasured : speed.prefillTokensPerSecond * window.seconds;
	const wanted = Math.min(window.most, Math.max(window.least, inTime));
	return Math.max(1, Math.min(wanted, contextLength - maxTokens - spare));
}

function settleMs({ speed }: ModelFacts, { before, typed }: Window): number {
	if (speed.prefillTokensPerSecond === undefined) return longestSettleMs;
	const evaluationMs = ((before.length + typed.length) / 3 / speed.prefillTokensPerSecond) * 1000;
	return Math.min(longestSettleMs, evaluationMs);
}
