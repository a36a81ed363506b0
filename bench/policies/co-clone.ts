import { Disposable, window } from 'vscode';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { everything } from '../../src/completion/gate.ts';
import { GhostTextProvider, showGhostText } from '../../src/vscode/ghost-text.ts';
import { Journal } from '../../src/vscode/journal.ts';
import { OnScreen } from '../../src/vscode/on-screen.ts';
import { warmUp } from '../../src/vscode/warm-up.ts';
import { delay } from '../clock.ts';
import { embedded, ollama } from '../server/server.ts';
import type { Policy, PolicyWorld } from './policy.ts';

/** The extension itself: its own engine, provider and warm-up, put together as `extension.ts` does. */
function start({ model, clock }: PolicyWorld): Disposable {
	const policy = () => everything;
	const engine = new CompletionEngine({ model, policy, now: () => clock.now(), delay });
	const onScreen = new OnScreen(engine);
	const provider = new GhostTextProvider(engine, new Journal(window.createOutputChannel('Co-Clone', { log: true })), onScreen);
	return Disposable.from(showGhostText(provider), onScreen, warmUp(engine));
}

export const withOllama: Policy = { name: 'Co-Clone', server: ollama, onlyWith: 'ollama', start };
export const withEmbeddedEngine: Policy = { name: 'Co-Clone embedded', server: embedded, onlyWith: 'embedded', start };
