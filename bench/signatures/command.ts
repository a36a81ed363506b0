import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { publish } from '../results.ts';
import { figure, table } from '../table.ts';
import { writeCorpus } from './corpus.ts';
import { measure, type SignatureFigures } from './measure.ts';

export const signaturesUsage = `  signatures  how long it takes from a changed signature to the plan for all its callers
      --files N        TypeScript files (default 1000)
      --calls N        calls of the function (default 2000)
      --out DIR        where the results go (default bench/results)`;

const options = {
	files: { type: 'string', default: '1000' },
	calls: { type: 'string', default: '2000' },
	out: { type: 'string', default: 'bench/results' },
} as const;

type Row = readonly [what: string, of: (figures: SignatureFigures) => number, digits: number, most?: number];

const rows: readonly Row[] = [
	['a keystroke in a signature, p95', ({ keystrokeMs }) => keystrokeMs, 2, 5],
	['first number of callers after resting', ({ firstMs }) => firstMs, 0, 500],
	['all callers planned', ({ allMs }) => allMs, 0, 3000],
	['processor time of that', ({ allCpuMs }) => allCpuMs, 0],
	['all callers planned, for the next parameter', ({ againMs }) => againMs, 0, 3000],
	['longest block of the extension host', ({ blockedMs }) => blockedMs, 1, 50],
];

export async function signatures(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const root = await mkdtemp(join(tmpdir(), 'co-clone-signatures-'));
	try {
		const corpus = await writeCorpus(root, Number(values.files), Number(values.calls));
		const figures = await measure(root);
		const cells = rows.map(([what, of, digits, most]) => [
			what,
			`${figure(of(figures), digits)} ms`,
			most === undefined ? '' : `≤ ${most} ms ${of(figures) <= most ? 'pass' : 'MISS'}`,
		]);
		const title = `${corpus.files} files, ${corpus.calls} calls, ${figures.dependents} dependents found.`;
		await publish(values.out, 'signatures', args, { corpus, figures }, `${title}\n\n${table(['what', 'taken', 'target'], cells)}`);
	} finally {
		await rm(root, { recursive: true, force: true });
	}
}
