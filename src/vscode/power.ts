import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

/** Starting a program costs more than reading a file, and most on Windows. */
const seconds: Partial<Record<NodeJS.Platform, number>> = { linux: 30, darwin: 60, win32: 300 };
const longestWaitMs = 10_000;

/** How often to look, in milliseconds. */
export const lookEveryMs = 1000 * (seconds[process.platform] ?? 300);

/** Whether this machine draws from its battery. Where that cannot be told it does not. */
export async function isOnBattery(): Promise<boolean> {
	try {
		switch (process.platform) {
			case 'linux':
				return await isDischarging('/sys/class/power_supply');
			case 'darwin':
				return saysBattery(await run('/usr/bin/pmset', '-g', 'batt'));
			case 'win32':
				return saysOffline(await run(powershell, '-NoProfile', '-NonInteractive', '-Command', powerLineStatus));
			default:
				return false;
		}
	} catch {
		return false;
	}
}

/** Linux: a battery of the machine itself is being emptied, and nothing feeds it. */
export async function isDischarging(folder: string): Promise<boolean> {
	const supplies = await Promise.all((await readdir(folder)).map((name) => readSupply(join(folder, name))));
	if (supplies.some(({ type, online }) => type !== 'Battery' && online === '1')) return false;
	// A mouse has one, too.
	return supplies.some(({ type, scope, status }) => type === 'Battery' && scope !== 'Device' && status === 'Discharging');
}

async function readSupply(folder: string) {
	const read = (name: string) =>
		readFile(join(folder, name), 'utf8').then(
			(text) => text.trim(),
			() => undefined,
		);
	const [type, scope, status, online] = await Promise.all([read('type'), read('scope'), read('status'), read('online')]);
	return { type, scope, status, online };
}

/** macOS: what it draws power from is in quotes, `'AC Power'` or `'Battery Power'`. */
export function saysBattery(pmset: string): boolean {
	return /'Battery Power'/.test(pmset);
}

const powershell = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
const powerLineStatus =
	'Add-Type -AssemblyName System.Windows.Forms; [System.Windows.Forms.SystemInformation]::PowerStatus.PowerLineStatus';

/** Windows: `Online`, `Offline` or `Unknown`. */
export function saysOffline(status: string): boolean {
	return status.trim() === 'Offline';
}

async function run(program: string, ...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)(program, args, { timeout: longestWaitMs, windowsHide: true });
	return stdout;
}
