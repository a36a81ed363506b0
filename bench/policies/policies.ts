import { withEmbeddedEngine, withEmbeddedEngineAndContext, withOllama, withOllamaAndContext } from './co-clone.ts';
import { continueDev } from './continue.ts';
import { llamaVscode } from './llama-vscode.ts';
import type { Policy } from './policy.ts';
import { tabby } from './tabby.ts';
import { twinny } from './twinny.ts';

/** The extension first, then its peers. */
export const policies: readonly Policy[] = [
	withOllama,
	withOllamaAndContext,
	withEmbeddedEngine,
	withEmbeddedEngineAndContext,
	continueDev,
	twinny,
	tabby,
	llamaVscode,
];
