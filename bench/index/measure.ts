import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import process from 'node:process';
import { Folder } from '../../src/context/index/folder.ts';
import { type IndexEvent, WorkerIndex } from '../../src/context/worker-index.ts';
import { seededRandom } from '../random.ts';
import { Lateness } from './lateness.ts';

/** What an index of a folder takes. Times in milliseconds. */
export interface IndexFigures {
	readonly files: number;
	readonly megabytes: number;
	readonly chunks: number;
	readonly leftOut: number;
	readonly firstMs: number;
	/** What it would be on a machine that does nothing else. */
	readonly firstCpuMs: number;
	/** Growth of the process, at the end and at most. */
	readonly memoryMb: number;
	readonly peakMb: number;
	readonly lateMs: number;
	readonly progressReports: number;
	readonly queryMs: number;
	readonly queryInWorkerMs: number;
	readonly definitionsMs: number;
	readonly updateMs: number;
	readonly seenMs: number;
	readonly diskMb: number;
	readonly answersMs: number;
	readonly restartMs: number;
}

const samples = 1000;
const mostBytes = 150_000_000;
const never = new AbortController().signal;

/** Indexes a folder in a worker, asks, edits, ends and starts again. */
export async function measure(root: string, cache: string): Promise<IndexFigures> {
	const names = (await readdir(root, { recursive: true })).map((name) => name.split(sep).join('/')).filter((name) => /\.\w+$/.test(name));
	const texts = await someTexts(root, names);
	global.gc?.();
	const before = process.memoryUsage().rss;
	let peak = before;
	const watching = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage().rss);
	}, 20);
	const lateness = new Lateness();
	const cpu = process.cpuUsage();
	const first = await started(root, cache);
	const { user, system } = process.cpuUsage(cpu);
	const lateMs = lateness.end(0.99);
	clearInterval(watching);
	const afterwards = process.memoryUsage().rss;
	const queries = texts.map(({ path, text }, i) => ({
		path,
		text: text.slice((i * 977) % Math.max(1, text.length - 1200)).slice(0, 1200),
		limit: 8,
	}));
	const queryMs = await p95(queries, (query) => first.index.search(query, never));
	const definitionsMs = await p95(queries, ({ text, path }) => first.index.definitions(namesIn(text), path, never));
	const seenMs = await timeUntilSeen(first.index, root, names[0] ?? '');
	await first.index.close();
	const again = await started(root, cache);
	await again.index.close();
	const inside = await inProcess(root, cache, queries, texts);
	const { ready } = first;
	return {
		files: ready.files,
		megabytes: (await Promise.all(names.map((name) => stat(join(root, name))))).reduce((sum, { size }) => sum + size, 0) / 1e6,
		chunks: ready.chunks,
		leftOut: ready.leftOut,
		firstMs: first.readyMs,
		firstCpuMs: (user + system) / 1000,
		memoryMb: (afterwards - before) / 1e6,
		peakMb: (peak - before) / 1e6,
		lateMs,
		progressReports: first.progressReports,
		queryMs,
		definitionsMs,
		seenMs,
		answersMs: again.answersMs,
		restartMs: again.readyMs,
		...inside,
	};
}

async function someTexts(root: string, names: readonly string[]): Promise<{ readonly path: string; readonly text: string }[]> {
	const random = seededRandom(1);
	const chosen = Array.from({ length: samples }, () => names[Math.floor(random() * names.length)] ?? '');
	return await Promise.all(chosen.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
}

/** Until everything is read, and until it first finds anything. */
async function started(root: string, cache: string) {
	const began = performance.now();
	let progressReports = 0;
	let onReady = (_: Extract<IndexEvent, { kind: 'ready' }>) => {};
	const finished = new Promise<Extract<IndexEvent, { kind: 'ready' }>>((resolve) => {
		onReady = resolve;
	});
	const onEvent = (event: IndexEvent) => {
		if (event.kind === 'progress') progressReports++;
		else if (event.kind === 'ready') onReady(event);
		else throw new Error(event.message);
	};
	const index = new WorkerIndex({
		script: resolve('out', 'bench', 'index-worker.cjs'),
		cache,
		mostBytes,
		onEvent,
		limits: { answer: 60_000 },
	});
	index.setFolders([{ root, name: 'corpus', exclude: [] }]);
	await index.search({ text: 'request handler', path: '', limit: 1 }, never);
	const answersMs = performance.now() - began;
	const ready = await finished;
	return { index, ready, readyMs: performance.now() - began, answersMs, progressReports };
}

/** From an edit to the first answer that knows it, with all that is between. */
async function timeUntilSeen(index: WorkerIndex, root: string, path: string): Promise<number> {
	return await p95(
		Array.from({ length: 50 }, (_, i) => `walrus${String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26))}`),
		async (word) => {
			index.take([{ kind: 'changed', file: join(root, path), text: `function ${word}() {}\n` }]);
			while ((await index.search({ text: word, path: '', limit: 1 }, never)).length === 0);
		},
	);
}

/** The same without the way to the worker and back, and what an edit takes there. */
async function inProcess(
	root: string,
	cache: string,
	queries: readonly { path: string; text: string }[],
	texts: readonly { path: string; text: string }[],
) {
	const [file = ''] = await readdir(cache);
	const diskMb = (await stat(join(cache, file))).size / 1e6;
	const folder = new Folder(root, [], [], mostBytes);
	folder.load(join(cache, file));
	const queryInWorkerMs = p95OfWork(queries, ({ text, path }) => folder.search(text, path, 8));
	const updateMs = p95OfWork(texts, ({ path, text }) => folder.changed(path, `${text}\nconst edited = true;\n`));
	return { diskMb, queryInWorkerMs, updateMs };
}

function namesIn(text: string): string[] {
	return [...new Set(text.match(/\b[A-Za-z_]\w{3,}\b/g))].slice(0, 12);
}

/** Of processor time: what else the machine does has nothing to do with it. */
function p95OfWork<T>(inputs: readonly T[], work: (input: T) => unknown): number {
	const taken = inputs.map((input) => {
		const started = process.cpuUsage();
		work(input);
		const { user, system } = process.cpuUsage(started);
		return (user + system) / 1000;
	});
	return taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.95)] ?? Number.NaN;
}

async function p95<T>(inputs: readonly T[], work: (input: T) => unknown): Promise<number> {
	const taken: number[] = [];
	for (const input of inputs) {
		const started = performance.now();
		await work(input);
		taken.push(performance.now() - started);
	}
	return taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.95)] ?? Number.NaN;
}
