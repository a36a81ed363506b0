import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { describe, thisMachine } from '../machine.ts';
import { policies } from '../policies/policies.ts';
import { foresee } from '../server/foresight.ts';
import { Oracle } from '../server/oracle.ts';
import { profiles } from '../server/profile.ts';
import { template } from '../server/simulated-model.ts';
import { BytePairTokenizer, readVocabulary } from '../server/tokenizer.ts';
import type { Trace } from '../traces/trace.ts';
import { replayReport } from './report.ts';
import { simulate } from './session.ts';
import { judge, type Row } from './targets.ts';
import { readTraces, traceNames } from './traces.ts';

const policyNames = policies.map(({ name }) => name);
const profileNames = profiles.map(({ name }) => name);

export const replayUsage = `  replay  human typing, replayed through Co-Clone and the rules of its peers on a simulated server
      --keys N         so many keys of each trace (default 1500)
      --trace NAMES    of ${traceNames.join(',')}
      --profile NAMES  of ${profileNames.join(',')}
      --policy NAMES   of ${policyNames.join(',')}
      --seed TEXT      of the model's knowledge
      --data DIR       where the traces are (default ../shared/data)
      --out DIR        where the results go (default bench/results)`;

const options = {
	keys: { type: 'string', default: '1500' },
	trace: { type: 'string', default: traceNames.join(',') },
	profile: { type: 'string', default: profileNames.join(',') },
	policy: { type: 'string', default: policyNames.join(',') },
	seed: { type: 'string', default: '1' },
	data: { type: 'string', default: '../shared/data' },
	out: { type: 'string', default: 'bench/results' },
} as const;

/** How much of what is going to be typed the model knows: first lines are then as often right as those of a real one with 0.5B. */
const foresight = { knows: 0.75, silent: 0.5 };

export async function replay(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const vocabulary = join(values.data, 'tokenizer', 'ggml-vocab-deepseek-coder.gguf');
	const traces = existsSync(vocabulary) ? await readTraces(values.trace.split(','), values.data, Number(values.keys)) : [];
	if (traces.length === 0) {
		console.log(`Skipped: there are no traces in ${values.data}. (--data names another folder.)`);
		return;
	}
	const started = performance.now();
	const tokenizer = new BytePairTokenizer(await readVocabulary(vocabulary), template.specialTokens);
	const rows: Row[] = [];
	for (const trace of traces) {
		const stays = foresee(trace);
		for (const profile of profiles.filter(({ name }) => values.profile.split(',').includes(name))) {
			for (const policy of policies.filter(({ name }) => values.policy.split(',').includes(name))) {
				const oracle = new Oracle({ ...foresight, seed: values.seed });
				const figures = await simulate({ trace, stays, oracle, profile, policy, tokenizer });
				rows.push({ policy: policy.name, profile: profile.name, trace: trace.name, ...figures });
			}
		}
	}
	await write(values.out, args, traces, rows);
	console.log(`\n${Math.round((performance.now() - started) / 1000)} s`);
}

async function write(folder: string, args: readonly string[], traces: readonly Trace[], rows: readonly Row[]): Promise<void> {
	const machine = thisMachine();
	const command = ['npm run bench -- replay', ...args].join(' ');
	const verdicts = judge(rows);
	const report = `# Replay\n\n\`${command}\` on ${describe(machine)}\n\n${replayReport(rows, verdicts)}\n`;
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'replay.json'), `${JSON.stringify({ command, machine, foresight, rows, verdicts }, undefined, '\t')}\n`);
	await writeFile(join(folder, 'replay.md'), report);
	console.log(report);
	console.log(`${traces.length} traces, ${rows.length} sessions. Written to ${join(process.cwd(), folder)}.`);
}
