import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import type { ModelFile } from '../model/engine-wire.ts';
import { readGguf } from '../model/gguf.ts';
import { ModelError } from '../model/model-error.ts';

/** Beside the weights and the state of the prompt: the engine itself, the texts of all tokens, room to calculate. */
const engineBytes = 300e6;
/** The state of a prompt takes less than the weights, by far in models of today. */
const plenty = 3;
/** macOS calls hardly anything free, because it fills all memory with what it can give back. */
const usableOfMac = 0.75;

/**
 * Refuses a model before the system has to make room for it: the machine would come to a stop, or end the engine.
 * @throws ModelError
 */
export async function refuseTooLarge({ name, path, contextLength }: ModelFile, free: number): Promise<void> {
	// Reading the header takes a tenth of a second, and with plenty of memory nothing hangs on it.
	const { size } = await stat(path).catch(() => ({ size: 0 }));
	if (plenty * size + engineBytes < free) return;
	// What cannot be read llama.cpp will refuse, and say why.
	const facts = await readGguf(path).catch(() => undefined);
	if (!facts) return;
	const need = facts.bytes + contextLength * (facts.stateBytesPerToken ?? 0) + engineBytes;
	if (need > free) throw new ModelError('no-memory', `${name} needs ${gigabytes(need)}, and ${gigabytes(free)} are free.`);
}

/** Bytes that a program can take without others having to give theirs. */
export function availableMemory(platform = process.platform, read = readText): number {
	if (platform === 'darwin') return totalmem() * usableOfMac;
	const [, kilobytes] = /^MemAvailable:\s+(\d+) kB/m.exec(read('/proc/meminfo')) ?? [];
	const machine = kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
	return Math.max(0, Math.min(machine, ...controlGroups(read('/proc/self/cgroup'), read)));
}

/** What each of the control groups that we are in (a container, a session) leaves to us. */
function controlGroups(memberships: string, read: (path: string) => string): number[] {
	return [...memberships.matchAll(/^\d+:(memory)?:(\/.*)$/gm)].flatMap(([, version1, path = '/']) => {
		const names = version1 ? groupFiles.version1 : groupFiles.version2;
		return ancestors(path).map((group) => leftIn(`${names.root}${group}`, names, read));
	});
}

const groupFiles = {
	version1: {
		root: '/sys/fs/cgroup/memory',
		limit: 'memory.limit_in_bytes',
		used: 'memory.usage_in_bytes',
		cache: 'total_(?:in)?active_file',
	},
	version2: { root: '/sys/fs/cgroup', limit: 'memory.max', used: 'memory.current', cache: '(?:in)?active_file' },
};

type GroupFiles = (typeof groupFiles)['version1'];

/** Without a limit, as much as there may be. Used are also the contents of files, which make room when they have to. */
function leftIn(group: string, { limit, used, cache }: GroupFiles, read: (path: string) => string): number {
	const most = read(`${group}/${limit}`).trim();
	if (!/^\d+$/.test(most)) return Number.POSITIVE_INFINITY;
	const cached = [...read(`${group}/memory.stat`).matchAll(new RegExp(`^${cache} (\\d+)$`, 'gm'))];
	return Number(most) - Number(read(`${group}/${used}`)) + cached.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

/** `/a/b` is in `/a/b`, in `/a` and in `/`. */
function ancestors(path: string): string[] {
	const names = path.split('/').filter(Boolean);
	return ['', ...names].map((_, depth) =>
		names
			.slice(0, depth)
			.map((name) => `/${name}`)
			.join(''),
	);
}

/** Empty where there is no such file. */
function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}

function gigabytes(bytes: number): string {
	return `${(bytes / 1e9).toFixed(1)} GB`;
}
