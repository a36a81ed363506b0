import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chunksOf } from '../../src/context/index/chunks.ts';
import { FolderIndex } from '../../src/context/index/folder-index.ts';
import { figure, table } from '../table.ts';

const versions = { minisearch: '7.2.0', flexsearch: '0.8.212', '@orama/orama': '3.1.18' };

/** A library behind one face: chunks go in by a number, and those like a text come out. */
interface Library {
	add(id: number, text: string): unknown;
	search(text: string): unknown;
	/** How many bytes it takes to keep; undefined where that takes more memory than there is. */
	saved(): number | undefined;
}

interface LibraryFigures {
	readonly name: string;
	readonly buildMs: number;
	readonly memoryMb: number;
	readonly queryMs: number;
	readonly savedMb: number | undefined;
}

/** Of the files one in so many: with all of them two of the libraries take minutes. */
const share = 8;

const names = ['our own', 'minisearch', 'flexsearch', '@orama/orama'] as const;

/** The same chunks and the same queries for all, each library in a process of its own. */
export async function compareLibraries(folder: string, cache: string): Promise<string> {
	const modules = resolve(cache, 'index-libraries');
	if (!existsSync(modules)) {
		await mkdir(modules, { recursive: true });
		const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
		await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--prefix', modules, ...wanted], {
			shell: process.platform === 'win32',
		});
	}
	const rows: string[][] = [];
	for (const name of names) {
		const args = [
			'--expose-gc',
			'--max-old-space-size=4096',
			process.argv[1] ?? '',
			'index',
			'--library',
			name,
			'--folder',
			folder,
			'--cache',
			cache,
		];
		const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
		const { buildMs, memoryMb, queryMs, savedMb }: LibraryFigures = JSON.parse(stdout);
		rows.push([
			name,
			`${figure(buildMs)} ms`,
			`${figure(memoryMb)} MB`,
			`${figure(queryMs, 2)} ms`,
			savedMb === undefined ? '–' : `${figure(savedMb, 1)} MB`,
		]);
	}
	return `Search alone, in processor time, with the texts of the chunks in memory and an eighth of the files:\n\n${table(['library', 'build', 'memory', 'query p95', 'saved'], rows)}`;
}

/** One of them, in this process. */
export async function measureLibrary(name: string, folder: string, cache: string): Promise<LibraryFigures> {
	const names = (await readdir(folder, { recursive: true })).filter((file) => /\.\w+$/.test(file)).toSorted();
	const files = names.filter((_, i) => i % share === 0);
	const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
	const chunks = texts.flatMap((text) => chunksOf(text).map(({ from, to }) => text.slice(from, to)));
	const library = makeLibrary(name, createRequire(resolve(cache, 'index-libraries', 'x.js')));
	await settled();
	const before = process.memoryUsage();
	const build = process.cpuUsage();
	for (const [id, chunk] of chunks.entries()) await library.add(id, chunk);
	const buildMs = processorMs(build);
	await settled();
	const after = process.memoryUsage();
	const taken: number[] = [];
	for (let i = 0; i < 200; i++) {
		const chunk = chunks[(i * 7919) % chunks.length] ?? '';
		const asked = process.cpuUsage();
		await library.search(chunk);
		taken.push(processorMs(asked));
	}
	const bytes = library.saved();
	return {
		name,
		buildMs,
		memoryMb: (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6,
		queryMs: taken.toSorted((a, b) => a - b)[190] ?? Number.NaN,
		savedMb: bytes === undefined ? undefined : bytes / 1e6,
	};
}

/** What was read is let go of a moment later. */
async function settled(): Promise<void> {
	for (let i = 0; i < 3; i++) {
		global.gc?.();
		await delay(50);
	}
}

function processorMs(since: NodeJS.CpuUsage): number {
	const { user, system } = process.cpuUsage(since);
	return (user + system) / 1000;
}

function makeLibrary(name: string, load: NodeJS.Require): Library {
	if (name === 'minisearch') {
		const MiniSearch = load('minisearch');
		const index = new MiniSearch({ fields: ['text'], tokenize: wordsOf });
		return {
			add: (id, text) => index.add({ id, text }),
			search: (text) => index.search(text, { combineWith: 'OR' }).slice(0, 8),
			saved: () => Buffer.byteLength(JSON.stringify(index)),
		};
	}
	if (name === 'flexsearch') {
		const { Index } = load('flexsearch');
		const index = new Index({ tokenize: 'strict', encode: wordsOf });
		return {
			add: (id, text) => index.add(id, text),
			search: (text) => index.search(text, { limit: 8, suggest: true }),
			saved: () => undefined,
		};
	}
	if (name === '@orama/orama') {
		const { create, insert, search } = load('@orama/orama');
		const tokenizer = { language: 'english', normalizationCache: new Map(), tokenize: wordsOf };
		const index = create({ schema: { text: 'string' }, components: { tokenizer } });
		return {
			add: (_, text) => insert(index, { text }),
			search: (text) => search(index, { term: text, limit: 8, threshold: 1 }),
			saved: () => undefined,
		};
	}
	const index = new FolderIndex();
	return {
		add: (id, text) => index.put(`${id}`, { text, modified: 0, size: 0, isPlain: false }),
		search: (text) => index.search(text, '', 8),
		saved: () => {
			const { terms, chunks, names, postings, pages } = index.snapshot;
			return [terms, ...chunks, ...names, ...postings, ...pages].reduce((sum, { byteLength }) => sum + byteLength, 0);
		},
	};
}

/** What `hashWords` makes of a text, as strings. */
function wordsOf(text: string): string[] {
	return [...text.matchAll(/[A-Za-z_$][\w$]*/g)].flatMap(([word]) => {
		const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [];
		const whole = word.replaceAll(/[_$]/g, '').toLowerCase();
		return parts.length > 1 ? [...parts.filter((part) => part.length > 2).map((part) => part.toLowerCase()), whole] : [whole];
	});
}
