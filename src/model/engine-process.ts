import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { preparePrivateFolder } from '../std/private-folder.ts';
import { explainEnd, type ProcessEnd } from './engine-end.ts';
import { wireVersion } from './engine-wire.ts';
import { ModelError } from './model-error.ts';

/** Of which program an engine is made. Editors that agree on all of it share one engine. */
export interface EngineProgram {
	/** The bundle of `src/engine.ts`. */
	readonly script: string;
	/** The entry of node-llama-cpp. */
	readonly llama: string;
	/** Where its socket, lock and log are; nobody else may look into it. */
	readonly folder: string;
	/** Use a graphics card where there is one. */
	readonly gpu: boolean;
	/** Milliseconds after which a model that nobody asks leaves the memory. */
	readonly idleMs: number;
	/** Milliseconds after which an engine that nobody is connected to ends. */
	readonly lingerMs: number;
}

/** A start takes half a second, and far longer on a machine that is busy. */
const startMs = 30_000;

/** Where the engine of a program listens. */
export function engineAddress(program: EngineProgram): string {
	const name = engineName(program);
	return process.platform === 'win32' ? `\\\\.\\pipe\\co-clone-${name}` : join(program.folder, `${name}.sock`);
}

/** An engine that we started. */
export interface StartedEngine {
	/** Resolves when its process has ended. */
	readonly ended: Promise<ProcessEnd>;
}

/**
 * Starts an engine that goes on when we end, for as long as somebody is connected to it. Resolves when one listens.
 * @throws ModelError when none does.
 */
export async function startEngine(program: EngineProgram): Promise<StartedEngine> {
	const lock = join(program.folder, `${engineName(program)}.lock`);
	const logPath = join(program.folder, `${engineName(program)}.log`);
	const limits = [program.gpu ? 'gpu' : 'processor', String(program.idleMs), String(program.lingerMs)];
	const log = openLog(program.folder, logPath);
	const child = fork(program.script, [engineAddress(program), lock, program.llama, ...limits], {
		detached: true,
		execArgv: [],
		env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
		stdio: ['ignore', 'ignore', log, 'ipc'],
		// Not in the type of `fork`, but of what it calls: without it a console window opens on Windows.
		...{ windowsHide: true },
	});
	closeSync(log);
	const ended = new Promise<ProcessEnd>((resolve) => {
		child.once('exit', (code, signal) => resolve({ code, signal, said: endOf(logPath) }));
	});
	try {
		await untilReady(child, ended);
		return { ended };
	} finally {
		child.on('error', () => {});
		if (child.connected) child.disconnect();
		child.unref();
	}
}

async function untilReady(child: ChildProcess, ended: Promise<ProcessEnd>): Promise<void> {
	const waiting = new AbortController();
	const late = delay(startMs, undefined, { signal: waiting.signal }).then(() => {
		child.kill('SIGKILL');
		throw startError('did not start in time');
	});
	const over = ended.then((end) => {
		throw explainEnd(end, 'starting');
	});
	const ready = new Promise<void>((resolve, reject) => {
		child.once('message', () => resolve());
		child.once('error', (error) => reject(startError(`cannot be started (${error.message})`, error)));
	});
	over.catch(() => {});
	late.catch(() => {});
	await Promise.race([ready, over, late]).finally(() => waiting.abort());
}

/** @throws ModelError when the folder is not ours, cannot be made ours alone, or cannot be written to. */
function openLog(folder: string, path: string): number {
	try {
		preparePrivateFolder(folder);
		return openSync(path, 'w', 0o600);
	} catch (cause) {
		const why = `The embedded engine cannot use the folder ${folder} for its socket (${messageOf(cause)}).`;
		throw new ModelError('unreachable', `${why} Set TMPDIR to a folder that can be written.`, cause);
	}
}

function engineName(program: EngineProgram): string {
	const { script, llama, gpu, folder, idleMs, lingerMs } = program;
	const identity = JSON.stringify([wireVersion, script, llama, gpu, folder, idleMs, lingerMs]);
	return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

function startError(what: string, cause?: unknown): ModelError {
	return new ModelError('unreachable', `The embedded engine ${what}.`, cause);
}

/** The last of what an engine wrote; llama.cpp writes there before it gives up. */
function endOf(logPath: string): string {
	try {
		return readFileSync(logPath, 'utf8').slice(-20_000);
	} catch {
		return '';
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
