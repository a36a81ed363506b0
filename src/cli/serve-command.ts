import type { OneGateway } from '../gateway/access/one-gateway.ts';
import type { Device } from '../gateway/access/pairing.ts';
import { playgroundLink } from '../gateway/playground/link.ts';
import { type Decide, Doorman } from './doorman.ts';
import { type ServeOptions, serveOptions } from './serve-options.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

/**
 * Calls `onDevice` for each device that wants to be let in.
 * @throws where the port cannot be had
 */
export type Serve = (options: ServeOptions, onDevice: (device: Device, decide: Decide) => void) => Promise<OneGateway>;

/** `co-clone serve …`: answers other programs until it is interrupted. */
export async function serveCommand(args: readonly string[], streams: Streams, serve: Serve, signal: AbortSignal): Promise<ExitStatus> {
	const options = serveOptions(args);
	using doorman = new Doorman(streams);
	await using served = await start(options, (wanted) => serve(wanted, (device, decide) => doorman.ask(device, decide)));
	if (!served.isOurs) return reportOther(served, options, streams);
	const { url } = served.at;
	if (options.isOpen) streams.error.write(`Every user and every program on this machine can use this gateway without a key (--open).\n`);
	if (options.logLevel === 'trace')
		streams.error.write('The log has your code, all that the model is asked and answers (--log-level trace).\n');
	const link = await playgroundLink(served.at);
	const playground = link === undefined ? '' : `Try it in a browser, with this link, which works once:\n${link}\n\n`;
	streams.output.write(`Co-Clone answers at ${url}. End it with Ctrl+C.\n\n${playground}${example(url, options)}\n`);
	await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
	return 0;
}

async function start(options: ServeOptions, serve: (options: ServeOptions) => Promise<OneGateway>): Promise<OneGateway> {
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
async function reportOther({ at }: OneGateway, options: ServeOptions, { output, error }: Streams): Promise<ExitStatus> {
	const { url, port, pid } = at;
	output.write(`Co-Clone answers at ${url} already (process ${pid}). “co-clone status” says more.\n`);
	const link = await playgroundLink(at);
	if (link !== undefined) output.write(`Try it in a browser, with this link, which works once:\n${link}\n`);
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
