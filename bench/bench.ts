import process from 'node:process';
import { footprint, footprintUsage } from './footprint/command.ts';
import { gateway, gatewayUsage } from './gateway/command.ts';
import { index, indexUsage } from './index/command.ts';
import { micro, microUsage } from './micro/command.ts';
import { quality, qualityUsage } from './quality.ts';
import { regions, regionsUsage } from './regions/command.ts';
import { replay, replayUsage } from './replay/command.ts';
import { session, sessionUsage } from './session/command.ts';
import { signatures, signaturesUsage } from './signatures/command.ts';
import { tasks, tasksUsage } from './tasks.ts';

const usage = `Usage: npm run bench -- COMMAND [options]

${replayUsage}

${sessionUsage}

${microUsage}

${footprintUsage}

${indexUsage}

${gatewayUsage}

${regionsUsage}

${signaturesUsage}

${tasksUsage}

${qualityUsage}`;

const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
	replay,
	session,
	micro,
	footprint,
	index,
	gateway,
	regions,
	signatures,
	tasks,
	quality,
};

async function main([name = '', ...args]: string[]): Promise<void> {
	const command = commands[name];
	if (command) return await command(args);
	console.log(usage);
	process.exitCode = name === '' || name === '--help' ? 0 : 2;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.stack : error);
	process.exitCode = 1;
});
