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

interface Command {
	readonly run: (args: string[]) => Promise<void>;
	readonly usage: string;
}

const commands: Readonly<Record<string, Command>> = {
	replay: { run: replay, usage: replayUsage },
	session: { run: session, usage: sessionUsage },
	micro: { run: micro, usage: microUsage },
	footprint: { run: footprint, usage: footprintUsage },
	index: { run: index, usage: indexUsage },
	gateway: { run: gateway, usage: gatewayUsage },
	regions: { run: regions, usage: regionsUsage },
	signatures: { run: signatures, usage: signaturesUsage },
	tasks: { run: tasks, usage: tasksUsage },
	quality: { run: quality, usage: qualityUsage },
};

const help = new Set(['--help', '-h']);

async function main([name = '--help', ...args]: string[]): Promise<void> {
	const command = commands[name];
	if (!command) return explain(Object.values(commands), help.has(name) ? undefined : `There is no command ${name}.`);
	if (args.some((arg) => help.has(arg))) return explain([command]);
	try {
		await command.run(args);
	} catch (error) {
		if (!isMisspelt(error)) throw error;
		// What follows says how to name a file that looks like an option.
		explain([command], `${error.message.split('. ')[0]}.`);
	}
}

function explain(of: readonly Command[], fault?: string): void {
	const usage = `Usage: npm run bench -- COMMAND [options]\n\n${of.map(({ usage }) => usage).join('\n\n')}`;
	console.log(fault === undefined ? usage : `${fault}\n\n${usage}`);
	process.exitCode = fault === undefined ? 0 : 2;
}

/** Whether `parseArgs` does not know what somebody wrote. */
function isMisspelt(error: unknown): error is Error {
	return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.stack : error);
	process.exitCode = 1;
});
