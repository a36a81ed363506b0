import { parseArgs } from 'node:util';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

const usualPort = 8080;

export interface ServeOptions extends ModelChoice {
	/** 0 for any that is free. */
	readonly port: number;
}

/** A server that answers until it is disposed of. */
interface Served extends AsyncDisposable {
	readonly port: number;
	readonly key: string;
}

/** @throws where the port cannot be had */
export type Serve = (options: ServeOptions) => Promise<Served>;

/** `co-clone serve …`: answers other programs until it is interrupted. */
export async function serveCommand(args: readonly string[], streams: Streams, serve: Serve, signal: AbortSignal): Promise<ExitStatus> {
	await using served = await start(parseCommandLine(args), serve);
	const address = `http://127.0.0.1:${served.port}`;
	streams.output.write(`Co-Clone answers at ${address}. End it with Ctrl+C.\n\n${example(address, served.key)}\n`);
	await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
	return 0;
}

async function start(options: ServeOptions, serve: Serve): Promise<Served> {
	try {
		return await serve(options);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'EADDRINUSE') throw new UsageError(`Port ${options.port} is taken. Name another one, or 0 for any: co-clone serve 0.`);
		if (code === 'EACCES') throw new UsageError(`Port ${options.port} may not be used. Name one above 1023.`);
		throw error;
	}
}

function example(address: string, key: string): string {
	const body = JSON.stringify({ prompt: 'def add(a, b):\n', language: 'python' });
	return `curl -N ${address}/ -H 'Content-Type: application/json' \\\n  -H 'Authorization: Bearer ${key}' \\\n  -d '${body}'`;
}

function parseCommandLine(args: readonly string[]): ServeOptions {
	try {
		const { values, positionals } = parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { ...modelOptions, port: { type: 'string' } },
		});
		const [port = values.port, ...more] = positionals;
		if (more.length > 0) throw new Error('Name one port.');
		const { model, models, 'allow-remote': allowRemote } = values;
		return { model, models, allowRemote, port: port === undefined ? usualPort : portOf(port) };
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function portOf(text: string): number {
	const port = Number(text);
	if (/^\d+$/.test(text) && port <= 65_535) return port;
	throw new Error(`“${text}” is no port. Ports go from 0 (any that is free) to 65535.`);
}
