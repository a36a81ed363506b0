import { Disposable, window } from 'vscode';
import type { ChooseContext } from '../../src/completion/anchor.ts';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { everything } from '../../src/completion/gate.ts';
import { ContextFinder } from '../../src/context/finder.ts';
import { indexSources } from '../../src/context/index-sources.ts';
import { GhostTextProvider, showGhostText } from '../../src/vscode/ghost-text.ts';
import { Journal } from '../../src/vscode/journal.ts';
import { OnScreen } from '../../src/vscode/on-screen.ts';
import { type LookAround, warmUp } from '../../src/vscode/warm-up.ts';
import { delay } from '../clock.ts';
import { embedded, ollama } from '../server/server.ts';
import { OpenedFiles } from './opened-files.ts';
import type { Policy, PolicyWorld } from './policy.ts';

/** The extension itself: its own engine, provider and warm-up, put together as `extension.ts` does. */
function put({ model, clock }: Pick<PolicyWorld, 'model' | 'clock'>, context?: ChooseContext, look?: LookAround): Disposable {
	const policy = () => everything;
	const engine = new CompletionEngine({ model, policy, now: () => clock.now(), delay, context });
	const onScreen = new OnScreen(engine);
	const provider = new GhostTextProvider(engine, new Journal(window.createOutputChannel('Co-Clone', { log: true })), onScreen);
	return Disposable.from(showGhostText(provider), onScreen, warmUp(engine, look));
}

/** The same with code from the other files that have been opened. */
function startWithContext({ model, clock }: PolicyWorld): Disposable {
	const files = new OpenedFiles();
	const finder = new ContextFinder(indexSources(files), (source, error) => {
		throw new Error(`Context from ${source}`, { cause: error });
	});
	const look: LookAround = (_, __, request, signal) => finder.prepare({ request, repository: 'recording', path: request.path }, signal);
	return Disposable.from(files, put({ model, clock }, finder.choose, look));
}

const start = (world: PolicyWorld) => put(world);

export const withOllama: Policy = { name: 'Co-Clone', server: ollama, onlyWith: 'ollama', start };
export const withEmbeddedEngine: Policy = { name: 'Co-Clone embedded', server: embedded, onlyWith: 'embedded', start };
export const withOllamaAndContext: Policy = { name: 'Co-Clone context', server: ollama, onlyWith: 'ollama', start: startWithContext };
export const withEmbeddedEngineAndContext: Policy = {
	name: 'Co-Clone embedded context',
	server: embedded,
	onlyWith: 'embedded',
	start: startWithContext,
};
