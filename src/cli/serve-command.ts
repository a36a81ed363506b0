import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { OneGateway } from '../gateway/access/one-gateway.ts';
import type { Tls } from '../gateway/server.ts';
import type { RegionsChoice } from '../regions/front.ts';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import { regionsChoice, regionsOptions } from './regions-options.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

const usualPort = 8080;

export interface ServeOptions extends ModelChoice {
	/** 0 for any that is free; undefined leaves it to us. */
	readonly port: number;
	/** Whether a port was named. */
	readonly isPortWanted: boolean;
	/** Anybody on this machine may use it, without a key. */
	readonly isOpen: boolean;
	readonly tls: Tls | undefined;
	/** The file that the certificate is from. */
	readonly certificate: string | undefined;
	/** Where requests are passed on to, if they are. */
	readonly regions: RegionsChoice | undefined;
}

/** @throws where the port cannot be had */
export type Serve = (options: ServeOptions) => Promise<OneGateway>;

/** `co-clone serve …`: answers other programs until it is interrupted. */
export async function serveCommand(args: readonly string[], streams: Streams, serve: Serve, signal: AbortSignal): Promise<ExitStatus> {
	const options = parseCommandLine(args);
	await using served = await start(options, serve);
	if (!served.isOurs) return reportOther(served, options, streams);
	const { url } = served.at;
	if (options.isOpen) streams.error.write(`Every user and every program on this machine can use this gateway without a key (--open).\n`);
	streams.output.write(`Co-Clone answers at ${url}. End it with Ctrl+C.\n\n${example(url, options)}\n`);
	await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
	return 0;
}

async function start(options: ServeOptions, serve: Serve): Promise<OneGateway> {
	try {
		return await serve(options);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'EADDRINUSE') throw new UsageError(`Port ${options.port} is taken. Name another one, or 0 for any: co-clone serve 0.`);
		if (typeof code === 'string' && code.startsWith('ERR_OSSL')) {
			throw new UsageError('--tls-cert and --tls-key have to be a certificate and its key, in PEM format.');
		}
		if (code === 'EACCES') throw new UsageError(`Port ${options.port} may not be used. Name one above 1023.`);
		throw error;
	}
}

/** One is enough for everybody; who wanted another port does not get what they asked for. */
function reportOther({ at: { url, port, pid } }: OneGateway, options: ServeOptions, { output, error }: Streams): ExitStatus {
	output.write(`Co-Clone answers at ${url} already (process ${pid}). “co-clone status” says more.\n`);
	if (!options.isPortWanted || options.port === port) return 0;
	error.write(`There is one gateway for each user. End that process to have it on port ${options.port}.\n`);
	return 1;
}

function example(url: string, { isOpen, certificate }: ServeOptions): string {
	const body = JSON.stringify({ prompt: 'def add(a, b):\n', language: 'python' });
	const curl = `curl -N ${certificate === undefined ? '' : `--cacert ${certificate} `}${url}/ -H 'Content-Type: application/json'`;
	if (isOpen) return `${curl} \\\n  -d '${body}'`;
	return `KEY=$(co-clone token --name curl)\n${curl} \\\n  -H "Authorization: Bearer $KEY" \\\n  -d '${body}'`;
}

function parseCommandLine(args: readonly string[]): ServeOptions {
	try {
		const { values, positionals } = parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				...modelOptions,
				...regionsOptions,
				port: { type: 'string' },
				open: { type: 'boolean', default: false },
				'tls-cert': { type: 'string' },
				'tls-key': { type: 'string' },
			},
		});
		const [port = values.port, ...more] = positionals;
		if (more.length > 0) throw new Error('Name one port.');
		const { model, models, 'allow-remote': allowRemote, open: isOpen } = values;
		const { 'tls-cert': certificate, 'tls-key': key } = values;
		const tls = tlsOf(certificate, key);
		return {
			model,
			models,
			allowRemote,
			isOpen,
			tls,
			certificate,
			regions: regionsChoice(values),
			isPortWanted: port !== undefined,
			port: port === undefined ? usualPort : portOf(port),
		};
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function tlsOf(cert: string | undefined, key: string | undefined): Tls | undefined {
	if (cert !== undefined && key !== undefined) return { cert: read(cert), key: read(key) };
	if (cert === undefined && key === undefined) return undefined;
	throw new Error('Name both --tls-cert and --tls-key.');
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new Error(`Cannot read ${file}: ${error instanceof Error ? error.message : error}`);
	}
}

function portOf(text: string): number {
	const port = Number(text);
	if (/^\d+$/.test(text) && port <= 65_535) return port;
	throw new Error(`“${text}” is no port. Ports go from 0 (any that is free) to 65535.`);
}
