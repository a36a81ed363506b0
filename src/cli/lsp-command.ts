import { parseArgs } from 'node:util';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { understood } from './usage.ts';

/** Serves one client until it is gone; true when it ended as the protocol says. */
export type LspDoor = (choice: ModelChoice, streams: Streams, signal: AbortSignal) => Promise<boolean>;

/** `co-clone lsp …`: a language server on the standard streams. */
export async function lspCommand(args: readonly string[], streams: Streams, serve: LspDoor, signal: AbortSignal): Promise<ExitStatus> {
	return (await serve(parseCommandLine(args), streams, signal)) ? 0 : 1;
}

function parseCommandLine(args: readonly string[]): ModelChoice {
	return understood(() => {
		// Clients like to say `--stdio`, and there is no other way.
		const { values } = parseArgs({ args: [...args], options: { ...modelOptions, stdio: { type: 'boolean' } } });
		const { model, models, 'allow-remote': allowRemote } = values;
		return { model, models, allowRemote };
	});
}
