import type { LanguageModel } from '../../src/model/language-model.ts';
import type { Clock } from '../clock.ts';
import type { ServerTraits } from '../server/server.ts';
import type { Tokenizer } from '../server/tokenizer.ts';

/** Rules by which ghost text is asked for: when, with which prompt, and what is kept. It is started as an extension is activated. */
export interface Policy {
	readonly name: string;
	readonly server: ServerTraits;
	start(world: PolicyWorld): { dispose(): void };
}

export interface PolicyWorld {
	readonly model: LanguageModel;
	readonly clock: Clock;
	/** For those that count tokens. */
	readonly tokenizer: Tokenizer;
}
