import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Published packages with the code that their authors wrote, at versions that stay. */
const npmPackages = ['@babylonjs/core@7.40.0', 'three@0.171.0', 'rxjs@7.8.1'];
const pythonPackages = ['Django==5.1.4', 'sympy==1.13.3'];

const corpusSize = { files: 5000, bytes: 36_000_000 };
const mostBytesOfFile = 400_000;
const isSource = /(?<!\.min)\.(?:ts|js|py)$/;

/** A folder with 5,000 files and 36 MB of code, the same everywhere; made when it is not there yet. */
export async function corpus(cache: string): Promise<string> {
	const folder = join(cache, 'index-corpus');
	if (existsSync(folder)) return folder;
	const made = `${folder}.${process.pid}`;
	const packages = join(made, 'packages');
	await mkdir(packages, { recursive: true });
	console.log('Fetching the packages of the corpus …');
	await unpackNpm(packages);
	await unpackPython(packages);
	for (const { path, text } of await chosen(packages)) {
		await mkdir(dirname(join(made, 'corpus', path)), { recursive: true });
		await writeFile(join(made, 'corpus', path), text);
	}
	await rename(join(made, 'corpus'), folder);
	await rm(made, { recursive: true, force: true });
	return folder;
}

async function unpackNpm(folder: string): Promise<void> {
	const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, ...npmPackages], {
		shell: process.platform === 'win32',
	});
	for (const [i, file] of stdout.trim().split('\n').entries()) {
		await mkdir(join(folder, `npm${i}`));
		await run('tar', ['xzf', join(folder, file.trim()), '-C', join(folder, `npm${i}`)]);
	}
}

async function unpackPython(folder: string): Promise<void> {
	await run('pip', [
		'install',
		'--quiet',
		'--no-deps',
		'--no-compile',
		'--only-binary=:all:',
		'--target',
		join(folder, 'python'),
		...pythonPackages,
	]);
}

/** As many files as there is room for, chosen by nothing but their names; the rest of the bytes comes from larger ones. */
async function chosen(folder: string): Promise<{ readonly path: string; readonly text: Buffer }[]> {
	const names = (await readdir(folder, { recursive: true })).map((name) => name.split(sep).join('/')).filter((name) => isSource.test(name));
	const order = (name: string) => createHash('sha1').update(name).digest('hex');
	const sized = await Promise.all(names.map(async (name) => ({ name, found: await stat(join(folder, name)) })));
	const sources = sized.filter(({ found }) => found.isFile() && found.size <= mostBytesOfFile);
	const kept: { path: string; text: Buffer }[] = [];
	let bytes = 0;
	for (const { name, found } of sources.toSorted((a, b) => (order(a.name) < order(b.name) ? -1 : 1))) {
		if (kept.length === corpusSize.files) break;
		if (bytes + found.size > corpusSize.bytes) continue;
		bytes += found.size;
		kept.push({ path: name, text: await readFile(join(folder, name)) });
	}
	return kept;
}

/** The corpus twenty times, each with words of its own: 100,000 files. */
export async function largeCorpus(folder: string, cache: string): Promise<string> {
	const large = join(cache, 'index-corpus-large');
	if (existsSync(large)) return large;
	console.log('Making 100,000 files …');
	const made = `${large}.${process.pid}`;
	const names = (await readdir(folder, { recursive: true })).filter((name) => isSource.test(name));
	for (const name of names) {
		const text = await readFile(join(folder, name), 'utf8');
		for (let copy = 0; copy < 20; copy++) {
			const letter = String.fromCharCode(65 + copy);
			const path = join(made, `copy${letter}`, name);
			await mkdir(dirname(path), { recursive: true });
			await writeFile(
				path,
				text.replace(/\b[a-z]\w{3,6}[acegikmosuwy]\b/g, (word) => `${word}${letter}x`),
			);
		}
	}
	await rename(made, large);
	return large;
}
