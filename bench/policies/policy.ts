import type { FimTemplate } from '../../src/model/fim.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';
import type { Clock } from '../clock.ts';
import type { Backend } from '../real-model.ts';
import type { ServerTraits } from '../server/server.ts';
import type { Tokenizer } from '../server/tokenizer.ts';

/** Rules by which ghost text is asked for: when, with which prompt, and what is kept. It is started as an extension is activated. */
export interface Policy {
	readonly name: string;
	readonly server: ServerTraits;
	/** It makes sense with this server alone. */
	readonly onlyWith?: Backend;
	start(world: PolicyWorld): { dispose(): void };
}

export interface PolicyWorld {
	readonly model: LanguageModel;
	readonly clock: Clock;
	/** The model's own, whichever a policy would take it for. */
	readonly template: FimTemplate;
	/** For those that count tokens. */
	readonly tokenizer: Tokenizer;
}
