#!/usr/bin/env node
import process from 'node:process';
import { completeCommand } from './cli/complete-command.ts';
import { UsageError, usage } from './cli/usage.ts';
import { CompletionEngine } from './completion/complete.ts';
import { everything } from './completion/gate.ts';
import { OllamaModel } from './model/ollama.ts';
import { parseModel } from './model/ollama-address.ts';
import { delay } from './std/abortable.ts';

const streams = { input: process.stdin, output: process.stdout, error: process.stderr };

function engine(model: string | undefined) {
	const settings = parseModel(model, process.env['OLLAMA_HOST']);
	const world = { model: new OllamaModel(() => settings), policy: () => everything, now: () => performance.now(), delay };
	return new CompletionEngine(world).complete;
}

async function main([command, ...args]: string[]): Promise<number> {
	const interrupted = new AbortController();
	process.once('SIGINT', () => interrupted.abort());
	if (command === undefined || command === '--help' || command === '-h') {
		streams.output.write(`${usage}\n`);
		return command === undefined ? 2 : 0;
	}
	if (command !== 'complete') throw new UsageError(`There is no command “${command}”.`);
	return completeCommand(args, streams, engine, interrupted.signal);
}

main(process.argv.slice(2)).then(
	(status) => {
		process.exitCode = status;
	},
	(error: unknown) => {
		streams.error.write(
			error instanceof UsageError ? `${error.message}\n\n${usage}\n` : `${error instanceof Error ? error.stack : error}\n`,
		);
		process.exitCode = 2;
	},
);
