import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { environment } from './editor-page.ts';

/** The memory of one extension host, in megabytes. */
export interface HostMemory {
	/** Of this process alone: what the machine gets back when it ends. */
	readonly own: number;
	/** The same when everything that is garbage was collected. */
	readonly held: number;
	/** Values of JavaScript that are no garbage. */
	readonly heap: number;
}

/** An extension that collects garbage and counts when it is told to. It runs in the host that it measures. */
const probe = `
const { writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { workspace } = require('vscode');
exports.activate = () => {
	const path = join(__dirname, basename(workspace.workspaceFolders[0].uri.fsPath) + '.json');
	const write = (heap) => writeFileSync(path, JSON.stringify({ pid: process.pid, heap }));
	process.on('SIGUSR2', () => {
		setFlagsFromString('--expose-gc');
		runInNewContext('gc')();
		write(process.memoryUsage().heapUsed);
	});
	write();
};
`;

const manifest = {
	name: 'probe',
	publisher: 'co-clone-test',
	version: '0.0.1',
	engines: { vscode: '^1.101.0' },
	main: './probe.js',
	activationEvents: ['*'],
	extensionKind: ['workspace'],
};

/** Looks into the extension hosts of windows whose address carries `payloadFor`. */
export class ExtensionHostProbe {
	readonly #folder: string;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	static async create(): Promise<ExtensionHostProbe> {
		const folder = join(environment('E2E_FOLDER'), 'probe');
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
		await writeFile(join(folder, 'probe.js'), probe);
		return new ExtensionHostProbe(folder);
	}

	/** For a window of this VS Code. */
	payloadFor(editorUrl: string): readonly (readonly [key: string, value: string])[] {
		return [['extensionDevelopmentPath', `vscode-remote://${new URL(editorUrl).host}${this.#folder}`]];
	}

	/** What the host of the window with this workspace takes now. */
	async measure(workspace: string): Promise<HostMemory> {
		const { pid } = await this.#read(workspace, () => true);
		const own = await ownMegabytes(pid);
		process.kill(pid, 'SIGUSR2');
		const { heap = Number.NaN } = await this.#read(workspace, (told) => told.heap !== undefined);
		// The pages go back to the machine a little later.
		await delay(3000);
		return { own, held: await ownMegabytes(pid), heap: heap / 1e6 };
	}

	async #read(workspace: string, isDone: (told: Told) => boolean): Promise<Told> {
		const path = join(this.#folder, `${workspace}.json`);
		for (const until = Date.now() + 30_000; Date.now() < until; await delay(100)) {
			const told = await readFile(path, 'utf8').then(parseTold, () => undefined);
			if (told && isDone(told)) return told;
		}
		throw new Error(`The extension host of ${workspace} did not write ${path}.`);
	}
}

interface Told {
	readonly pid: number;
	readonly heap?: number | undefined;
}

/** Undefined for a file that is still being written. */
function parseTold(text: string): Told | undefined {
	try {
		const { pid, heap } = JSON.parse(text);
		return { pid: Number(pid), heap };
	} catch {
		return undefined;
	}
}

/** What only this process has in memory, as Linux counts it. */
async function ownMegabytes(pid: number): Promise<number> {
	return (await counted(pid, 'Private_Clean')) + (await counted(pid, 'Private_Dirty'));
}

/** All that a process has in memory, shared or not. */
export function residentMegabytes(pid: number): Promise<number> {
	return counted(pid, 'Rss');
}

async function counted(pid: number, what: string): Promise<number> {
	const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
	return (Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024) / 1e6;
}

/** The processes whose command line contains all of these. */
export async function processesWith(...parts: readonly string[]): Promise<number[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
	return pids.filter((_, index) => parts.every((part) => commands[index]?.includes(part))).map(Number);
}
