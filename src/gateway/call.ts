import type { Complete } from '../completion/complete.ts';
import type { Elsewhere } from '../completion/elsewhere.ts';
import type { Continue, Fill } from '../completion/fill.ts';
import type { LanguageModel } from '../model/language-model.ts';
import type { Failure } from './failure.ts';

/** What a client may do: have code completed, or also let others in and see what goes on. */
export type Scope = 'complete' | 'manage';

/** Who calls, as far as their token says it. */
export interface Client {
	/** The same for all calls with the same credential. */
	readonly id: string;
	readonly scopes: readonly Scope[];
}

/** What the gateway answers with. Which model is behind it is nobody's business. */
export interface Backend {
	/** For tools that have a hole, and say where its answer ends. */
	readonly fill: Fill;
	/** For tools that know the marks of the model. */
	readonly continue: Continue;
	/**
	 * For editors. Each client has its own: their newest request replaces those before it, and aborting one stops what still grows of it.
	 * What is elsewhere stands in front of the prompt for as long as that stays valid.
	 */
	readonly complete: (client: Client, elsewhere?: readonly Elsewhere[]) => Complete;
	readonly model: LanguageModel;
}

/** One request that passed the guard, with what it takes to answer it. */
export interface Call {
	readonly request: Request;
	/** What stands in the places of a path: `engine` in `/v1/engines/:engine/completions`. */
	readonly params: Readonly<Record<string, string>>;
	readonly client: Client;
	readonly backend: Backend;
	/** Aborts when the client is gone: its connection closed, its stream was reset, nobody reads the body any more. */
	readonly signal: AbortSignal;
	/** Says that nobody reads the body any more. */
	leave(): void;
	/** What to tell about something that was thrown in the middle of a stream; what is unexpected goes to the log. */
	describe(error: unknown): Failure;
}

/** An answer in one protocol. What it throws is told in that protocol's shape. */
export type Answer = (call: Call) => Promise<Response>;

export interface Route {
	readonly method: 'GET' | 'POST';
	/** `/v1/engines/:engine/completions` */
	readonly path: string;
	readonly answer: Answer;
	/** How the protocol tells a failure. */
	readonly fail: (failure: Failure) => unknown;
	/** Anybody may call it. */
	readonly isOpen?: true;
	/** For browsers that want to show what they get. Where others ask for the same path, another route answers. */
	readonly isPage?: true;
}
