import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TemporaryFolder } from '../temporary-folder.ts';

/** Files and folders of this machine that the other one has as well, to be read only; by their paths there, below the user's home. */
export type Shared = Readonly<Record<string, string>>;

/** Where an editor's server can run that is not here. */
export interface OtherMachine extends AsyncDisposable {
	/** Its user's. */
	readonly home: string;
	readonly uid: number;
	/** Whether its localhost is another than ours, and SSH the only way to it. */
	readonly isRemote: boolean;
	/** Starts a command there, with options of `ssh`, for example to forward a port. */
	start(command: string, options?: readonly string[], stdio?: StdioOptions): ChildProcess;
}

/** What remains of another machine where there can be none: another home. */
export class OtherHome implements OtherMachine {
	readonly isRemote = false;
	readonly uid = process.getuid?.() ?? 0;
	readonly home: string;
	readonly #folder: TemporaryFolder;
	readonly #children: ChildProcess[] = [];

	private constructor(folder: TemporaryFolder) {
		this.#folder = folder;
		this.home = folder.path;
	}

	static async create(shared: Shared): Promise<OtherHome> {
		const folder = await TemporaryFolder.create();
		for (const [path, source] of Object.entries(shared)) {
			await mkdir(dirname(join(folder.path, path)), { recursive: true });
			await symlink(source, join(folder.path, path));
		}
		return new OtherHome(folder);
	}

	start(command: string, _options: readonly string[] = [], stdio: StdioOptions = 'ignore'): ChildProcess {
		const env = { PATH: process.env['PATH'], HOME: this.home };
		const child = spawn('sh', ['-c', command], { cwd: this.home, env, stdio });
		this.#children.push(child);
		return child;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const child of this.#children) child.kill();
		await this.#folder[Symbol.asyncDispose]();
	}
}
