import { parseArgs } from 'node:util';
import { type Announcement, askGateway, findGateway } from '../gateway/access/discovery.ts';
import { type GatewayStatus, statusPath } from '../gateway/access/wire-status.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

/** `co-clone status`: whether a gateway of this user answers, where, with which model, and how much went through it. */
export async function statusCommand(args: readonly string[], { output, error }: Streams, folder: string): Promise<ExitStatus> {
	const isJson = parseCommandLine(args).json;
	const at = await findGateway(folder);
	if (!at) {
		if (isJson) output.write('null\n');
		error.write('No gateway of yours answers. Start one: co-clone serve.\n');
		return 1;
	}
	const { url, pid, startedAt } = at;
	const status = await ask(at);
	output.write(isJson ? `${JSON.stringify({ url, pid, startedAt, ...status }, undefined, 2)}\n` : describe(at, status));
	return 0;
}

async function ask(at: Announcement): Promise<GatewayStatus> {
	const { status, text } = await askGateway(at, 'GET', statusPath);
	if (status !== 200) throw new Error(`The gateway at ${at.url} does not say how it is (${status}). It may be of another version.`);
	return JSON.parse(text);
}

function describe({ url, pid, startedAt }: Announcement, { model, problem, requests, running, failed, isOpen }: GatewayStatus): string {
	return [
		`Co-Clone answers at ${url} (process ${pid}, since ${startedAt}).`,
		`model     ${model ?? `none: ${problem}`}`,
		`requests  ${requests}, of which ${running} are running and ${failed} were refused or failed`,
		...(isOpen ? ['access    anybody on this machine (--open)'] : []),
		'',
	].join('\n');
}

function parseCommandLine(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } }).values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}
