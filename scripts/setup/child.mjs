import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from './steps.mjs';

const windows = process.platform === 'win32';

/** How long a child may take to end by itself before it is killed. */
const patience = 5_000;

/** Running children; whatever is in here ends with us. */
const children = new Set();

let ending = false;

/**
 * Runs a command to its end. Its output goes to `.cache/logs/<log>.log`; a failure quotes the last lines and names that file.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, log?: string, onLine?: (line: string) => void, signal?: AbortSignal}} [options]
 *   `env` is laid over our own environment
 * @returns {Promise<void>}
 */
export async function runChild(command, args, { cwd, env, log, onLine, signal } = {}) {
	signal?.throwIfAborted();
	const logFile = openLog(log ?? command, command, args);
	const child = spawnInGroup(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
	const stop = () => void child.stop();
	signal?.addEventListener('abort', stop);
	const lastLines = [];
	const read = (line) => {
		writeSync(logFile.descriptor, `${line}\n`);
		lastLines.push(line);
		if (lastLines.length > 15) lastLines.shift();
		onLine?.(line);
	};
	await Promise.all([child.exited, ...[child.process.stdout, child.process.stderr].map((stream) => readLines(stream, read))]);
	closeSync(logFile.descriptor);
	signal?.removeEventListener('abort', stop);
	// As in startChild().
	if (ending) return new Promise(() => {});
	signal?.throwIfAborted();
	if (!child.failure()) return;
	const message = [child.failure(), ...lastLines.map((line) => `    ${line}`), `  Log: ${logFile.path}`].join('\n');
	throw Object.assign(new Error(message), { exitCode: await child.exited });
}

/**
 * Starts a command that keeps running (a server), in a process group of its own, so that `stop()` also ends what it starts.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, log?: string}} [options]
 * @returns {{pid: number | undefined, exited: Promise<number | null>, stop: () => Promise<void>, logPath: string}}
 */
export function startChild(command, args, { cwd, env, log } = {}) {
	const logFile = openLog(log ?? command, command, args);
	const child = spawnInGroup(command, args, { cwd, env, stdio: ['ignore', logFile.descriptor, logFile.descriptor] });
	closeSync(logFile.descriptor);
	// On the way out servers end because we end them: nobody should report that as their failure.
	const exited = child.exited.then((code) => (ending ? new Promise(() => {}) : code));
	return { pid: child.process.pid, exited, stop: child.stop, logPath: logFile.path };
}

/**
 * A port of 127.0.0.1 that nobody listens on. Somebody else may take it before its user binds it: rare, and the bind then fails loudly.
 *
 * @returns {Promise<number>}
 */
export function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

/**
 * Where a command is installed, or undefined.
 *
 * @param {string} name without an extension
 * @returns {string | undefined}
 */
export function findOnPath(name) {
	const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	return folders.map((folder) => join(folder, windows ? `${name}.exe` : name)).find((path) => existsSync(path));
}

/** Ends every child that is still running; what was not started here is left alone. */
export async function stopChildren() {
	await Promise.all([...children].map((child) => child.stop()));
}

function spawnInGroup(command, args, { cwd, env, stdio }) {
	endChildrenWithUs();
	// Windows runs `npm` and friends only through its command interpreter.
	const shell = windows && /^(npm|npx|code)$/.test(command);
	const process_ = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, shell, detached: !windows, windowsHide: true });
	let failure;
	const exited = new Promise((resolve) => {
		process_.once('error', (error) => {
			failure = error.code === 'ENOENT' ? `Cannot run ${command}: it is not installed.` : `Cannot run ${command}: ${error.message}`;
			resolve(null);
		});
		process_.once('exit', (code, signalName) => {
			if (code !== 0) failure = `${command} ended with ${code === null ? signalName : `exit code ${code}`}.`;
			resolve(code);
		});
	});
	const child = { process: process_, exited, failure: () => failure, kill: (signalName) => killGroup(process_.pid, signalName) };
	child.stop = () => stopGroup(child);
	children.add(child);
	void exited.then(() => {
		children.delete(child);
		// What a leader leaves behind when it ends or crashes would otherwise live on, and keep our pipes open.
		child.kill('SIGTERM');
	});
	return child;
}

async function stopGroup({ process: { pid }, exited, kill }) {
	if (pid === undefined) return;
	kill('SIGTERM');
	const late = new AbortController();
	await Promise.race([exited, delay(patience, undefined, { signal: late.signal }).catch(() => {})]);
	late.abort();
	// The leader may be gone while its own children still tidy up: they get a moment more.
	for (let waited = 0; waited < 1_000 && kill(0); waited += 50) await delay(50);
	kill('SIGKILL');
	await exited;
}

/** Signals the whole group; false when nobody is left in it. */
function killGroup(pid, signalName) {
	if (pid === undefined) return false;
	if (windows) {
		if (signalName !== 0) spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
		return false;
	}
	try {
		return process.kill(-pid, signalName);
	} catch {
		return false;
	}
}

/** From the first child on, Ctrl+C and every other way out end the children first. */
function endChildrenWithUs() {
	if (endChildrenWithUs.installed) return;
	endChildrenWithUs.installed = true;
	process.on('exit', () => {
		for (const child of children) child.kill('SIGKILL');
	});
	process.on('SIGINT', () => end(130));
	process.on('SIGTERM', () => end(143));
	process.on('SIGHUP', () => end(129));
}

/** A second signal changes nothing: under npm, one Ctrl+C arrives twice, from the terminal and from npm. */
async function end(exitCode) {
	if (ending) return;
	ending = true;
	await stopChildren();
	process.exit(process.exitCode ?? exitCode);
}

async function readLines(stream, read) {
	for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) read(line);
}

function openLog(name, command, args) {
	const folder = join(cacheFolder, 'logs');
	mkdirSync(folder, { recursive: true });
	const path = join(folder, `${basename(name).replace(/[^\w.-]+/g, '-')}.log`);
	const descriptor = openSync(path, 'w');
	writeSync(descriptor, `$ ${command} ${args.join(' ')}\n`);
	return { path, descriptor };
}
