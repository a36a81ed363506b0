import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { FakeOllama } from '../fake-ollama.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const run = promisify(execFile);
const program = 'node dist/cli.cjs';
const serving = `${program} serve`;
const address = 'http://127.0.0.1:8080';

/** What a reader types at once, and what is said to come of it. */
interface Step {
	readonly commands: string;
	readonly expected: string | undefined;
}

/** The commands of a text, each with the output that is shown below it. */
function stepsOf(text: string): readonly Step[] {
	const fences = text.matchAll(/^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?/gms);
	return [...fences].map(([, commands = '', expected]) => ({ commands, expected }));
}

/** It knows only what it is shown, as any model. */
function answer(prompt: string): readonly string[] {
	if (prompt.includes('function net')) {
		return [' formatAmount(', prompt.includes('currency: string') ? "subtotal(lines), 'EUR');" : 'subtotal(lines));'];
	}
	if (prompt.includes('def add')) return ['    return a + b\n'];
	const lines = [
		'n = len(ordered)',
		'if n % 2 == 1:',
		'    return ordered[n // 2]',
		'else:',
		'    return (ordered[n // 2 - 1] + ordered[n // 2]) / 2',
	];
	return lines.map((line) => `    ${line}\n`);
}

/** Somebody at a terminal, in a fresh clone. */
class Reader implements AsyncDisposable {
	readonly #folder: TemporaryFolder;
	readonly #env: Readonly<Record<string, string | undefined>>;
	readonly #server: ChildProcess;
	readonly #ollama: FakeOllama;
	readonly url: string;
	/** What opens the playground. */
	readonly link: string;

	private constructor(folder: TemporaryFolder, env: Reader['env'], server: ChildProcess, ollama: FakeOllama, url: string, link: string) {
		this.#folder = folder;
		this.#env = env;
		this.#server = server;
		this.#ollama = ollama;
		this.url = url;
		this.link = link;
	}

	get env() {
		return this.#env;
	}

	/** With a gateway that serves. */
	static async begin(): Promise<Reader> {
		const [folder, ollama] = await Promise.all([TemporaryFolder.create(), FakeOllama.start({ tokens: answer })]);
		await mkdir(join(folder.path, 'run'));
		await cp('examples', join(folder.path, 'examples'), { recursive: true });
		await symlink(resolve('out/test'), join(folder.path, 'dist'));
		const env = { PATH: process.env['PATH'], HOME: folder.path, XDG_RUNTIME_DIR: join(folder.path, 'run'), OLLAMA_HOST: ollama.url };
		const server = spawn('bash', ['-c', `exec ${serving} 0`], { cwd: folder.path, env, stdio: ['ignore', 'pipe', 'inherit'] });
		let [url, link] = ['', ''];
		for await (const line of createInterface(server.stdout)) {
			url ||= /answers at (\S+)\. End/.exec(line)?.[1] ?? '';
			link ||= /(http:\S+#code=\S+)/.exec(line)?.[1] ?? '';
			if (url !== '' && link !== '') break;
		}
		return new Reader(folder, env, server, ollama, url, link);
	}

	/** Types all of it into one terminal; resolves to what each step printed, and its status. */
	async follow(steps: readonly Step[]): Promise<readonly { readonly output: string; readonly status: number }[]> {
		const script = steps.map(({ commands }) => `${commands.replaceAll(address, this.url)}\necho "=== $?"`).join('\n');
		const { stdout } = await run('bash', ['-c', script], { cwd: this.#folder.path, env: this.#env });
		const parts = stdout.split(/=== (\d+)\n/);
		return steps.map((_, index) => ({ output: parts[2 * index] ?? '', status: Number(parts[2 * index + 1]) }));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const exit = once(this.#server, 'exit');
		this.#server.kill();
		await exit;
		await Promise.all([this.#folder[Symbol.asyncDispose](), this.#ollama[Symbol.asyncDispose]()]);
	}
}

/** Without the one that starts the gateway, which goes on. */
function typed(steps: readonly Step[]): readonly Step[] {
	const withoutServe = (commands: string) => commands.replace(new RegExp(`^${serving}.*$`, 'm'), '');
	return steps
		.map(({ commands, expected }) => ({ commands: withoutServe(commands), expected }))
		.filter(({ commands }) => commands.trim() !== '');
}

describe('what a new user reads', function () {
	this.timeout(60_000);

	it('examples/README.md walks through the samples, and every command does what it says', async () => {
		await using reader = await Reader.begin();
		const steps = typed(stepsOf(readFileSync('examples/README.md', 'utf8')));
		const seen = await reader.follow(steps);
		for (const [index, { commands, expected }] of steps.entries()) {
			// As it says itself: something is left to do.
			const left = commands.includes('--before') && !commands.includes('--apply') ? 1 : 0;
			assert.equal(seen[index]?.status, left, commands);
			if (expected !== undefined) assert.equal(seen[index]?.output.trimEnd(), expected.trimEnd(), commands);
		}
		assert.equal(steps.filter(({ expected }) => expected !== undefined).length, 5);
		assert.match(seen.at(-1)?.output ?? '', /walk/);
	});

	it('README.md has the gateway asked, and it answers', async () => {
		await using reader = await Reader.begin();
		const [section = ''] = readFileSync('README.md', 'utf8').split('## In other editors and tools')[1]?.split('\n## ') ?? [];
		const [{ output, status } = assert.fail()] = await reader.follow(typed(stepsOf(section)));
		assert.deepEqual([output, status], ['    return a + b', 0]);
	});

	it('the gateway prints a link that opens the playground', async () => {
		await using reader = await Reader.begin();
		const response = await fetch(reader.link.split('#')[0] ?? '', { headers: { accept: 'text/html' } });
		assert.equal(response.status, 200);
		assert.match(await response.text(), /<title>Co-Clone/);
	});
});
