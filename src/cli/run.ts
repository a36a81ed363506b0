import type { Complete } from '../completion/complete.ts';
import type { Eagerness } from '../completion/shape.ts';
import type { Keys } from '../gateway/access/keys.ts';
import { type Check, checkCommand } from './check-command.ts';
import { completeCommand, type FindContext } from './complete-command.ts';
import { type LoginParts, loginCommand } from './login-command.ts';
import { type LspDoor, lspCommand } from './lsp-command.ts';
import type { ModelChoice } from './model-choice.ts';
import { regionsCommand } from './regions-command.ts';
import { type Serve, serveCommand } from './serve-command.ts';
import { type SignatureParts, signaturesCommand } from './signatures-command.ts';
import { statusCommand } from './status-command.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { tokenCommand } from './token-command.ts';
import { UsageError, usage } from './usage.ts';

/** What the commands work on. */
interface Parts {
	readonly complete: (choice: ModelChoice, eagerness: Eagerness | undefined) => Complete;
	readonly context: FindContext;
	readonly check: Check;
	readonly serve: Serve;
	readonly keys: () => Keys;
	readonly login: () => LoginParts;
	/** The user's own, where their gateway is announced. */
	readonly runtime: () => string;
	readonly signatures: SignatureParts;
	readonly lsp: LspDoor;
}

/** Runs the command that a command line names. */
export async function run(args: readonly string[], streams: Streams, parts: Parts, signal: AbortSignal): Promise<ExitStatus> {
	try {
		return await runCommand(args, streams, parts, signal);
	} catch (error) {
		const said = error instanceof UsageError ? `${error.message}\n\n${usage}` : error instanceof Error ? error.stack : error;
		streams.error.write(`${said}\n`);
		return 2;
	}
}

async function runCommand([command, ...args]: readonly string[], streams: Streams, parts: Parts, signal: AbortSignal): Promise<ExitStatus> {
	if (command === '--help' || command === '-h' || args.includes('--help')) return showUsage(streams, 0);
	switch (command) {
		case undefined:
			return showUsage(streams, 2);
		case 'complete':
			return completeCommand(args, streams, parts.complete, parts.context, signal);
		case 'check':
			return checkCommand(args, streams, parts.check, signal);
		case 'serve':
			return serveCommand(args, streams, parts.serve, signal);
		case 'token':
			return tokenCommand(args, streams, parts.keys(), parts.runtime);
		case 'login':
			return loginCommand(args, streams, parts.login(), signal);
		case 'status':
			return statusCommand(args, streams, parts.runtime());
		case 'regions':
			return regionsCommand(args, streams);
		case 'lsp':
			return lspCommand(args, streams, parts.lsp, signal);
		case 'signatures':
			return signaturesCommand(args, streams, parts.signatures, signal);
		default:
			throw new UsageError(`There is no command “${command}”.`);
	}
}

function showUsage({ output }: Streams, status: ExitStatus): ExitStatus {
	output.write(`${usage}\n`);
	return status;
}
