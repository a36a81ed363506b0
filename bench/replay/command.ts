import { parseArgs } from 'node:util';
import { policies } from '../policies/policies.ts';
import { type Backend, openModel } from '../real-model.ts';
import { publish } from '../results.ts';
import { foresee } from '../server/foresight.ts';
import { foresight, Oracle } from '../server/oracle.ts';
import { profiles } from '../server/profile.ts';
import type { Tokenizer } from '../server/tokenizer.ts';
import type { Trace } from '../traces/trace.ts';
import { replayReport } from './report.ts';
import { perform, simulate } from './session.ts';
import { judge, type Row } from './targets.ts';
import { readTraces, traceNames } from './traces.ts';
import { readTokenizer } from './vocabulary.ts';

const policyNames = policies.map(({ name }) => name);
const profileNames = profiles.map(({ name }) => name);

export const replayUsage = `  replay  recorded typing through Co-Clone and through the rules of its peers, side by side
      --backend NAME   simulated (default), ollama or embedded; real ones take as long as the typing took
      --keys N         so many keys of each trace (default 1500, with a real backend 60)
      --trace NAMES    of ${traceNames.join(',')} (default all, with a real backend the first)
      --profile NAMES  of ${profileNames.join(',')}: the machine that is simulated
      --policy NAMES   of ${policyNames.join(',')}
      --seed TEXT      of the simulated model's knowledge
      --data DIR       where the traces are (default ../shared/data)
      --out DIR        where the results go (default bench/results)`;

const options = {
	backend: { type: 'string', default: 'simulated' },
	keys: { type: 'string' },
	trace: { type: 'string' },
	profile: { type: 'string', default: profileNames.join(',') },
	policy: { type: 'string', default: policyNames.join(',') },
	seed: { type: 'string', default: '1' },
	data: { type: 'string', default: '../shared/data' },
	out: { type: 'string', default: 'bench/results' },
} as const;

/** In milliseconds. Somebody who has to wait for it does not want to wait for people who think. */
const longestPause = { simulated: 10_000, real: 3000 };

export async function replay(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const backend = backendOf(values.backend);
	const isReal = backend !== 'simulated';
	const names = values.trace?.split(',') ?? (isReal ? traceNames.slice(0, 1) : traceNames);
	const part = { keys: Number(values.keys ?? (isReal ? 60 : 1500)), longestPause: longestPause[isReal ? 'real' : 'simulated'] };
	const tokenizer = await readTokenizer(values.data);
	const traces = await readTraces(names, values.data, part);
	if (!tokenizer || traces.length === 0) {
		console.log(`Skipped: there are no traces in ${values.data}. (--data names another folder.)`);
		return;
	}
	const bench = {
		traces,
		tokenizer,
		policies: policies.filter(({ name }) => values.policy.split(',').includes(name)),
		profiles: profiles.filter(({ name }) => values.profile.split(',').includes(name)),
		seed: values.seed,
	};
	const rows = isReal ? await onRealServer(bench, backend) : await onSimulatedServer(bench);
	const verdicts = judge(rows);
	const name = isReal ? `replay-${backend}` : 'replay';
	const about = isReal ? {} : { foresight };
	await publish(values.out, name, args, { ...about, rows, verdicts }, replayReport(rows, verdicts));
}

interface Bench {
	readonly traces: readonly Trace[];
	readonly tokenizer: Tokenizer;
	readonly policies: typeof policies;
	readonly profiles: typeof profiles;
	readonly seed: string;
}

async function onSimulatedServer({ traces, tokenizer, policies, profiles, seed }: Bench): Promise<Row[]> {
	const rows: Row[] = [];
	for (const trace of traces) {
		const stays = foresee(trace);
		for (const profile of profiles) {
			for (const policy of policies) {
				const oracle = new Oracle({ ...foresight, seed });
				const figures = await simulate({ trace, stays, oracle, profile, policy, tokenizer });
				rows.push({ policy: policy.name, profile: profile.name, trace: trace.name, ...figures });
			}
		}
	}
	return rows;
}

/** Of the two builds of the extension the one that has this server. */
async function onRealServer({ traces, tokenizer, policies }: Bench, backend: Backend): Promise<Row[]> {
	const rows: Row[] = [];
	const { model, close } = await openModel(backend);
	try {
		for (const trace of traces) {
			for (const policy of policies.filter(({ onlyWith }) => (onlyWith ?? backend) === backend)) {
				console.log(`${policy.name}, ${trace.name}, about ${Math.ceil((trace.events.at(-1)?.at ?? 0) / 1000) + 10} s`);
				rows.push({ policy: policy.name, profile: backend, trace: trace.name, ...(await perform({ trace, policy, tokenizer }, model)) });
			}
		}
	} finally {
		await close();
	}
	return rows;
}

function backendOf(name: string): Backend | 'simulated' {
	if (name === 'simulated' || name === 'ollama' || name === 'embedded') return name;
	throw new Error(`There is no backend ${name}. There are simulated, ollama and embedded.`);
}
