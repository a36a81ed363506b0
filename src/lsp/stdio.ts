import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { LanguageServer, type LanguageWorld } from './language-server.ts';

/** Serves one client on two streams until it is gone; true when it ended as the protocol says. */
export async function serveLanguage(
	input: NodeJS.ReadableStream,
	output: NodeJS.WritableStream,
	world: LanguageWorld,
	signal: AbortSignal,
): Promise<boolean> {
	const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
	try {
		return await new LanguageServer(connection, world).serve(signal);
	} finally {
		// Else the process would wait for more.
		input.pause();
		await world.codebase.close();
	}
}
