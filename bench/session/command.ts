import process from 'node:process';
import { parseArgs } from 'node:util';
import { withEmbeddedEngine, withOllama } from '../policies/co-clone.ts';
import type { Figures } from '../replay/meter.ts';
import { simulate } from '../replay/session.ts';
import { readTraces, traceNames } from '../replay/traces.ts';
import { readTokenizer } from '../replay/vocabulary.ts';
import { publish } from '../results.ts';
import { foresee } from '../server/foresight.ts';
import { foresight, Oracle } from '../server/oracle.ts';
import { profiles } from '../server/profile.ts';
import { figure, table } from '../table.ts';
import { type HeapUse, HeapWatch, isFlat } from './heap.ts';

export const sessionUsage = `  session  a whole recorded session through Co-Clone alone; fails when anything is shown that is out of date or flickers
      --trace NAME     of ${traceNames.join(',')} (default ${traceNames[0]}, 92 minutes)
      --seed TEXT      of the simulated model's knowledge
      --data DIR       where the traces are (default ../shared/data)
      --out DIR        where the results go (default bench/results)`;

const options = {
	trace: { type: 'string', default: traceNames[0] ?? '' },
	seed: { type: 'string', default: '1' },
	data: { type: 'string', default: '../shared/data' },
	out: { type: 'string', default: 'bench/results' },
} as const;

/** What must not happen even once. */
const faults = ['stale', 'flicker', 'rejections', 'failed', 'open'] as const;

interface Row extends Figures {
	readonly policy: string;
	readonly profile: string;
	readonly rejections: number;
	readonly heap: HeapUse;
}

export async function session(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const tokenizer = await readTokenizer(values.data);
	const [trace] = await readTraces([values.trace], values.data, { keys: Number.POSITIVE_INFINITY, longestPause: Number.POSITIVE_INFINITY });
	if (!tokenizer || !trace) {
		console.log(`Skipped: there is no trace ${values.trace} in ${values.data}. (--data names another folder.)`);
		return;
	}
	const stays = foresee(trace);
	const rows: Row[] = [];
	for (const policy of [withOllama, withEmbeddedEngine]) {
		for (const profile of profiles) {
			const oracle = new Oracle({ ...foresight, seed: values.seed });
			const simulation = { trace, stays, oracle, profile, policy, tokenizer };
			// What the bench remembers of texts is all there then, and does not grow when it is done once more.
			await simulate(simulation);
			const heap = new HeapWatch(trace.events.length);
			const passed = (index: number) => heap.passed(index);
			const { result, rejections } = await withRejections(() => simulate({ ...simulation, passed }));
			rows.push({ policy: policy.name, profile: profile.name, ...result, rejections, heap: heap.use });
		}
	}
	const faulty = rows.filter((row) => faults.some((fault) => row[fault] > 0));
	const minutes = Math.round((trace.events.at(-1)?.at ?? 0) / 60_000);
	await publish(values.out, 'session', args, { trace: trace.name, minutes, rows }, report(rows, minutes));
	if (faulty.length === 0) return;
	console.error(`Not as it must be: ${faulty.map(({ policy, profile }) => `${policy}, ${profile}`).join('; ')}.`);
	process.exitCode = 1;
}

/** Counts the promises that fail meanwhile with nobody to hear of it. */
async function withRejections<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly rejections: number }> {
	let rejections = 0;
	const count = (reason: unknown) => {
		rejections++;
		console.error(reason);
	};
	process.on('unhandledRejection', count);
	try {
		return { result: await work(), rejections };
	} finally {
		process.off('unhandledRejection', count);
	}
}

const columns: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
	['policy', ({ policy, profile }) => `${policy}, ${profile}`],
	['keys', ({ keys }) => figure(keys)],
	['shown', ({ shown }) => figure(shown)],
	...faults.map((fault) => [fault, (row: Row) => figure(row[fault])] as const),
	['heap MB: start', ({ heap }) => figure(heap.start, 1)],
	...['1st', '2nd', '3rd', '4th'].map((title, quarter) => [title, ({ heap }: Row) => figure(heap.quarters[quarter] ?? null, 1)] as const),
	['end', ({ heap }) => figure(heap.end, 1)],
	['', ({ heap }) => (isFlat(heap) ? 'flat' : 'GROWS')],
];

function report(rows: readonly Row[], minutes: number): string {
	const head = columns.map(([title]) => title);
	const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
	return `${minutes} minutes of typing, with all pauses.

${table(head, cells)}

Stale: texts that are not what the model said about what stands before the cursor, or replace more than closers. Flicker: texts that go or
change within 500 ms although nobody did anything against them. Rejections: promises that failed with nobody to hear of it. Failed: requests
that the server did not answer. Open: requests that are not over ten seconds after the last key.
None of these may happen. Heap: megabytes after garbage collection, the bench's own included, at the start, as the median of each quarter, and at the end; flat: the
last quarter has at most 2 MB or 5 % more than the second.`;
}
