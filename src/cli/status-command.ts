import { parseArgs } from 'node:util';
import { type Announcement, askGateway, findGateway } from '../gateway/access/discovery.ts';
import { type GatewayStatus, statusPath } from '../gateway/access/wire-status.ts';
import { playgroundLink } from '../gateway/playground/link.ts';
import { type RegionStatus, type RegionsStatus, regionsPath } from '../regions/wire-regions.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { understood } from './usage.ts';

/** `co-clone status`: whether a gateway of this user answers, where, with which model, and how much went through it. */
export async function statusCommand(args: readonly string[], { output, error }: Streams, folder: string): Promise<ExitStatus> {
	const { json: isJson, regions: wantsRegions } = parseCommandLine(args);
	const at = await findGateway(folder);
	if (!at) {
		if (isJson) output.write('null\n');
		error.write('No gateway of yours answers. Start one: co-clone serve.\n');
		return 1;
	}
	if (wantsRegions) return regionsStatus(at, isJson, { output, error });
	const { url, pid, startedAt } = at;
	const status = await ask(at);
	output.write(isJson ? `${JSON.stringify({ url, pid, startedAt, ...status }, undefined, 2)}\n` : describe(at, status));
	return 0;
}

/** What a gateway that passes requests on knows of its regions. */
async function regionsStatus(at: Announcement, isJson: boolean, { output, error }: Pick<Streams, 'output' | 'error'>): Promise<ExitStatus> {
	const { status, text } = await askGateway(at, 'GET', regionsPath);
	if (status !== 200) {
		error.write(`The gateway at ${at.url} has no regions. Start one that has: co-clone serve --regions FILE, or --multi-region.\n`);
		return 1;
	}
	const said: RegionsStatus = JSON.parse(text);
	if (isJson) output.write(`${JSON.stringify(said, undefined, 2)}\n`);
	else
		output.write(
			`${regionsTable(said.regions)}${eventLines(said.events)}\nLive in a browser, with this link, which works once:\n${await playgroundLink(at, '/regions')}\n`,
		);
	return 0;
}

function regionsTable(regions: readonly RegionStatus[]): string {
	const all = regions.reduce((sum, { answers }) => sum + answers, 0);
	const rows = regions.map(({ name, problem, breaker, latencyMs, pending, room, answers }) => [
		name,
		problem === null ? 'up' : 'down',
		breaker,
		`${latencyMs} ms`,
		String(pending),
		room ? `${Math.max(0, room.slots - room.running)} of ${room.slots}` : '',
		all > 0 ? `${Math.round((100 * answers) / all)} %` : '',
	]);
	const table = [['region', 'health', 'breaker', 'first token', 'under way', 'free slots', 'of the last minute'], ...rows];
	const widths = [0, 1, 2, 3, 4, 5, 6].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
	const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
	return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function eventLines(events: RegionsStatus['events']): string {
	const lines = events.slice(0, 5).map(({ at, region, what }) => `${at}  ${region} ${what}\n`);
	return lines.length > 0 ? `\n${lines.join('')}` : '';
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
	return understood(
		() =>
			parseArgs({
				args: [...args],
				options: { json: { type: 'boolean', default: false }, regions: { type: 'boolean', default: false } },
			}).values,
	);
}
