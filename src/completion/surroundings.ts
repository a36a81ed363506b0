import type { LanguageModel } from '../model/language-model.ts';
import type { ChooseContext } from './anchor.ts';
import type { CompletionRequest } from './completion.ts';
import type { CompletionPolicy } from './gate.ts';

/** What the pure stages need of the world. */
export interface Surroundings {
	readonly model: LanguageModel;
	/** Read at every request. */
	readonly policy: () => CompletionPolicy;
	/** Milliseconds. */
	readonly now: () => number;
	readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Other texts that the user has open, as far as the model may see them. */
	readonly openTexts?: (request: CompletionRequest) => Iterable<string>;
	/** Code from elsewhere that belongs to a place. */
	readonly context?: ChooseContext | undefined;
}
