import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { FakeOllama, type Script } from '../fake-ollama.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

/** A program that was started. It ends when it is disposed of, even where it was stopped. */
export class Running implements AsyncDisposable {
	readonly child: ChildProcess;

	constructor(child: ChildProcess) {
		this.child = child;
	}

	async kill(): Promise<void> {
		await this.#end('SIGKILL');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.child.kill('SIGCONT');
		await this.#end('SIGTERM');
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const exit = once(this.child, 'exit');
		this.child.kill(signal);
		await exit;
	}
}

/** Many people have one key here. */
const forTeams = { streams: 128, streamsPerClient: 128, callsPerSecond: 1000 };

interface StartOptions {
	readonly place?: readonly string[];
	/** A file with certificates that it believes. */
	readonly trusts?: string;
}

/** Eleven minutes in one signal. */
const clock = 'const { now } = Date; let ahead = 0; Date.now = () => now() + ahead; process.on("SIGUSR2", () => (ahead += 660_000));';

/** `co-clone serve`, once it answers. */
export class Gateway extends Running {
	readonly url: string;

	private constructor(child: ChildProcess, url: string) {
		super(child);
		this.url = url;
	}

	/** One for each `runtime` folder; those with the same `home` know the same keys. `place` is what to start it with, to have it elsewhere. */
	static async start(home: string, name: string, args: readonly string[], { place = [], trusts }: StartOptions = {}): Promise<Gateway> {
		const runtime = join(home, 'run', name);
		await mkdir(runtime, { recursive: true });
		const [program = '', ...more] = [...place, process.execPath, 'dist/cli.cjs', 'serve', '--config', join(home, 'co-clone.json')];
		const options = { NODE_OPTIONS: `--require=${join(home, 'clock.cjs')}`, NODE_EXTRA_CA_CERTS: trusts };
		const child = spawn(program, [...more, ...args], {
			env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: runtime, ...options },
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		for await (const line of createInterface(child.stdout)) {
			const url = /answers at (\S+)\. End/.exec(line)?.[1];
			if (url !== undefined) return new Gateway(child, url);
		}
		throw new Error(`${name} ended.`);
	}

	/** All access tokens come to their end. */
	endTokens(): void {
		this.child.kill('SIGUSR2');
	}
}

/** A gateway as a region, with a model server of its own that answers by script. */
export interface RegionProcess {
	readonly name: string;
	gateway: Gateway;
	readonly model: FakeOllama;
	readonly agentPort: number | undefined;
}

/** So many pieces, one after another. */
export const pieces = (count: number) => Array.from({ length: count }, (_, index) => `a${index} + `);

interface TierOptions {
	readonly withAgents?: boolean;
	readonly address?: string;
}

/** Three regions about as near, and whoever passes requests on to them. */
export class RegionProcesses implements AsyncDisposable {
	readonly home: string;
	readonly key: string;
	readonly regions: readonly RegionProcess[];
	/** What lists them, for `--regions`. */
	readonly file: string;
	readonly #folder: TemporaryFolder;
	readonly #added: RegionProcess[] = [];

	private constructor(folder: TemporaryFolder, key: string, regions: readonly RegionProcess[], file: string) {
		this.#folder = folder;
		this.home = folder.path;
		this.key = key;
		this.regions = regions;
		this.file = file;
	}

	/** `address` is where clients find them. */
	static async start(script: () => Partial<Script>, { withAgents = false, address }: TierOptions = {}): Promise<RegionProcesses> {
		const folder = await TemporaryFolder.create();
		const home = folder.path;
		await writeFile(join(home, 'clock.cjs'), clock);
		await writeFile(join(home, 'co-clone.json'), JSON.stringify({ limits: forTeams, address }));
		const key = await makeKey(home);
		const regions = await Promise.all(['eu-central', 'eu-west', 'eu-north'].map((name) => startRegion(home, name, script(), withAgents)));
		const file = join(home, 'regions.json');
		await writeFile(file, listOf(regions, key));
		return new RegionProcesses(folder, key, regions, file);
	}

	/** What a command says to the user of a gateway. */
	async coClone(gateway: string, ...args: readonly string[]): Promise<string> {
		const env = { PATH: process.env['PATH'], HOME: this.home, XDG_RUNTIME_DIR: join(this.home, 'run', gateway) };
		return (await promisify(execFile)(process.execPath, ['dist/cli.cjs', ...args], { env })).stdout;
	}

	/** Another region, which nobody knows of yet. */
	async add(name: string, script: Partial<Script>): Promise<RegionProcess> {
		const region = await startRegion(this.home, name, script, false);
		this.#added.push(region);
		return region;
	}

	/** Puts another list into the file, as somebody would who edits it. */
	async list(regions: readonly RegionProcess[]): Promise<void> {
		await writeFile(this.file, listOf(regions, this.key));
	}

	/** Starts a gateway again where it was. */
	async revive(region: RegionProcess): Promise<void> {
		region.gateway = await gatewayOf(this.home, region, new URL(region.gateway.url).port);
	}

	/** The one that answered. */
	named(name: string | null): RegionProcess {
		return this.regions.find((region) => region.name === name) ?? assert.fail(`no region ${name}`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const regions = [...this.regions, ...this.#added];
		await Promise.all(regions.map(({ gateway }) => gateway[Symbol.asyncDispose]()));
		await Promise.all(regions.map(({ model }) => model[Symbol.asyncDispose]()));
		await this.#folder[Symbol.asyncDispose]();
	}
}

function listOf(regions: readonly RegionProcess[], key: string): string {
	return JSON.stringify({ regions: regions.map(({ name, gateway: { url }, agentPort }) => ({ name, url, key, agentPort })) });
}

async function startRegion(home: string, name: string, script: Partial<Script>, withAgent: boolean): Promise<RegionProcess> {
	const model = await FakeOllama.start(script);
	const agentPort = withAgent ? await freePort() : undefined;
	return { name, gateway: await gatewayOf(home, { name, model, agentPort }, '0'), model, agentPort };
}

function gatewayOf(home: string, { name, model, agentPort }: Omit<RegionProcess, 'gateway'>, port: string): Promise<Gateway> {
	const agent = agentPort === undefined ? [] : ['--agent-port', String(agentPort)];
	return Gateway.start(home, name, [port, '--model', `${model.url}/qwen2.5-coder:0.5b`, ...agent]);
}

/** One that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const address = server.address();
	server.close();
	return typeof address === 'object' && address ? address.port : assert.fail();
}

async function makeKey(home: string): Promise<string> {
	const env = { PATH: process.env['PATH'], HOME: home };
	const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli.cjs', 'token', '--name', 'tier'], { env });
	return stdout.trim();
}

/** `curl`, asking for an answer that is streamed. */
export class Curl extends Running {
	readonly #chunks: string[] = [];
	readonly exit: Promise<number | null>;
	readonly #first: Promise<void>;

	constructor(url: string, key: string, path: string, body: object, ...options: readonly string[]) {
		const authorization = ['-H', `Authorization: Bearer ${key}`, '-H', 'Content-Type: application/json'];
		const child = spawn('curl', ['-siN', ...options, ...authorization, '-d', JSON.stringify(body), url + path], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		super(child);
		this.#first = new Promise((resolve) => {
			child.stdout.on('data', (chunk: Buffer) => {
				this.#chunks.push(chunk.toString());
				if (this.text.includes('a1 +')) resolve();
			});
		});
		this.exit = once(child, 'close').then(([code]) => code);
	}

	/** Headers and body, as far as they are there. */
	get text(): string {
		return this.#chunks.join('');
	}

	/** Resolves when the answer has begun. */
	begun(): Promise<void> {
		return this.#first;
	}

	/** Of the answer. */
	header(name: string): string | null {
		return new RegExp(`^${name}: (.*)\\r$`, 'im').exec(this.text)?.[1] ?? null;
	}
}
