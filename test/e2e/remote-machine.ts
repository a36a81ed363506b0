import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { OtherMachine, Shared } from './other-home.ts';

/**
 * What becomes a machine of its own: its network has nothing but its own localhost, its list of users one user more, and everything that
 * runs in it ends when our end of the pipe closes. Nothing of this is seen outside.
 */
const beginning = `
ip link set lo up
mount --bind "$0/passwd" /etc/passwd
while [ $# -gt 0 ]; do
	mount --bind "$1" "$2"
	mount -o remount,bind,ro "$2"
	shift 2
done
echo ready
exec cat
`;

const namespaces = ['--net', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Before a command that needs root. */
export const sudo: readonly string[] = process.getuid?.() === 0 ? [] : ['sudo', '-n'];

/**
 * A second machine, as far as one can be two: another user with another home, a network of its own, and SSH as the only way in. It needs
 * Linux and root.
 */
export class RemoteMachine implements OtherMachine {
	readonly isRemote = true;
	readonly uid: number;
	readonly home: string;
	readonly #folder: string;
	readonly #machine: ChildProcess;
	readonly #children: ChildProcess[] = [];

	private constructor(folder: string, uid: number, machine: ChildProcess) {
		this.#folder = folder;
		this.uid = uid;
		this.home = join(folder, 'home');
		this.#machine = machine;
	}

	/**
	 * @param openssh the folder in which OpenSSH's server lies as it would below `/`
	 * @throws Error where there can be no such machine, and why.
	 */
	static async start(openssh: string, shared: Shared): Promise<RemoteMachine> {
		const folder = await mkdtemp(join(tmpdir(), 'co-clone-remote-'));
		// One for each run, so that two runs do not meet in the folder for temporary files.
		const uid = 50_000 + (process.pid % 10_000);
		await prepare(folder, uid, shared);
		const mounts = Object.entries(shared).flatMap(([path, source]) => [source, join(folder, 'home', path)]);
		mounts.push(openssh, join(folder, 'openssh'));
		const [program = '', ...args] = [...sudo, 'unshare', ...namespaces, 'sh', '-euc', beginning, folder, ...mounts];
		const machine = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
		const remote = new RemoteMachine(folder, uid, machine);
		try {
			const said = readAll(machine.stderr);
			const ended = once(machine, 'exit').then(async () => Promise.reject(new Error(await said)));
			await Promise.race([once(machine.stdout, 'data'), ended]);
			await remote.#openDoor(openssh);
			await remote.#knock();
			return remote;
		} catch (error) {
			await remote[Symbol.asyncDispose]();
			throw error;
		}
	}

	start(command: string, options: readonly string[] = [], stdio: StdioOptions = 'ignore'): ChildProcess {
		const child = spawn('ssh', ['-F', join(this.#folder, 'ssh_config'), ...options, 'remote', command], { stdio });
		this.#children.push(child);
		return child;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const child of this.#children) child.kill();
		this.#machine.stdin?.end();
		const isOver = this.#machine.pid === undefined || this.#machine.exitCode !== null || this.#machine.signalCode !== null;
		if (!isOver) await once(this.#machine, 'exit');
		// Out here nothing is mounted into it.
		asRoot('rm', '-rf', this.#folder, join(tmpdir(), `co-clone-${this.uid}`));
	}

	/** Every connection has a server of its own, which reads and writes the pipe instead of a port. */
	async #openDoor(openssh: string): Promise<void> {
		const { pid } = this.#machine;
		const inside = join(this.#folder, 'openssh');
		const libraries = (await readdir(join(openssh, 'usr', 'lib'))).filter((name) => name.endsWith('-linux-gnu'));
		const steps = [
			['exec', ...sudo].join(' '),
			`nsenter --target ${pid} --net --mount --pid=/proc/${pid}/ns/pid_for_children`,
			`env -i PATH=/usr/bin:/bin LD_LIBRARY_PATH=${libraries.map((name) => join(inside, 'usr', 'lib', name)).join(':')}`,
			`setpriv --reuid ${this.uid} --regid ${this.uid} --clear-groups`,
			`${inside}/usr/sbin/sshd -i -f ${this.#folder}/sshd_config -E ${this.home}/sshd.log`,
		];
		await writeFile(join(this.#folder, 'door'), steps.join(' '));
		const options = [
			'Host remote',
			`User ${userName(this.uid)}`,
			`IdentityFile ${this.#folder}/key`,
			'IdentitiesOnly yes',
			`UserKnownHostsFile ${this.#folder}/known_hosts`,
			`ProxyCommand sh ${this.#folder}/door`,
			'BatchMode yes',
			'ExitOnForwardFailure yes',
		];
		await writeFile(join(this.#folder, 'ssh_config'), options.join('\n'));
	}

	async #knock(): Promise<void> {
		const child = this.start('true', [], ['ignore', 'ignore', 'pipe']);
		const [[code], said] = await Promise.all([once(child, 'exit'), child.stderr ? readAll(child.stderr) : '']);
		if (code !== 0) throw new Error(`SSH does not come in: ${said}`);
	}
}

function asRoot(...command: readonly string[]): void {
	const [program = '', ...args] = [...sudo, ...command];
	execFileSync(program, args);
}

function userName(uid: number): string {
	return `remote${uid}`;
}

/** The user, the keys of both sides, what the server is told, and places for what is shared. */
async function prepare(folder: string, uid: number, shared: Shared): Promise<void> {
	const home = join(folder, 'home');
	await chmod(folder, 0o755);
	await mkdir(join(home, '.ssh'), { recursive: true });
	await mkdir(join(folder, 'openssh'));
	const users = await readFile('/etc/passwd', 'utf8');
	await writeFile(join(folder, 'passwd'), `${users}${userName(uid)}:x:${uid}:${uid}::${home}:/bin/sh\n`);
	for (const name of ['key', 'host_key']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
	await writeFile(join(home, '.ssh', 'authorized_keys'), await readFile(join(folder, 'key.pub')));
	await writeFile(join(folder, 'known_hosts'), `remote ${await readFile(join(folder, 'host_key.pub'), 'utf8')}`);
	const options = [`HostKey ${folder}/host_key`, 'UsePAM no', 'PasswordAuthentication no', 'PidFile none', 'LogLevel VERBOSE'];
	await writeFile(join(folder, 'sshd_config'), options.join('\n'));
	for (const [path, source] of Object.entries(shared)) {
		const isFolder = (await stat(source)).isDirectory();
		await mkdir(isFolder ? join(home, path) : dirname(join(home, path)), { recursive: true });
		if (!isFolder) await writeFile(join(home, path), '');
	}
	asRoot('chown', '-R', `${uid}:${uid}`, home, join(folder, 'host_key'));
}
