import { parseArgs } from 'node:util';
import { failure } from '../completion/failure.ts';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import { type ExitStatus, reportNothing, type Streams } from './streams.ts';
import { understood } from './usage.ts';

/** What a check of a model found. */
interface Report {
	readonly model: string;
	readonly family: string;
	readonly checks: readonly { readonly claim: string; readonly holds: boolean; readonly detail: string }[];
}

/** Rejects when the model cannot be asked at all. */
export type Check = (choice: ModelChoice, signal: AbortSignal) => Promise<Report>;

/** `co-clone check …`: whether a model does what completions depend on. */
export async function checkCommand(args: readonly string[], streams: Streams, check: Check, signal: AbortSignal): Promise<ExitStatus> {
	const { json, model, models, 'allow-remote': allowRemote } = parseCommandLine(args);
	try {
		const report = await check({ model, models, allowRemote }, signal);
		streams.output.write(`${json ? JSON.stringify(report, undefined, 2) : describe(report)}\n`);
		return report.checks.every(({ holds }) => holds) ? 0 : 1;
	} catch (error) {
		return reportNothing(signal.aborted ? { reason: 'cancelled' } : failure(error), model, streams);
	}
}

function parseCommandLine(args: readonly string[]) {
	return understood(() => parseArgs({ args: [...args], options: { ...modelOptions, json: { type: 'boolean', default: false } } }).values);
}

function describe({ model, family, checks }: Report): string {
	return [`${model} (${family})`, ...checks.map(({ claim, holds, detail }) => `${holds ? '✓' : '✗'} ${claim} (${detail})`)].join('\n');
}
