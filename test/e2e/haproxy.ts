import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environment } from './editor-page.ts';
import { type RegionProcesses, Running } from './region-processes.ts';

const run = promisify(execFile);
const libraries = () => ({ PATH: process.env['PATH'], LD_LIBRARY_PATH: process.env['E2E_HAPROXY_LIBRARIES'] });

/** A real HAProxy in front of regions, with the configuration that we write for it. */
export class Haproxy extends Running {
	readonly url: string;
	readonly config: string;

	private constructor(child: ChildProcess, url: string, config: string) {
		super(child);
		this.url = url;
		this.config = config;
	}

	/** `url` is where on this machine it is to be. */
	static async start({ home, file }: RegionProcesses, url: string): Promise<Haproxy> {
		await run(process.execPath, ['dist/cli.cjs', 'regions', 'render-haproxy', file, '--port', new URL(url).port, '--out', home]);
		const config = join(home, 'haproxy.cfg');
		await Haproxy.check(config);
		const haproxy = new Haproxy(started(config), url, config);
		await haproxy.answers();
		return haproxy;
	}

	/** What `haproxy -c` says of a configuration. It rejects where that is not that it is valid. */
	static async check(config: string): Promise<string> {
		const { stdout, stderr } = await run(environment('E2E_HAPROXY'), ['-c', '-f', config], { env: libraries() });
		return stdout + stderr;
	}

	/** Another process with the same configuration, which takes over. This one ends when its streams have. */
	async reload(): Promise<Haproxy> {
		const { pid } = this.child;
		const next = new Haproxy(started(this.config, '-sf', String(pid)), this.url, this.config);
		await next.answers();
		return next;
	}

	/** Until it does, and knows its regions. */
	async answers(): Promise<void> {
		for (const start = performance.now(); performance.now() - start < 10_000; ) {
			const { ok } = await fetch(`${this.url}/healthz`).catch(() => ({ ok: false }));
			if (ok) return;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		assert.fail('HAProxy does not answer.');
	}
}

function started(config: string, ...more: string[]): ChildProcess {
	return startedAt([], config, ...more);
}

/** `place` is what to start it with, to have it elsewhere. */
export function startedAt(place: readonly string[], config: string, ...more: string[]): ChildProcess {
	const [program = '', ...args] = [...place, environment('E2E_HAPROXY'), '-db', '-f', config, ...more];
	return spawn(program, args, { env: libraries(), stdio: ['ignore', 'ignore', 'inherit'] });
}
