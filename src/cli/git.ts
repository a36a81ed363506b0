import { spawn } from 'node:child_process';

/** What `git` says in a folder. */
export class GitError extends Error {
	override readonly name = 'GitError';
}

export async function git(folder: string, args: readonly string[], signal: AbortSignal, input = ''): Promise<Buffer> {
	const child = spawn('git', ['-C', folder, ...args], { stdio: 'pipe', signal });
	const output: Buffer[] = [];
	const complaints: Buffer[] = [];
	child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
	child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
	// It may end without reading all.
	child.stdin.on('error', () => {});
	child.stdin.end(input);
	const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
	if (status !== 0) throw new GitError(Buffer.concat(complaints).toString().trim() || `git ended with ${status}.`);
	return Buffer.concat(output);
}

/** Whether a folder is in a repository, and there is a git to ask. */
export async function isRepository(folder: string, signal: AbortSignal): Promise<boolean> {
	try {
		return (await git(folder, ['rev-parse', '--is-inside-work-tree'], signal)).toString().trim() === 'true';
	} catch (error) {
		if (signal.aborted) throw error;
		return false;
	}
}

/** Whether a folder is one of those that its repository leaves out. */
export async function isIgnored(folder: string, signal: AbortSignal): Promise<boolean> {
	try {
		await git(folder, ['check-ignore', '--quiet', '.'], signal);
		return true;
	} catch (error) {
		if (!(error instanceof GitError)) throw error;
		return false;
	}
}

/** Paths that end with a zero byte, as `-z` prints them. */
export async function gitPaths(folder: string, args: readonly string[], signal: AbortSignal): Promise<string[]> {
	return (await git(folder, args, signal)).toString().split('\0').filter(Boolean);
}

/** Contents of files at a revision, by their paths from the folder; those that it did not have are absent. */
export async function filesAt(
	folder: string,
	revision: string,
	paths: readonly string[],
	signal: AbortSignal,
): Promise<Map<string, Buffer>> {
	const contents = new Map<string, Buffer>();
	const askable = paths.filter((path) => !path.includes('\n'));
	const output = await git(folder, ['cat-file', '--batch'], signal, askable.map((path) => `${revision}:./${path}\n`).join(''));
	let at = 0;
	for (const path of askable) {
		const end = output.indexOf('\n', at);
		const size = / blob (\d+)$/.exec(output.toString('utf8', at, end))?.[1];
		at = end + 1;
		if (size === undefined) continue;
		contents.set(path, output.subarray(at, at + Number(size)));
		at += Number(size) + 1;
	}
	return contents;
}
