import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs, promisify } from 'node:util';
import { publish } from '../results.ts';
import { figure, table } from '../table.ts';
import { growth } from './flat.ts';

export const footprintUsage = `  footprint  what the extension weighs: on disk, when it starts, and in memory
      --data DIR       where the traces are (default ../shared/data)
      --out DIR        where the results go (default bench/results)`;

const options = {
	data: { type: 'string', default: '../shared/data' },
	out: { type: 'string', default: 'bench/results' },
} as const;

/** Processes that are started for it, one after the other. */
const starts = 15;

interface Start {
	readonly loadMs: number;
	readonly activateMs: number;
	readonly heapBytes: number;
	readonly residentBytes: number;
}

interface Weight {
	readonly name: string;
	readonly value: number;
	readonly unit: 'kB' | 'ms' | 'MB';
	readonly most?: number;
}

/** The bundle is the one in `dist/`, which `scripts/bench.mjs` has built for production. */
export async function footprint(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const bundle = resolve('dist', 'extension.cjs');
	const started = await startOften(bundle);
	const median = (of: (start: Start) => number) => started.map(of).toSorted((a, b) => a - b)[started.length >> 1] ?? Number.NaN;
	const weights: Weight[] = [
		{ name: 'extension.cjs', value: await kilobytes(bundle), unit: 'kB', most: 300 },
		{ name: 'engine.cjs, in its own process', value: await kilobytes(resolve('dist', 'engine.cjs')), unit: 'kB' },
		{ name: 'loading', value: median(({ loadMs }) => loadMs), unit: 'ms' },
		{ name: 'activate()', value: median(({ activateMs }) => activateMs), unit: 'ms' },
		{ name: 'loading and activate()', value: median(({ loadMs, activateMs }) => loadMs + activateMs), unit: 'ms', most: 30 },
		{ name: 'the fastest of them', value: Math.min(...started.map(({ loadMs, activateMs }) => loadMs + activateMs)), unit: 'ms' },
		{ name: 'JavaScript memory once it is active', value: median(({ heapBytes }) => heapBytes) / 1e6, unit: 'MB', most: 25 },
		{ name: 'growth of the process', value: median(({ residentBytes }) => residentBytes) / 1e6, unit: 'MB', most: 25 },
	];
	const grown = await growth(values.data);
	if (grown !== undefined) weights.push({ name: 'growth while 1,500 keys are typed twice more', value: grown / 1e6, unit: 'MB', most: 1 });
	const rows = weights.map(({ name, value, unit, most }) => [name, `${figure(value, 1)} ${unit}`, verdict(value, most)]);
	const note = `Medians of ${starts} starts, each in a process of its own, with something that stands in for VS Code's API.`;
	await publish(values.out, 'footprint', args, { weights }, `${note}\n\n${table(['what', 'weight', 'target'], rows)}`);
}

function verdict(value: number, most: number | undefined): string {
	return most === undefined ? '' : `≤ ${most} ${value <= most ? 'pass' : 'MISS'}`;
}

/** In a folder where the module `vscode` is found. */
async function startOften(bundle: string): Promise<Start[]> {
	const folder = await mkdtemp(join(tmpdir(), 'co-clone-footprint-'));
	try {
		const module = join(folder, 'node_modules', 'vscode');
		const extension = join(folder, 'dist', 'extension.cjs');
		await mkdir(module, { recursive: true });
		await mkdir(join(folder, 'dist'));
		await copyFile(resolve('out', 'bench', 'any-vscode.cjs'), join(module, 'index.js'));
		await copyFile(resolve('out', 'bench', 'probe.cjs'), join(folder, 'probe.cjs'));
		await copyFile(bundle, extension);
		const found: Start[] = [];
		for (let i = 0; i < starts; i++) found.push(await startOnce(join(folder, 'probe.cjs'), extension));
		return found;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function startOnce(probe: string, extension: string): Promise<Start> {
	const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', probe, extension]);
	return JSON.parse(stdout);
}

async function kilobytes(path: string): Promise<number> {
	return (await stat(path)).size / 1000;
}
