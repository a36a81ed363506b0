import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { holesIn } from '../../src/signature/hole.ts';
import { pyright } from '../pyright.ts';
import { planned } from '../signature-plan.ts';
import { signatures, wraps } from '../signatures.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

/**
 * Compilers are the judges of what signatures.test.ts shows: what compiled before its signature was edited compiles after our edits.
 * Rows that use what they do not declare are not asked, nor are those with a hole, which are not meant to compile.
 */
interface Compiler {
	/** Where it is not called like one. */
	readonly languageId?: keyof typeof wraps;
	/** Whether the machine has it. */
	readonly asks: readonly string[];
	readonly extension: string;
	/** What a file needs to be one of many. */
	readonly wrap?: (text: string, name: string) => string;
	/** Runs on all files of a folder. */
	readonly run: (folder: string, names: readonly string[]) => string;
	/** Whether what it printed says that a file is wrong. */
	readonly blames: (output: string, name: string) => boolean;
}

function output(command: string, args: readonly string[], cwd: string): string {
	const { stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, GOFLAGS: '-mod=mod' } });
	return `${stdout}${stderr}`;
}

const each = (command: string, args: readonly string[], extension: string) => (folder: string, names: readonly string[]) =>
	names.map((name) => output(command, [...args, `${name}${extension}`], folder)).join('\n');

/** What rows use without saying where it is from. */
const usedInPython = `
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
pool = ThreadPoolExecutor()
`;

const tsc = resolve('node_modules/typescript/bin/tsc');
const compilers: Readonly<Record<string, Compiler>> = {
	typescript: {
		asks: [process.execPath, '--version'],
		extension: '.ts',
		wrap: (text) => `${text}\nexport {};\n`,
		run: (folder, names) =>
			output(
				process.execPath,
				[tsc, '--noEmit', '--target', 'es2022', '--strict', '--pretty', 'false', ...names.map((name) => `${name}.ts`)],
				folder,
			),
		blames: (text, name) => text.includes(`${name}.ts(`),
	},
	python: {
		asks: ['python3', '--version'],
		extension: '.py',
		run: (folder, names) => output('python3', ['-m', 'py_compile', ...names.map((name) => `${name}.py`)], folder),
		blames: (text, name) => text.includes(`${name}.py"`),
	},
	// Python itself only reads a file: which arguments a function has is said by this one.
	pyright: {
		languageId: 'python',
		asks: [process.execPath, '--version'],
		extension: '.py',
		wrap: (text) => `${usedInPython}${text}`,
		run: (folder, names) =>
			pyright(
				folder,
				names.map((name) => `${name}.py`),
			).join('\n'),
		blames: (text, name) => text.includes(`${name}.py:`),
	},
	java: {
		asks: ['javac', '-version'],
		extension: '/M.java',
		wrap: (text, name) => `package ${name};\nimport java.util.*;\nimport java.io.*;\n${text}`,
		run: (folder, names) => output('javac', ['-proc:none', '-d', 'out', ...names.map((name) => `${name}/M.java`)], folder),
		blames: (text, name) => text.includes(`${name}/M.java:`),
	},
	rust: {
		asks: ['rustc', '--version'],
		extension: '.rs',
		wrap: (text) => `#![allow(warnings)]\n${text}`,
		run: each('rustc', ['--edition', '2021', '--crate-type', 'lib', '--emit', 'metadata', '--error-format', 'short'], '.rs'),
		blames: (text, name) => text.includes(`${name}.rs:`),
	},
	cpp: {
		asks: ['g++', '--version'],
		extension: '.cpp',
		run: each('g++', ['-std=c++20', '-fsyntax-only', '-include', 'memory', '-include', 'optional', '-include', 'string'], '.cpp'),
		blames: (text, name) => new RegExp(`${name}\\.cpp:\\d+:\\d+: error`).test(text),
	},
	csharp: {
		asks: ['mcs', '--version'],
		extension: '.cs',
		wrap: (text) => `using System.Linq;\nusing System.Threading.Tasks;\n${text}`,
		run: each('mcs', ['-target:library', '-langversion:latest', '-nologo'], '.cs'),
		blames: (text, name) => new RegExp(`${name}\\.cs\\(\\d+,\\d+\\): error`).test(text),
	},
	go: {
		asks: ['go', 'version'],
		extension: '/case.go',
		wrap: (text, name) => text.replace('package main', `package ${name}`),
		run: (folder) => output('go', ['vet', './...'], folder),
		blames: (text, name) => text.includes(`${name}/case.go`),
	},
};

interface Asked {
	readonly before: string;
	readonly edited: string;
}

async function rowsOf(languageId: keyof typeof wraps): Promise<Asked[]> {
	const rows = Object.values(signatures).flatMap((byLanguage) => byLanguage[languageId] ?? []);
	const { path, file } = wraps[languageId];
	const plans = rows
		.filter(([, , , , kind]) => kind === 'D' || kind === 'C')
		.map(async ([before, after, use]) => {
			const one = { path, languageId, before: file(before, use), after: file(after, use) };
			const plan = await planned([one]);
			// A body that uses what is gone is somebody's to rewrite.
			const isWhole = plan.dependents.every(({ kind, class: sure }) => kind !== 'implementation' || sure === 'D');
			// Where it is another function now nothing is planned.
			return isWhole && plan.changes.length > 0 ? { before: one.before, edited: plan.texts.get(path) ?? '' } : undefined;
		});
	return (await Promise.all(plans)).flatMap((row) => (row !== undefined && holesIn(row.edited).length === 0 ? [row] : []));
}

/** The names of the rows that a compiler blames in one state. */
async function blamed(compiler: Compiler, texts: readonly string[]): Promise<Set<number>> {
	await using folder = await TemporaryFolder.create();
	const names = texts.map((_, index) => `r${index}x`);
	await writeFile(join(folder.path, 'go.mod'), 'module example.org/rows\n\ngo 1.21\n');
	for (const [index, text] of texts.entries()) {
		const path = join(folder.path, `${names[index]}${compiler.extension}`);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, compiler.wrap?.(text, names[index] ?? '') ?? text);
	}
	const said = compiler.run(folder.path, names);
	return new Set(names.flatMap((name, index) => (compiler.blames(said, name) ? [index] : [])));
}

describe('compilers accept what signatures become', function () {
	this.timeout(120_000);
	for (const [name, compiler] of Object.entries(compilers)) {
		const [command = '', ...args] = compiler.asks;
		if (spawnSync(command, args).status !== 0) {
			console.log(`      There is no ${command} here: ${name} is not asked.`);
			continue;
		}
		it(name, async () => {
			const rows = await rowsOf(compiler.languageId ?? (name as keyof typeof wraps));
			const wrongBefore = await blamed(
				compiler,
				rows.map(({ before }) => before),
			);
			const asked = rows.filter((_, index) => !wrongBefore.has(index));
			const wrong = await blamed(
				compiler,
				asked.map(({ edited }) => edited),
			);
			console.log(`      ${asked.length} of ${rows.length} rows`);
			assert.ok(asked.length > 1);
			assert.deepEqual(
				[...wrong].map((index) => asked[index]?.edited),
				[],
			);
		});
	}
});
