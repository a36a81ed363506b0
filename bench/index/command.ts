import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs, promisify } from 'node:util';
import { publish } from '../results.ts';
import { figure, table } from '../table.ts';
import { corpus, largeCorpus } from './corpus.ts';
import { compareLibraries, measureLibrary } from './libraries.ts';
import { type IndexFigures, measure } from './measure.ts';

export const indexUsage = `  index   how long the index of a codebase takes, how large it is, how fast it answers
      --folder DIR     index this instead of 5,000 files of published packages
      --large          100,000 files as well (700 MB on the disk)
      --libraries      search libraries as well, which are fetched for it
      --cache DIR      where the files are kept (default .cache/bench)
      --out DIR        where the results go (default bench/results)`;

const options = {
	folder: { type: 'string' },
	large: { type: 'boolean', default: false },
	libraries: { type: 'boolean', default: false },
	cache: { type: 'string', default: '.cache/bench' },
	out: { type: 'string', default: 'bench/results' },
	/** For itself: what is measured in a process of its own. */
	measure: { type: 'string' },
	library: { type: 'string' },
} as const;

type Row = readonly [what: string, of: (figures: IndexFigures) => number, unit: string, digits: number, most?: number];

const rows: readonly Row[] = [
	['files', ({ files }) => files, '', 0],
	['size', ({ megabytes }) => megabytes, 'MB', 1],
	['chunks', ({ chunks }) => chunks, '', 0],
	['files left out', ({ leftOut }) => leftOut, '', 0],
	['first index', ({ firstMs }) => firstMs, 'ms', 0, 4000],
	['processor time of it', ({ firstCpuMs }) => firstCpuMs, 'ms', 0],
	['growth of the process, thread included', ({ memoryMb }) => memoryMb, 'MB', 0, 80],
	['at most, meanwhile', ({ peakMb }) => peakMb, 'MB', 0],
	['event loop late meanwhile, p99', ({ lateMs }) => lateMs, 'ms', 1, 10],
	['progress reports', ({ progressReports }) => progressReports, '', 0],
	['query in the thread, snippets read, p95', ({ queryInWorkerMs }) => queryInWorkerMs, 'ms', 2, 1],
	['query from the editor and back, p95', ({ queryMs }) => queryMs, 'ms', 2],
	['12 names defined elsewhere, from the editor and back, p95', ({ definitionsMs }) => definitionsMs, 'ms', 2],
	['update after an edit, p95', ({ updateMs }) => updateMs, 'ms', 2, 5],
	['from an edit to an answer that knows it, p95', ({ seenMs }) => seenMs, 'ms', 1],
	['on the disk', ({ diskMb }) => diskMb, 'MB', 1],
	['restart until it answers', ({ answersMs }) => answersMs, 'ms', 0, 300],
	['restart until every file is compared', ({ restartMs }) => restartMs, 'ms', 0],
];

export async function index(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	if (values.measure !== undefined) return console.log(JSON.stringify(await inEmptyCache(values.measure)));
	await mkdir(values.cache, { recursive: true });
	const usual = resolve(values.folder ?? (await corpus(values.cache)));
	if (values.library !== undefined) return console.log(JSON.stringify(await measureLibrary(values.library, usual, values.cache)));
	const folders = values.large ? [usual, resolve(await largeCorpus(usual, values.cache))] : [usual];
	const figures: IndexFigures[] = [];
	for (const folder of folders) figures.push(await inProcessOfItsOwn(folder));
	const libraries = values.libraries ? await compareLibraries(usual, values.cache) : '';
	const cells = rows.map(([what, of, unit, digits, most]) => [
		what,
		...figures.map((one) => `${figure(of(one), digits)} ${unit}`.trim()),
		most === undefined || !figures[0] ? '' : `≤ ${most} ${of(figures[0]) <= most ? 'pass' : 'MISS'}`,
	]);
	const head = ['what', ...figures.map(({ files }) => `${files} files`), 'target'];
	await publish(values.out, 'index', args, { figures }, [table(head, cells), libraries].filter(Boolean).join('\n\n'));
}

async function inProcessOfItsOwn(folder: string): Promise<IndexFigures> {
	const args = ['--expose-gc', process.argv[1] ?? '', 'index', '--measure', folder];
	const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
	return JSON.parse(stdout);
}

async function inEmptyCache(folder: string): Promise<IndexFigures> {
	const cache = await mkdtemp(join(tmpdir(), 'co-clone-index-'));
	try {
		return await measure(folder, cache);
	} finally {
		await rm(cache, { recursive: true, force: true });
	}
}
